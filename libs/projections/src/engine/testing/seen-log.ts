import type { EventStore, EventText, StoredEvent } from '@afecto/event-store';

/** What a program makes of an event that it reads; null: as if it were not there. */
export type Sight = (event: StoredEvent) => StoredEvent | null;

const textSeen =
  (sight: Sight) =>
  (text: EventText): ReadonlyArray<EventText> => {
    const { data, metadata, ...place } = text;
    const seen = sight({ ...place, data: JSON.parse(data), metadata: JSON.parse(metadata) });
    return seen === null
      ? []
      : [{ ...place, data: JSON.stringify(seen.data), metadata: JSON.stringify(seen.metadata) }];
  };

const seenIn =
  (sight: Sight) =>
  (event: StoredEvent): ReadonlyArray<StoredEvent> => {
    const seen = sight(event);
    return seen === null ? [] : [seen];
  };

/**
 * A log as a program sees it that does not know what is in some of its events, like one of an earlier
 * schema version. The same log can be seen again by a program that has learned to read them.
 */
export const seenLog = (store: EventStore, sight: Sight): EventStore => ({
  ...store,
  readAll: async function* (options) {
    for await (const page of store.readAll(options)) yield page.flatMap(seenIn(sight));
  },
  readTexts: async function* (options) {
    for await (const page of store.readTexts(options)) yield page.flatMap(textSeen(sight));
  },
  eventsAt: async (positions) => (await store.eventsAt(positions)).flatMap(seenIn(sight)),
});
