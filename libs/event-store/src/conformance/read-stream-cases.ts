import type { EventStore, ReadStreamOptions, StoredEvent } from '../port';
import { accepted, anAppend, anEvent, appendTo, collect, events, freshPrefix, idsOf } from './given';
import { perSubject } from './per-subject';
import type { ConformanceCase } from './subject';
import { holds, promise, same } from './verdict';

const AREA = 'reading one stream';
const SIZE = 25;

/** A stream of 25 events, written in appends of different sizes with other streams in between. */
const shortStream = perSubject(async (store) => {
  const prefix = freshPrefix();
  const streamId = `${prefix}/read`;
  const ids: string[] = [];
  for (const size of [1, 4, 10, 1, 9]) {
    ids.push(...idsOf((await appendTo(store, streamId, events(size))).events));
    await appendTo(store, `${streamId}-neighbour`);
    await appendTo(store, prefix);
  }
  return { streamId, ids };
});

const FROM = [undefined, 0, 1, 12, SIZE - 1, SIZE, 1_000];
const TO = [undefined, 0, 11, SIZE - 1, 1_000];
const LIMIT = [undefined, 0, 1, 10, 1_000];

const expectedRevisions = ({ direction, from, to, limit }: ReadStreamOptions): ReadonlyArray<number> => {
  const all = Array.from({ length: SIZE }, (_, revision) => revision);
  const [low, high] = direction === 'backwards' ? [to, from] : [from, to];
  const within = all.filter((revision) => revision >= (low ?? 0) && revision <= (high ?? Infinity));
  return (direction === 'backwards' ? within.toReversed() : within).slice(0, limit ?? Infinity);
};

const named = (options: Readonly<Record<string, unknown>>): string =>
  Object.entries(options)
    .map(([key, value]) => `${key} ${String(value)}`)
    .join(', ');

const reads = (options: ReadStreamOptions): ConformanceCase =>
  promise(AREA, named({ ...options }), async (subject) => {
    const { streamId, ids } = await shortStream(subject);
    const found = await collect((await subject.store()).readStream(streamId, options));
    const expected = expectedRevisions(options);
    same(
      'revisions',
      found.map(({ revision }) => revision),
      expected,
    );
    same(
      'ids',
      idsOf(found),
      expected.map((revision) => ids[revision]),
    );
    same('streams', [...new Set(found.map((event) => event.streamId))], expected.length === 0 ? [] : [streamId]);
  });

const LONG = 2_500;
const longStream = perSubject(async (store: EventStore) => {
  const streamId = `${freshPrefix()}/long`;
  const outcomes = await store.appendMany(
    Array.from({ length: LONG / 100 }, (_, page) =>
      anAppend(
        streamId,
        Array.from({ length: 100 }, (_, index) => anEvent({ data: page * 100 + index })),
      ),
    ),
  );
  outcomes.forEach(accepted);
  return streamId;
});

const longReads = (direction: 'forwards' | 'backwards', limit: number): ConformanceCase =>
  promise(AREA, `of ${LONG} events ${direction}, at most ${limit}, gives every event once`, async (subject) => {
    const streamId = await longStream(subject);
    const found: StoredEvent[] = [];
    let pages = 0;
    for await (const page of (await subject.store()).readStream(streamId, { direction, limit })) {
      holds('a page with events', page.length > 0, page);
      pages += 1;
      found.push(...page);
    }
    const all = Array.from({ length: LONG }, (_, index) => index);
    const expected = (direction === 'forwards' ? all : all.toReversed()).slice(0, limit);
    same(
      'data',
      found.map(({ data }) => data),
      expected,
    );
    holds('pages that are less than the whole', expected.length <= 1_000 || pages > 1, pages);
  });

export const readStreamCases: ReadonlyArray<ConformanceCase> = [
  ...(['forwards', 'backwards'] as const).flatMap((direction) =>
    FROM.flatMap((from, f) =>
      TO.flatMap((to, t) =>
        LIMIT.filter((_, l) => (f + t + l) % 2 === 0).map((limit) =>
          reads({
            direction,
            ...(from === undefined ? {} : { from }),
            ...(to === undefined ? {} : { to }),
            ...(limit === undefined ? {} : { limit }),
          }),
        ),
      ),
    ),
  ),
  reads({}),
  ...(['forwards', 'backwards'] as const).flatMap((direction) =>
    [1, 999, 1_000, 1_001, LONG, 10_000].map((limit) => longReads(direction, limit)),
  ),
  ...['absent', 'absent/read', 'abs'].map((name) =>
    promise(AREA, `that does not exist (${name}) gives no page`, async (subject) => {
      const pages: unknown[] = [];
      for await (const page of (await subject.store()).readStream(`${freshPrefix()}/${name}`)) pages.push(page);
      same('pages', pages, []);
    }),
  ),
  promise(AREA, 'may end early and be done again', async (subject) => {
    const streamId = await longStream(subject);
    const store = await subject.store();
    for (let round = 0; round < 20; round++)
      for await (const page of store.readStream(streamId)) {
        holds('a page with events', page.length > 0, page);
        break;
      }
    same('the first event', (await collect(store.readStream(streamId, { limit: 1 })))[0]?.data, 0);
  }),
  promise(AREA, 'finds what was appended a moment ago', async (subject) => {
    const store = await subject.store();
    const streamId = `${freshPrefix()}/own-writes`;
    for (let size = 1; size <= 20; size++) {
      await appendTo(store, streamId);
      same('events', (await collect(store.readStream(streamId))).length, size);
      same(
        'the last',
        (await collect(store.readStream(streamId, { direction: 'backwards', limit: 1 })))[0]?.revision,
        size - 1,
      );
    }
  }),
];
