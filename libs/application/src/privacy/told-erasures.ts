import {
  decodeStored,
  eventIdOf,
  type FactOf,
  isErasureOfAll,
  type Links,
  membersOf,
  NEVER,
  personalClasses,
  rootOf,
  toNewEvent,
} from '@afecto/domain';
import type { NewEvent, StoredEvent } from '@afecto/event-store';
import type { KeyStore, SealedEventStore } from '@afecto/privacy';
import type { ReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import { COMMAND_SOURCE } from '../commands/executor';

type Erasure = FactOf<'PersonalDataErased'>;

/** Events read at once. */
const PAGE = 500;

export const erasureOf = (event: StoredEvent): Erasure | null => {
  if (event.type !== 'PersonalDataErased') return null;
  const fact = decodeStored(event);
  return E.isRight(fact) && fact.right.type === 'PersonalDataErased' ? fact.right : null;
};

const TOLD = 'erasure.';

/** Whether it was told of one member because of another, and says nothing of further ones. */
export const isTold = ({ source, id }: Erasure): boolean => source === COMMAND_SOURCE && id.startsWith(TOLD);

/** The same erasure of another member, with the same id however often it is told. */
export const toldOf = (
  { eventId, type, schemaVersion, streamId, occurredAt, actor, data }: Erasure,
  partyId: string,
  keys: KeyStore,
): NewEvent => {
  const id = `${TOLD}${eventId}.${partyId}`;
  return toNewEvent({
    eventId: eventIdOf(COMMAND_SOURCE, id),
    type,
    schemaVersion,
    streamId,
    occurredAt,
    source: COMMAND_SOURCE,
    id,
    subjects: [partyId],
    actor,
    causationId: eventId,
    data: { ...data, partyId, keyIds: keys.keyIdsOf(partyId, data.classes ?? personalClasses) },
  });
};

export interface UntoldErasure {
  /** The first erasure of the customer that the log tells of. */
  readonly erasure: Erasure;
  /** Whose keys went with it, without an event of their own. */
  readonly partyIds: ReadonlyArray<string>;
}

/**
 * Older programs destroyed the keys of everybody who was one with the erased, and told of the erased alone: by their
 * logs the others live. Reads the facts of every customer of several parties of whom one is erased; erasures that are
 * unfinished are told by themselves.
 */
export async function* untoldErasures(
  store: SealedEventStore,
  readModels: Pick<ReadModels, 'factsOf'>,
  links: Links,
): AsyncGenerator<UntoldErasure, void, void> {
  const { keys } = store;
  const erased = keys.erasedKeys().flatMap((key) => (key.class === 'identity' ? [key.partyId] : []));
  for (const root of new Set(erased.map((partyId) => rootOf(links, partyId)))) {
    const members = membersOf(links, root);
    if (members.length === 1) continue;
    const told = new Map<string, Erasure>();
    const positions = (await readModels.factsOf(members, NEVER)).map(({ position }) => position);
    positions.sort((a, b) => (a < b ? -1 : 1));
    for (let from = 0; from < positions.length; from += PAGE)
      for (const event of await store.eventsAt(positions.slice(from, from + PAGE))) {
        const erasure = erasureOf(event);
        if (erasure === null || !isErasureOfAll(erasure.data) || told.has(erasure.data.partyId)) continue;
        told.set(erasure.data.partyId, erasure);
      }
    const [first] = told.values();
    const pending = new Set(keys.pendingErasures().flatMap(({ partyIds }) => partyIds));
    const partyIds = members.filter((member) => keys.isErased(member) && !told.has(member) && !pending.has(member));
    if (first !== undefined && partyIds.length > 0) yield { erasure: first, partyIds };
  }
}
