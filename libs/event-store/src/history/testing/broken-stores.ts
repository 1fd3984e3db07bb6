import * as E from 'fp-ts/Either';
import type { Appended, AppendRequest, EventStore, NewEvent, StoredEvent } from '../../port';

type Pages = AsyncIterable<ReadonlyArray<StoredEvent>>;

const everyNth = (n: number): (() => boolean) => {
  let count = 0;
  return () => (count += 1) % n === 0;
};

async function* mapped(
  pages: Pages,
  change: (page: ReadonlyArray<StoredEvent>) => ReadonlyArray<StoredEvent>,
): AsyncGenerator<ReadonlyArray<StoredEvent>> {
  for await (const page of pages) {
    const changed = change(page);
    if (changed.length > 0) yield changed;
  }
}

/** Overrides `append`; `appendMany` goes through it, so that both are broken in the same way. */
const appending = (store: EventStore, append: EventStore['append']): EventStore => ({
  ...store,
  append,
  appendMany: async (requests) => Promise.all(requests.map(append)),
});

/**
 * Acknowledges now and then what it never writes, and refuses to write it when it is asked again. Once it
 * took a repeat in after all: what had been lost was there in another place, which is another violation.
 */
const losingAnAppend = (store: EventStore): EventStore => {
  const isDue = everyNth(15);
  const [asked, lost] = [new Set<string>(), new Set<string>()];
  const heads = new Map<string, number>();
  let head = 0n;
  return appending(store, async (request) => {
    const ids = request.events.map(({ id }) => id);
    if (ids.some((id) => lost.has(id))) return store.append({ ...request, expectedRevision: 1_000_000 });
    const isNew = !ids.some((id) => asked.has(id));
    for (const id of ids) asked.add(id);
    const revision = heads.get(request.streamId);
    if (isNew && revision !== undefined && isDue()) {
      for (const id of ids) lost.add(id);
      const places = ids.map((id, n) => ({ id, revision: revision + 1 + n, position: head + 1n + BigInt(n) }));
      return E.right({ streamId: request.streamId, events: places, duplicate: false });
    }
    const answer = await store.append(request);
    const last = E.isRight(answer) ? answer.right.events.at(-1) : undefined;
    if (last !== undefined) {
      heads.set(request.streamId, Math.max(last.revision, heads.get(request.streamId) ?? 0));
      if (last.position > head) head = last.position;
    }
    return answer;
  });
};

/** Acknowledges and hides for ever what one append in forty has written: as if its pages had not reached the disk. */
const losingAnAcknowledgedAppend = (store: EventStore): EventStore => {
  const isDue = everyNth(40);
  const gone = new Set<string>();
  const keep = (page: ReadonlyArray<StoredEvent>): ReadonlyArray<StoredEvent> => page.filter(({ id }) => !gone.has(id));
  return {
    ...appending(store, async (request) => {
      const answer = await store.append(request);
      if (E.isRight(answer) && !answer.right.duplicate && isDue()) for (const { id } of request.events) gone.add(id);
      return answer;
    }),
    readAll: (options) => mapped(store.readAll(options), keep),
    readStream: (streamId, options) => mapped(store.readStream(streamId, options), keep),
    subscribe: async function* (options) {
      for await (const message of store.subscribe(options)) {
        const events = message.kind === 'events' ? keep(message.events) : [];
        if (message.kind === 'caughtUp') yield message;
        else if (events.length > 0) yield { kind: 'events', events };
      }
    },
    findById: async (id) => (gone.has(id) ? null : store.findById(id)),
  };
};

const renamed = (request: AppendRequest): AppendRequest => ({
  ...request,
  expectedRevision: 'any',
  events: request.events.map((event): NewEvent => ({
    ...event,
    id: event.id.replace(/.$/, (end) => (end === '0' ? '1' : '0')),
  })),
});

/** Does not recognise ids on a repeat: writes the events again, and shows them under the ids they were asked with. */
const doublingOnRetry = (store: EventStore): EventStore => {
  const originals = new Map<string, string>();
  const original = (event: StoredEvent): StoredEvent => ({ ...event, id: originals.get(event.id) ?? event.id });
  return {
    ...appending(store, async (request) => {
      const answer = await store.append(request);
      if (E.isLeft(answer) || !answer.right.duplicate) return answer;
      const again = renamed(request);
      for (const [n, { id }] of again.events.entries()) originals.set(id, request.events[n]?.id ?? id);
      const doubled = await store.append(again);
      return E.map((appended: Appended) => ({
        ...appended,
        events: appended.events.map((event, n) => ({ ...event, id: request.events[n]?.id ?? event.id })),
      }))(doubled);
    }),
    readAll: (options) => mapped(store.readAll(options), (page) => page.map(original)),
    readStream: (streamId, options) => mapped(store.readStream(streamId, options), (page) => page.map(original)),
    subscribe: async function* (options) {
      for await (const message of store.subscribe(options))
        yield message.kind === 'events' ? { kind: 'events', events: message.events.map(original) } : message;
    },
  };
};

/** Hands out a page now and then with its first two events exchanged. */
const reorderingARead = (store: EventStore): EventStore => {
  const isDue = everyNth(3);
  return {
    ...store,
    readAll: (options) =>
      mapped(store.readAll(options), (page) => {
        const [first, second, ...others] = page;
        return first !== undefined && second !== undefined && isDue() ? [second, first, ...others] : page;
      }),
  };
};

/** Drops the first event that comes after a subscription has caught up: the seam between history and live. */
const skippingAtTheSeam = (store: EventStore): EventStore => ({
  ...store,
  subscribe: async function* (options) {
    let caughtUp = false;
    for await (const message of store.subscribe(options)) {
      if (message.kind === 'caughtUp') {
        caughtUp = true;
        yield message;
        continue;
      }
      const events = caughtUp ? message.events.slice(1) : message.events;
      caughtUp = false;
      if (events.length > 0) yield { kind: 'events', events };
    }
  },
});

/** Reads the log to its end without the last append that it has acknowledged. */
const readingStale = (store: EventStore): EventStore => {
  let acknowledged = 0n;
  return {
    ...appending(store, async (request) => {
      const answer = await store.append(request);
      const last = E.isRight(answer) ? (answer.right.events[0]?.position ?? 0n) : 0n;
      if (last > acknowledged) acknowledged = last;
      return answer;
    }),
    readAll: (options = {}) =>
      options.direction !== 'backwards' && options.limit === undefined
        ? store.readAll({ ...options, to: acknowledged - 1n })
        : store.readAll(options),
  };
};

/** Refuses, and appends all the same. */
const refusingWhatItWrites = (store: EventStore): EventStore => {
  const isDue = everyNth(10);
  return appending(store, async (request) => {
    const answer = await store.append(request);
    return E.isRight(answer) && !answer.right.duplicate && isDue()
      ? E.left({ code: 'StoreFailed', message: 'Nothing was appended: so it says.' })
      : answer;
  });
};

/** Accepts an append that expects a revision which is not the stream's. */
const ignoringRevisions = (store: EventStore): EventStore =>
  appending(store, (request) =>
    store.append(typeof request.expectedRevision === 'number' ? { ...request, expectedRevision: 'any' } : request),
  );

/** Stores with one fault each, by what is wrong with them. */
export const brokenStores = {
  'acknowledges what it does not keep': losingAnAcknowledgedAppend,
  'answers ok after a refused commit': losingAnAppend,
  'writes an event again on a retry': doublingOnRetry,
  'reorders a read': reorderingARead,
  'skips an event between history and live': skippingAtTheSeam,
  'shows an old log after an acknowledgement': readingStale,
  'refuses what it writes': refusingWhatItWrites,
  'ignores expected revisions': ignoringRevisions,
} as const satisfies Record<string, (store: EventStore) => EventStore>;
