import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type Appended,
  type AppendError,
  type AppendRequest,
  type EventStore,
  type NewEvent,
  type PlacedId,
  prepareAppend,
  type StoreUnavailable,
} from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { erasureIn, isErasure } from './erasure-event';
import type { KeyStore } from './key-store';
import { mayHoldPersonal, personalFieldsOf } from './personal-fields';
import { repeatedIn } from './repeated-append';
import { isSameEvent, lackingKeys, sealedEvent } from './sealing';
import type { SealingGate } from './sealing-gate';

type Outcome = E.Either<AppendError | StoreUnavailable, Appended>;

export interface SealOptions {
  /** Asked before the first keys are made or destroyed, until it is answered by right: whether the log is this key store's. */
  readonly maySeal: () => Promise<E.Either<{ readonly message: string }, unknown>>;
}

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

const KEYS_DESTROYED =
  'The keys are destroyed for good, the erasure goes on by itself, and nothing need be sent again; it is not in the log yet';

const lastRevision = async (store: EventStore, streamId: string): Promise<number | null> => {
  for await (const [last] of store.readStream(streamId, { direction: 'backwards', limit: 1 }))
    if (last !== undefined) return last.revision;
  return null;
};

/** Events after which keys that are not on the disk yet are put there. */
const EVENTS_A_SEED = 20_000;

const lastPlace = async (store: EventStore): Promise<PlacedId | null> => {
  for await (const [last] of store.readAll({ direction: 'backwards', limit: 1 }))
    if (last !== undefined) return { position: last.position, id: last.id };
  return null;
};

const expects = ({ expectedRevision: expected }: AppendRequest, last: number | null): boolean =>
  expected === 'any' ||
  (expected === 'noStream' ? last === null : expected === 'streamExists' ? last !== null : expected === last);

/**
 * Appends through a key store. Keys of parties that are new are made together, in the order in which
 * appends came; they, or the seed from which they follow, are on the disk before the first event that needs them.
 */
export const sealedAppends = (
  store: EventStore,
  keys: KeyStore,
  gate: SealingGate,
  maySeal: SealOptions['maySeal'],
): { readonly append: EventStore['appendMany']; readonly close: () => Promise<void> } => {
  let waiting: Waiting[] = [];
  let making: Promise<void> | null = null;
  let closed = false;
  let isOurs = false;
  let asking: ReturnType<SealOptions['maySeal']> | null = null;
  /** Whatever is appended from now on comes after it. Null: the log was empty, or has not been looked at. */
  let last: PlacedId | null = null;
  let sinceSettled = 0;

  const make = (partyIds: ReadonlySet<string>): void => keys.make(partyIds, last);

  const settle = (): void => {
    sinceSettled = 0;
    try {
      keys.settle();
    } catch {
      // What was appended is in the log all the same. The seed stays, and is put away with the next keys.
    }
  };

  /** Appends, and remembers how far the log has come. */
  const appended = async (requests: ReadonlyArray<AppendRequest>): Promise<ReadonlyArray<Outcome>> => {
    const outcomes = await store.appendMany(requests);
    for (const outcome of outcomes) {
      if (E.isLeft(outcome)) continue;
      const { events } = outcome.right;
      const newest = events.at(-1);
      if (newest === undefined || newest.position <= (last?.position ?? 0n)) continue;
      last = { position: newest.position, id: newest.id };
      sinceSettled += events.length;
    }
    if (sinceSettled >= EVENTS_A_SEED && !closed) settle();
    return outcomes;
  };

  const asked = async (): ReturnType<SealOptions['maySeal']> => {
    const answer = await maySeal();
    if (E.isLeft(answer)) return answer;
    last ??= await lastPlace(store);
    isOurs = true;
    return answer;
  };

  /** Whoever comes while it is asked waits, so that appends stay in the order in which they came. */
  const whyNotSealed = async (requests: ReadonlyArray<AppendRequest>): Promise<StoreUnavailable | null> => {
    if (closed || (asking === null && !requests.some(touchesPrivacy))) return null;
    const answer = await (asking ??= asked().catch((error: unknown) => E.left({ message: String(error) })));
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

  const writtenNow = async (requests: ReadonlyArray<AppendRequest>): Promise<ReadonlyArray<Outcome>> => {
    const outcomes = await gate.pass(appended(requests.map(sealedRequest)));
    if (outcomes.every(E.isRight)) return outcomes;
    return Promise.all(outcomes.map((outcome, index) => judgedAgain(requests[index] ?? requestMissing(), outcome)));
  };

  /** Those who waited may find that their keys were destroyed. */
  const written = async (requests: ReadonlyArray<AppendRequest>): Promise<ReadonlyArray<Outcome>> => {
    if (gate.isClosed) {
      const subjects = subjectsIn(requests);
      for (let wait = gate.waitOf(subjects); wait !== null; wait = gate.waitOf(subjects)) await wait;
      try {
        keys.refresh();
        make(lackingIn(requests));
      } catch (error) {
        return requests.map(() => E.left(failed(error)));
      }
    }
    return writtenNow(requests);
  };

  /**
   * Keys go before the event that tells of it, and cannot come back: so what the stream's revision or the ids
   * of other events forbid is refused first, and afterwards the event goes in whatever has come in between. One
   * that is sent again destroys nothing: neither what was said since, nor what a sender without power points at.
   */
  const erased = async (request: AppendRequest): Promise<Outcome> => {
    if (!expects(request, await lastRevision(store, request.streamId))) return store.append(sealedRequest(request));
    // What is not valid the store refuses by itself.
    if (E.isLeft(prepareAppend(request))) return store.append(request);
    try {
      const repeated = await repeatedIn(request, store, keys);
      if (repeated !== 'new' && repeated !== 'known') return E.left(repeated);
      make(lackingKeys(request.events, keys));
      const erasure = repeated === 'known' ? null : erasureIn(request.streamId, sealedRequest(request).events);
      if (erasure !== null) keys.erase(erasure.partyIds, erasure);
    } catch (error) {
      return E.left(failed(error));
    }
    const [outcome = requestMissing()] = await writtenNow([{ ...request, expectedRevision: 'any' }]);
    return E.isLeft(outcome) && (outcome.left.code === 'StoreFailed' || outcome.left.code === 'StoreClosed')
      ? E.left({ code: outcome.left.code, message: `${KEYS_DESTROYED}: ${outcome.left.message}` })
      : outcome;
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
      make(lackingIn(requests));
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
      make(lackingIn(batch.flatMap(({ requests }) => requests)));
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
        if (!requests.some(touchesPrivacy)) return appended(requests);
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

export const requestMissing = (): never => {
  throw new Error('a store must answer every append');
};

/** Whose keys personal fields of these appends are sealed under. */
const subjectsIn = (requests: ReadonlyArray<AppendRequest>): ReadonlySet<string> =>
  new Set(requests.flatMap(({ events }) => events.flatMap(personalFieldsOf).map(({ subject }) => subject)));
