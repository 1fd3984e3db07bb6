import type { EmbeddedEventStore, EventStore, EventText, StoredEvent, SubscriptionMessage } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import type { KeyStore } from './key-store';
import type { KeyFiles } from './keys';
import { openingWith } from './opening';
import { requestMissing, sealedAppends, type SealOptions } from './sealed-appends';
import { sealedBytes } from './sealed-bytes';
import { openedText } from './sealing';
import { SealingGate } from './sealing-gate';

/** A store whose personal fields are sealed in the log and in clear at the port. */
export interface SealedEventStore extends EventStore {
  /** The same log with every event as it is kept: for proofs over its bytes, and to lay events aside. */
  readonly kept: EventStore;
  readonly keys: KeyStore;
  readonly keyFiles: KeyFiles;
  /**
   * Runs a step while nothing personal of these parties is sealed: appends of this process that were under way
   * have ended, and those that come wait until the step has, however it ends. So nothing comes between what
   * it looks up and what it destroys. In the step erasures alone are appended: anything else might wait for it.
   */
  readonly whileNothingIsSealed: <A>(partyIds: Iterable<string>, step: () => Promise<A>) => Promise<A>;
}

export const isSealedStore = (store: EventStore): store is SealedEventStore => 'kept' in store && 'keyFiles' in store;

const always: SealOptions = { maySeal: () => Promise.resolve(E.right(undefined)) };

async function* openedPages(
  pages: AsyncIterable<ReadonlyArray<StoredEvent>>,
  open: (page: ReadonlyArray<StoredEvent>) => ReadonlyArray<StoredEvent>,
) {
  for await (const page of pages) yield open(page);
}

async function* openedTexts(pages: AsyncIterable<ReadonlyArray<EventText>>, keys: KeyStore) {
  for await (const page of pages) {
    keys.refresh();
    yield page.map((text) => openedText(text, keys));
  }
}

async function* openedMessages(
  messages: AsyncIterable<SubscriptionMessage>,
  open: (page: ReadonlyArray<StoredEvent>) => ReadonlyArray<StoredEvent>,
) {
  for await (const message of messages)
    yield message.kind === 'events' ? { ...message, events: open(message.events) } : message;
}

/**
 * The store with every promise of the port kept and every personal field sealed in the log
 * (`domain.md §17.2`). Whoever reads through it sees them in clear, those whose key is destroyed as
 * `{erased: true}`; `readRecords` alone gives the bytes that lie there. Events without personal fields pass
 * as they are. Closing it closes the key store.
 */
export function sealed(
  store: EmbeddedEventStore,
  keys: KeyStore,
  options?: SealOptions,
): SealedEventStore & EmbeddedEventStore;
export function sealed(store: EventStore, keys: KeyStore, options?: SealOptions): SealedEventStore;
export function sealed(
  store: EventStore | EmbeddedEventStore,
  keys: KeyStore,
  { maySeal }: SealOptions = always,
): SealedEventStore {
  const gate = new SealingGate();
  const { append, close } = sealedAppends(store, keys, gate, maySeal);
  const { refresh, readAhead, event: open } = openingWith(keys);
  const opened = (events: ReadonlyArray<StoredEvent>): ReadonlyArray<StoredEvent> => {
    refresh();
    readAhead(events);
    return events.map(open);
  };
  const opening: SealedEventStore = {
    kept: store,
    keys,
    keyFiles: keys.files,
    whileNothingIsSealed: (partyIds, step) => gate.closedFor(partyIds, step),
    append: async (request) => {
      const [outcome] = await append([request]);
      return outcome ?? requestMissing();
    },
    appendMany: append,
    readStream: (streamId, options) => openedPages(store.readStream(streamId, options), opened),
    readAll: (options) => openedPages(store.readAll(options), opened),
    readTexts: (options) => openedTexts(store.readTexts(options), keys),
    readRecords: (options) => store.readRecords(options),
    subscribe: (options) => openedMessages(store.subscribe(options), opened),
    eventsAt: async (positions) => opened(await store.eventsAt(positions)),
    findById: async (eventId) => {
      const event = await store.findById(eventId);
      return event === null ? null : (opened([event])[0] ?? null);
    },
    head: () => store.head(),
    close: async () => {
      await close();
      await store.close();
      keys.close();
    },
  };
  if (!('encoded' in store)) return opening;
  const embedded: SealedEventStore & EmbeddedEventStore = {
    ...opening,
    encoded: sealedBytes(store.encoded, keys, gate),
  };
  return embedded;
}
