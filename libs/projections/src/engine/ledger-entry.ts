import { type Fact, isFactType } from '@afecto/domain';
import type { EventText, StoredEvent } from '@afecto/event-store';
import type { LedgerFact } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import { envelopeOf, envelopeOfText, isOfTheWorld, readFact } from './read-fact';

export { isLink } from './read-fact';

/** A fact with its place in the log. */
export interface PlacedFact {
  readonly position: bigint;
  readonly revision: number;
  readonly fact: Fact;
}

/** An event of a fact's type that cannot be read as a fact. */
export interface Unreadable {
  readonly position: bigint;
  readonly eventId: string;
  readonly type: string;
  readonly error: string;
  /** Whose facts wait from here on. It has a place in their ledger; one that holds back nobody has none. */
  readonly parties: ReadonlyArray<string>;
}

/** The fact of a stored event, or why it cannot be read; null for events of other applications. */
export const readEvent = (event: StoredEvent): E.Either<Unreadable, PlacedFact> | null => {
  const { type, position, revision } = event;
  if (!isFactType(type)) return null;
  const read = readFact(event, type);
  if (E.isRight(read)) return E.right({ position, revision, fact: read.right });
  const parties = isOfTheWorld({ type }) ? [] : [...new Set(envelopeOf(event.metadata)?.subjects)];
  return E.left({ position, eventId: event.id, type, error: read.left, parties });
};

/** The fact of a stored event; null for events of other applications, and for what cannot be read. */
export const placedFact = (event: StoredEvent): PlacedFact | null => {
  const read = readEvent(event);
  return read !== null && E.isRight(read) ? read.right : null;
};

export const storedEventOf = ({ data, metadata, ...place }: EventText): StoredEvent => ({
  ...place,
  data: JSON.parse(data),
  metadata: JSON.parse(metadata),
});

export const ledgerFactOf = ({ position, fact }: PlacedFact): LedgerFact => ({
  position,
  occurredAt: fact.occurredAt,
  subjects: fact.subjects,
  world: isOfTheWorld(fact),
});

/** The place of an event that cannot be read in the ledger of those it holds back; null when it holds back nobody. */
export const ledgerFactOfUnreadable = (
  { position, parties }: Unreadable,
  { metadata }: Pick<StoredEvent, 'metadata'>,
): LedgerFact | null => {
  const envelope = envelopeOf(metadata);
  if (envelope === null || parties.length === 0) return null;
  return { position, occurredAt: envelope.occurredAt, subjects: envelope.subjects, world: false };
};

/**
 * The place of an event in the ledger, without looking into what it says unless that decides it; null
 * for events of other applications, and for those that cannot be read and hold back nobody.
 */
export const ledgerFactOfText = (text: EventText): LedgerFact | null => {
  const { position, type } = text;
  if (!isFactType(type)) return null;
  const envelope = envelopeOfText(text.metadata);
  if (envelope === null) return null;
  const { occurredAt, subjects } = envelope;
  const world = isOfTheWorld({ type });
  if ((world || subjects.length === 0) && placedFact(storedEventOf(text)) === null) return null;
  return { position, occurredAt, subjects, world };
};

/** An event that cannot be read and holds back nobody, of those that have no place in the ledger. */
export const passedOver = (text: EventText): Unreadable | null => {
  const read = isFactType(text.type) ? readEvent(storedEventOf(text)) : null;
  return read !== null && E.isLeft(read) ? read.left : null;
};
