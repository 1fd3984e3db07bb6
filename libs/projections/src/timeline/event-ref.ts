import { type Fact, toIso } from '@afecto/domain';
import type { PlacedFact } from '../engine/ledger-entry';

/** A field of a payload, when it is a text. */
export const textIn = (data: object, key: string): string | null => {
  const value: unknown = Object.getOwnPropertyDescriptor(data, key)?.value;
  return typeof value === 'string' ? value : null;
};

/** The channel of the envelope, else that of the payload. */
export const channelOf = (fact: Fact): string | null => fact.channel ?? textIn(fact.data, 'channel');

/** What a contact or a consent is for. */
export const purposeOf = (fact: Fact): string | null => textIn(fact.data, 'purpose');

/** An event as an answer cites it: where it is in the log, when, by whom, from where. */
export interface EventRef {
  readonly eventId: string;
  readonly position: string;
  readonly type: string;
  /** When it happened. */
  readonly occurredAt: string;
  /** When we learned it. */
  readonly recordedAt: string;
  readonly source: string;
  /** Its id at its source. */
  readonly id: string;
  readonly actor: { readonly kind: string; readonly id: string };
  readonly channel: string | null;
  readonly subjects: ReadonlyArray<string>;
}

export const eventRefOf = ({ fact, position }: PlacedFact): EventRef => ({
  eventId: fact.eventId,
  position: position.toString(),
  type: fact.type,
  occurredAt: toIso(fact.occurredAt),
  recordedAt: toIso(fact.recordedAt),
  source: fact.source,
  id: fact.id,
  actor: { kind: fact.actor.kind, id: fact.actor.id },
  channel: channelOf(fact),
  subjects: fact.subjects,
});
