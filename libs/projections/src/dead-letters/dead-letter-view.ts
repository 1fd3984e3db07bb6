import { type Links, membersOf, NEVER, rootOf, toIso } from '@afecto/domain';
import type { EventStore, Json, JsonObject } from '@afecto/event-store';
import type { DeadLetter, ReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import { readEvent } from '../engine/ledger-entry';

/** A dead letter as it is listed. */
export interface DeadLetterView {
  readonly position: string;
  readonly eventId: string;
  readonly type: string;
  /** The party held back; null: nobody can be, the event alone is passed over. */
  readonly partyId: string | null;
  /** `unreadable`: this program cannot read the event as a fact. `failing`: folding the customer fails with it. */
  readonly reason: DeadLetter['reason'];
  readonly error: string;
  /** The version of the projections that could not take it in. */
  readonly projectionsVersion: string;
  readonly attempts: number;
}

/** A dead letter with what lies behind it. */
export interface DeadLetterExplanation extends DeadLetterView {
  readonly event: {
    readonly streamId: string;
    readonly revision: number;
    readonly recordedAt: string;
    readonly data: Json;
    readonly metadata: JsonObject;
  };
  /** Facts of the customer that have come since and wait; null when nobody is held back. */
  readonly waiting: { readonly members: ReadonlyArray<string>; readonly facts: number; readonly since: string } | null;
  readonly advice: string;
}

export const deadLetterView = ({ position, version, ...letter }: DeadLetter): DeadLetterView => ({
  position: position.toString(),
  eventId: letter.eventId,
  type: letter.type,
  partyId: letter.partyId,
  reason: letter.reason,
  error: letter.error,
  projectionsVersion: version,
  attempts: letter.attempts,
});

/** The dead letters of one event, or of everybody who is one customer with a party. */
export const deadLettersAbout = async (
  eventOrParty: string,
  links: Links,
  readModels: ReadModels,
): Promise<ReadonlyArray<DeadLetter>> => {
  const ofParty = await readModels.deadLetters({ partyIds: membersOf(links, rootOf(links, eventOrParty)) });
  if (ofParty.length > 0) return ofParty;
  return (await readModels.deadLetters()).filter(({ eventId }) => eventId === eventOrParty);
};

const adviceFor = ({ reason, partyId }: DeadLetter, isReadable: boolean): string => {
  const replay = `afecto dead-letters replay${partyId === null ? '' : ` ${partyId}`}`;
  if (reason === 'failing')
    return `A rule fails with this fact. Run a program in which it does not, then: ${replay}. Another version of the projections tries again by itself.`;
  if (isReadable) return `This program can read the event. Take it in with: ${replay}`;
  return `This program cannot read the event. Run one that knows its version, or reads its content, then: ${replay}. The log itself is never changed.`;
};

/** What is in the event, whom it holds back since when, and what to do. */
export const explainDeadLetter = async (
  letter: DeadLetter,
  links: Links,
  readModels: ReadModels,
  store: EventStore,
): Promise<DeadLetterExplanation> => {
  const [event] = await store.eventsAt([letter.position]);
  if (event === undefined) throw new Error(`there is no event at position ${letter.position}`);
  const { streamId, revision, recordedAt, data, metadata } = event;
  const read = readEvent(event);
  const members = letter.partyId === null ? [] : membersOf(links, rootOf(links, letter.partyId));
  const since = (await readModels.factsOf(members, NEVER)).filter(({ position }) => position > letter.position);
  return {
    ...deadLetterView(letter),
    event: { streamId, revision, recordedAt: toIso(recordedAt), data, metadata },
    waiting: letter.partyId === null ? null : { members, facts: since.length, since: toIso(recordedAt) },
    advice: adviceFor(letter, read !== null && E.isRight(read)),
  };
};
