import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  Appended,
  AppendError,
  AppendRequest,
  EmbeddedEventStore,
  EventStore,
  NewEvent,
  StoredEvent,
  StoreUnavailable,
  SubscriptionMessage,
} from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { erasureIn, isErasure } from './erasure-event';
import type { KeyStore } from './key-store';
import type { KeyFiles, PendingErasure } from './keys';
import { mayHoldPersonal } from './personal-fields';
import { sealedBytes } from './sealed-bytes';
import { isSameEvent, lackingKeys, openedEvent, openedText, sealedEvent } from './sealing';

type Outcome = E.Either<AppendError | StoreUnavailable, Appended>;

/** A store whose personal fields are sealed in the log and in clear at the port. */
export interface SealedEventStore extends EventStore {
  /** The same log with every event as it is kept: for proofs over its bytes, and to lay events aside. */
  readonly kept: EventStore;
  readonly keys: KeyStore;
  readonly keyFiles: KeyFiles;
}

export const isSealedStore = (store: EventStore): store is SealedEventStore => 'kept' in store && 'keyFiles' in store;

export interface SealOptions {
  /** Asked before the first keys are made or destroyed, until it is answered by right: whether the log is this key store's. */
  readonly maySeal: () => Promise<E.Either<{ readonly message: string }, unknown>>;
}

const always: SealOptions = { maySeal: () => Promise.resolve(E.right(undefined)) };

interface Waiting {
  readonly requests: ReadonlyArray<AppendRequest>;
  readonly resolve: (outcomes: ReadonlyArray<Outcome>) => void;
  readonly reject: (reason: unknown) => void;
}

const touchesPrivacy = ({ events }: AppendRequest): boolean =>
  Array.isArray(events) && events.some((event) => mayHoldPersonal(event) || isErasure(event.type));

const CLOSED: StoreUnavailable = { code: 'StoreClosed', message: 'the event store is closed' };

const failed = (error: unknown): StoreUnavailable => ({
  code: 'StoreFailed',
  message: `the keys of personal data cannot be written: ${error instanceof Error ? error.message : String(error)}`,
});

const lastRevision = async (store: EventStore, streamId: string): Promise<number | null> => {
  for await (const [last] of store.readStream(streamId, { direction: 'backwards', limit: 1 }))
    if (last !== undefined) return last.revision;
  return null;
};

const expects = ({ expectedRevision: expected }: AppendRequest, last: number | null): boolean =>
  expected === 'any' ||
  (expected === 'noStream' ? last === null : expected === 'streamExists' ? last !== null : expected === last);

/**
 * Appends through a key store. Keys of parties that are new are made together, in the order in which
 * appends came, and are on the disk before the first event that needs them.
 */
const sealedAppends = (
  store: EventStore,
  keys: KeyStore,
  maySeal: SealOptions['maySeal'],
): { readonly append: EventStore['appendMany']; readonly close: () => Promise<void> } => {
  let waiting: Waiting[] = [];
  let making: Promise<void> | null = null;
  let closed = false;
  let isOurs = false;
  let asking: ReturnType<SealOptions['maySeal']> | null = null;

  /** Whoever comes while it is asked waits, so that appends stay in the order in which they came. */
  const whyNotSealed = async (requests: ReadonlyArray<AppendRequest>): Promise<StoreUnavailable | null> => {
    if (closed || (asking === null && !requests.some(touchesPrivacy))) return null;
    const answer = await (asking ??= maySeal().catch((error: unknown) => E.left({ message: String(error) })));
    isOurs ||= E.isRight(answer);
    if (E.isRight(answer)) return null;
    asking = null;
    return requests.some(touchesPrivacy) ? { code: 'StoreFailed', message: answer.left.message } : null;
  };

  const sealedRequest = (request: AppendRequest): AppendRequest =>
    touchesPrivacy(request)
      ? { ...request, events: request.events.map((event: NewEvent): NewEvent => sealedEvent(event, keys)) }
      : request;

  /** A fact that was there before its party was erased, or before the log was sealed, is still the same fact. */
  const judgedAgain = async (request: AppendRequest, outcome: Outcome): Promise<Outcome> => {
    if (E.isRight(outcome) || outcome.left.code !== 'EventIdConflict' || !touchesPrivacy(request)) return outcome;
    const events: NewEvent[] = [];
    for (const event of request.events) {
      const stored = await store.findById(event.id);
      if (stored === null || !isSameEvent(stored, event, keys)) return outcome;
      events.push({ ...event, data: stored.data });
    }
    return store.append({ ...request, events });
  };

  const written = async (requests: ReadonlyArray<AppendRequest>): Promise<ReadonlyArray<Outcome>> => {
    const outcomes = await store.appendMany(requests.map(sealedRequest));
    if (outcomes.every(E.isRight)) return outcomes;
    return Promise.all(outcomes.map((outcome, index) => judgedAgain(requests[index] ?? requestMissing(), outcome)));
  };

  /** An expiry of free text that is sent again takes nothing that was said since. */
  const isTold = async ({ contentOnly, eventId }: PendingErasure): Promise<boolean> =>
    contentOnly.length > 0 && (await store.findById(eventId)) !== null;

  /**
   * Keys go before the event that tells of it, and cannot come back: so what the stream's revision forbids
   * is refused first, and afterwards the event goes in whatever has come in between.
   */
  const erased = async (request: AppendRequest): Promise<Outcome> => {
    if (!expects(request, await lastRevision(store, request.streamId))) return store.append(sealedRequest(request));
    try {
      keys.make(lackingKeys(request.events, keys));
      const erasure = erasureIn(request.streamId, sealedRequest(request).events);
      if (erasure !== null && !(await isTold(erasure))) keys.erase(erasure.partyIds, erasure);
    } catch (error) {
      return E.left(failed(error));
    }
    const [outcome] = await written([{ ...request, expectedRevision: 'any' }]);
    return outcome ?? requestMissing();
  };

  const forwarded = async (requests: ReadonlyArray<AppendRequest>): Promise<ReadonlyArray<Outcome>> => {
    const first = requests.findIndex(({ events }) => events.some(({ type }) => isErasure(type)));
    const request = requests[first];
    if (request === undefined) return written(requests);
    return [
      ...(first > 0 ? await written(requests.slice(0, first)) : []),
      await erased(request),
      ...(first + 1 < requests.length ? await withKeysOf(requests.slice(first + 1)) : []),
    ];
  };

  /** What is said after an erasure in the same batch may need a new key. */
  const withKeysOf = async (requests: ReadonlyArray<AppendRequest>): Promise<ReadonlyArray<Outcome>> => {
    try {
      keys.make(lackingIn(requests));
    } catch (error) {
      return requests.map(() => E.left(failed(error)));
    }
    return forwarded(requests);
  };

  const lackingIn = (requests: ReadonlyArray<AppendRequest>): ReadonlySet<string> => {
    const personal: NewEvent[] = [];
    for (const request of requests) if (touchesPrivacy(request)) personal.push(...request.events);
    return lackingKeys(personal, keys);
  };

  /** Whoever came while the turn ended shares the transaction and its one wait for the disk. */
  const makeTogether = async (): Promise<void> => {
    await nextTurn();
    const batch = waiting;
    waiting = [];
    making = null;
    try {
      keys.make(lackingIn(batch.flatMap(({ requests }) => requests)));
    } catch (error) {
      const outcome = E.left(failed(error));
      for (const { requests, resolve } of batch) resolve(requests.map(() => outcome));
      return;
    }
    for (const { requests, resolve, reject } of batch) forwarded(requests).then(resolve, reject);
  };

  return {
    append: async (requests) => {
      const refused = isOurs ? null : await whyNotSealed(requests);
      if (refused !== null) return requests.map(() => E.left(refused));
      if (waiting.length === 0) {
        if (!requests.some(touchesPrivacy)) return store.appendMany(requests);
        if (closed) return requests.map(() => E.left(CLOSED));
        keys.refresh();
        if (lackingIn(requests).size === 0) return forwarded(requests);
      }
      return new Promise((resolve, reject) => {
        waiting.push({ requests, resolve, reject });
        making ??= makeTogether();
      });
    },
    close: async () => {
      closed = true;
      await making;
    },
  };
};

const requestMissing = (): never => {
  throw new Error('a store must answer every append');
};

async function* openedPages<A>(pages: AsyncIterable<ReadonlyArray<A>>, keys: KeyStore, open: (event: A) => A) {
  for await (const page of pages) {
    keys.refresh();
    yield page.map(open);
  }
}

async function* openedMessages(messages: AsyncIterable<SubscriptionMessage>, keys: KeyStore) {
  for await (const message of messages) {
    keys.refresh();
    yield message.kind === 'events'
      ? { ...message, events: message.events.map((event) => openedEvent(event, keys)) }
      : message;
  }
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
  const { append, close } = sealedAppends(store, keys, maySeal);
  const open = (event: StoredEvent): StoredEvent => openedEvent(event, keys);
  const opened = (events: ReadonlyArray<StoredEvent>): ReadonlyArray<StoredEvent> => {
    keys.refresh();
    return events.map(open);
  };
  const opening: SealedEventStore = {
    kept: store,
    keys,
    keyFiles: keys.files,
    append: async (request) => {
      const [outcome] = await append([request]);
      return outcome ?? requestMissing();
    },
    appendMany: append,
    readStream: (streamId, options) => openedPages(store.readStream(streamId, options), keys, open),
    readAll: (options) => openedPages(store.readAll(options), keys, open),
    readTexts: (options) => openedPages(store.readTexts(options), keys, (text) => openedText(text, keys)),
    readRecords: (options) => store.readRecords(options),
    subscribe: (options) => openedMessages(store.subscribe(options), keys),
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
  const embedded: SealedEventStore & EmbeddedEventStore = { ...opening, encoded: sealedBytes(store.encoded, keys) };
  return embedded;
}
