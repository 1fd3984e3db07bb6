import type { PersonalClass } from '@afecto/domain';
import type { NewEvent } from '@afecto/event-store';
import type { FieldKey } from './field-cipher';

/** Where keys are: two files, so that one of them is worth nothing without the other. */
export interface KeyFiles {
  readonly keyStore: string;
  readonly masterKey: string;
}

/** The keys of a data subject. A class that is erased has none. */
export interface KeyRing {
  readonly keys: ReadonlyMap<PersonalClass, FieldKey>;
  /** Classes whose key was destroyed. */
  readonly erased: ReadonlySet<PersonalClass>;
}

/** An erasure that is not finished: the append that tells of it, and whose copies are to go. */
export interface PendingErasure {
  /** Id of the first event. */
  readonly eventId: string;
  readonly partyIds: ReadonlyArray<string>;
  readonly streamId: string;
  /** As they are appended; nothing in them is personal. */
  readonly events: ReadonlyArray<NewEvent>;
}
