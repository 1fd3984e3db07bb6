import { isRecord } from '@afecto/domain';
import type { StoredEvent } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { KeyStore } from './key-store';
import type { KeyFiles } from './keys';
import { hasPersonalFields } from './personal-fields';
import { openedEvent } from './sealing';

/** Opens events that were taken from the log as it keeps them. */
export interface Opening {
  /** Takes up what has been erased since; before every batch. */
  readonly refresh: () => void;
  /** Takes up what opening these will need, all at once: for whoever opens many of many parties. */
  readonly readAhead: (events: Iterable<Pick<StoredEvent, 'type'> & { readonly metadata: unknown }>) => void;
  readonly event: <
    Event extends Pick<StoredEvent, 'id' | 'type'> & { readonly data: unknown; readonly metadata: unknown },
  >(
    event: Event,
  ) => Event;
}

/** Of a log whose fields are not sealed, or whose keys are not here. */
export const asItIs: Opening = { refresh: () => undefined, readAhead: () => undefined, event: (event) => event };

const subjectsIn = (metadata: unknown): ReadonlyArray<string> => {
  const subjects = isRecord(metadata) ? metadata['subjects'] : null;
  return Array.isArray(subjects) ? subjects.filter((subject) => typeof subject === 'string') : [];
};

export const openingWith = (keys: KeyStore): Opening => ({
  refresh: () => keys.refresh(),
  readAhead: (events) => {
    const parties = new Set<string>();
    for (const { type, metadata } of events)
      if (hasPersonalFields(type)) for (const subject of subjectsIn(metadata)) parties.add(subject);
    keys.readAhead(parties);
  },
  event: (event) => openedEvent(event, keys),
});

/** For a thread that reads sealed events by itself; ends with the thread. Throws when the keys cannot be read. */
export const openingIn = (files: KeyFiles | null): Opening => {
  if (files === null) return asItIs;
  const keys = KeyStore.openReadOnly(files);
  if (E.isLeft(keys)) throw new Error(keys.left.message);
  return keys.right === null ? asItIs : openingWith(keys.right);
};
