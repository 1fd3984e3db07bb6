import type { PersonalClass } from '@afecto/domain';
import type { NewEvent } from '@afecto/event-store';
import type { FieldKey } from './field-cipher';

/** Where keys are: two files, so that one of them is worth nothing without the other. */
export interface KeyFiles {
  readonly keyStore: string;
  readonly masterKey: string;
}

/** The keys of a data subject. */
export interface KeyRing {
  readonly keys: ReadonlyMap<PersonalClass, FieldKey>;
  /** Classes of which a key was destroyed, and when that was last; milliseconds since 1970. */
  readonly erased: ReadonlyMap<PersonalClass, number>;
  /** Ids of keys that were destroyed. */
  readonly destroyed: ReadonlySet<string>;
}

export const NONE_ERASED: KeyRing['erased'] = new Map();
export const NONE_DESTROYED: KeyRing['destroyed'] = new Set();

/** What a wrapped key belongs to: put in another place of the key store, it does not unwrap. */
export const boundTo = (partyId: string, keyClass: string, kid: string): string => `${partyId}|${keyClass}|${kid}`;

/**
 * Whether a class has no key any more for what happened at an instant (null: nobody knows when). Whose
 * identity is erased is erased for good. Where free text alone has expired (`domain.md §17.9`), what happened
 * up to then is gone with it, whenever it arrives; what the customer says afterwards is kept under a new key.
 */
export const isGone = ({ erased }: KeyRing, keyClass: PersonalClass, happenedAt: number | null): boolean => {
  if (erased.has('identity')) return true;
  const until = erased.get(keyClass);
  return until !== undefined && happenedAt !== null && happenedAt <= until;
};

/** An erasure that is not finished: the append that tells of it, and whose copies are to go. */
export interface PendingErasure {
  /** Id of the first event. */
  readonly eventId: string;
  readonly partyIds: ReadonlyArray<string>;
  /** Those among them of whom free text alone goes (`domain.md §17.9`). */
  readonly contentOnly: ReadonlyArray<string>;
  /** When it happened, by its first event; null where that says no instant. */
  readonly happenedAt: number | null;
  readonly streamId: string;
  /** As they are appended; nothing in them is personal. */
  readonly events: ReadonlyArray<NewEvent>;
}

/** One that was noted in the key store, and where in the order in which they were. */
export interface UnfinishedErasure extends PendingErasure {
  readonly place: number;
}

/** A key whose event is in the log, and which went with the power before it was on the disk. */
export interface LostKey {
  readonly partyId: string;
  readonly class: PersonalClass;
  readonly kid: string;
}
