import type { EventStore, Filter, Position, ReadAllOptions, StoredEvent } from '../port';
import { accepted, anAppend, anEvent, appendTo, collect, freshPrefix, idsOf } from './given';
import { perSubject } from './per-subject';
import type { ConformanceCase } from './subject';
import { holds, promise, same } from './verdict';

const AREA = 'reading the whole log';
const SIZE = 300;

/** What the cases of this file read: 300 events of three streams in turn, every tenth of a rare type. */
interface Section {
  readonly prefix: string;
  readonly common: string;
  readonly rare: string;
  /** Head before the first event. */
  readonly before: Position;
  readonly log: ReadonlyArray<{
    readonly id: string;
    readonly position: Position;
    readonly type: string;
    readonly streamId: string;
  }>;
}

const section = perSubject(async (store: EventStore): Promise<Section> => {
  const prefix = freshPrefix();
  const [common, rare] = [`Common ${prefix}`, `Rare ${prefix}`];
  const before = await store.head();
  const requests = Array.from({ length: SIZE }, (_, n) =>
    anAppend(`${prefix}/${['order-0', 'order-1', 'party-0'][n % 3] ?? ''}`, [
      anEvent({ type: n % 10 === 9 ? rare : common, data: n }),
    ]),
  );
  // One after the other in groups: the order over streams is then known.
  for (const request of requests) accepted(await store.append(request));
  const log: StoredEvent[] = [];
  for await (const page of store.readAll({ after: before }))
    log.push(...page.filter(({ streamId }) => streamId.startsWith(prefix)));
  return { prefix, common, rare, before, log };
});

type Place = (log: Section) => Position | undefined;
const at =
  (index: number): Place =>
  ({ log }) =>
    log[index]?.position;
const beforeAll: Place = ({ before }) => before;
const none: Place = () => undefined;

const FILTERS: ReadonlyArray<readonly [string, (log: Section) => Filter]> = [
  ['no filter', () => ({})],
  ['a rare type', ({ rare }) => ({ types: [rare] })],
  ['two types', ({ rare, common }) => ({ types: [rare, common] })],
  ['an unknown type', ({ rare }) => ({ types: [`${rare}2`] })],
  ['a type that begins like another', ({ rare }) => ({ types: [rare.slice(0, -1)] })],
  ['no type', () => ({ types: [] })],
  ['a prefix', ({ prefix }) => ({ streamPrefixes: [`${prefix}/party-`] })],
  ['two prefixes', ({ prefix }) => ({ streamPrefixes: [`${prefix}/party-`, `${prefix}/order-1`] })],
  ['overlapping prefixes', ({ prefix }) => ({ streamPrefixes: [prefix, `${prefix}/order`] })],
  ['a pattern as prefix', ({ prefix }) => ({ streamPrefixes: [`${prefix}%`, `${prefix}/order_`, `${prefix}.*`] })],
  ['the empty prefix', () => ({ streamPrefixes: [''] })],
  ['no prefix', () => ({ streamPrefixes: [] })],
  ['a type and a prefix', ({ rare, prefix }) => ({ types: [rare], streamPrefixes: [`${prefix}/order-1`] })],
  ['no type but a prefix', ({ prefix }) => ({ types: [], streamPrefixes: [prefix] })],
];

const matches = (event: Section['log'][number], { types, streamPrefixes }: Filter): boolean =>
  (types?.includes(event.type) ?? true) &&
  (streamPrefixes?.some((prefix) => event.streamId.startsWith(prefix)) ?? true);

interface Range {
  readonly direction: 'forwards' | 'backwards';
  readonly after: Place;
  readonly to: Place;
}

/** Bounds that lie within the section, so that the rest of the log does not enter. */
const RANGES: ReadonlyArray<readonly [string, Range]> = [
  ['all of it', { direction: 'forwards', after: beforeAll, to: at(SIZE - 1) }],
  ['up to the head', { direction: 'forwards', after: beforeAll, to: none }],
  ['from the middle', { direction: 'forwards', after: at(149), to: at(SIZE - 1) }],
  ['between two', { direction: 'forwards', after: at(9), to: at(39) }],
  ['after the last', { direction: 'forwards', after: at(SIZE - 1), to: at(SIZE - 1) }],
  ['up to a position before its start', { direction: 'forwards', after: at(20), to: at(10) }],
  ['backwards, all but the last', { direction: 'backwards', after: at(SIZE - 1), to: at(0) }],
  ['backwards from the head', { direction: 'backwards', after: none, to: at(0) }],
  ['backwards between two', { direction: 'backwards', after: at(40), to: at(10) }],
  ['backwards down to a position above its start', { direction: 'backwards', after: at(10), to: at(20) }],
];
const LIMITS = [undefined, 0, 1, 7];
const PAGES = [undefined, 1, 3, 50];

const expectedOf = (
  log: Section,
  { direction, after, to, limit = Infinity, ...filter }: ReadAllOptions,
): Section['log'] => {
  const forwards = direction !== 'backwards';
  const within = log.log.filter(
    (event) =>
      matches(event, filter) &&
      (forwards
        ? event.position > (after ?? 0n) && (to === undefined || event.position <= to)
        : (after === undefined || event.position < after) && event.position >= (to ?? 0n)),
  );
  return (forwards ? within : within.toReversed()).slice(0, limit);
};

const reads = (
  [rangeName, range]: (typeof RANGES)[number],
  [filterName, filter]: (typeof FILTERS)[number],
  limit: number | undefined,
  pageSize: number | undefined,
): ConformanceCase =>
  promise(
    AREA,
    `${rangeName}, ${filterName}, limit ${limit ?? 'none'}, page size ${pageSize ?? 'default'}`,
    async (subject) => {
      const log = await section(subject);
      const [after, to] = [range.after(log), range.to(log)];
      const options: ReadAllOptions = {
        direction: range.direction,
        ...(after === undefined ? {} : { after }),
        ...(to === undefined ? {} : { to }),
        ...filter(log),
        ...(limit === undefined ? {} : { limit }),
        ...(pageSize === undefined ? {} : { pageSize }),
      };
      const found: StoredEvent[] = [];
      for await (const page of (await subject.store()).readAll(options)) {
        holds(
          `pages of 1 to ${pageSize ?? 1_000} events`,
          page.length > 0 && page.length <= (pageSize ?? 1_000),
          page.length,
        );
        found.push(...page);
      }
      // Towards the head there is what other cases have written, and nothing of it is the section's.
      const own = found.filter(({ streamId }) => streamId.startsWith(log.prefix));
      if (limit === undefined || (range.direction === 'forwards' && to !== undefined))
        same('all events', found.length === own.length || to === undefined || after === undefined, true);
      if (limit !== undefined) holds(`at most ${limit} events`, found.length <= limit, found.length);
      const expected = expectedOf(log, options);
      if (limit !== undefined && after === undefined) {
        same('the first of them', idsOf(own), idsOf(expected).slice(0, own.length));
        if (own.length > 0) same('only own events from there', own.length, expected.length);
      } else same('positions and ids', own.map(placeOf), expected.map(placeOf));
    },
  );

const placeOf = ({ id, position }: { readonly id: string; readonly position: Position }): unknown => [position, id];

/** Ranges × filters, with limits and page sizes in turn: every pair of values meets. */
const table = RANGES.flatMap((range, r) =>
  FILTERS.flatMap((filter, f) =>
    LIMITS.filter((_, l) => (r + f + l) % 2 === 0).map((limit, l) =>
      reads(range, filter, limit, PAGES[(r + f * 3 + l) % PAGES.length]),
    ),
  ),
);

export const readAllCases: ReadonlyArray<ConformanceCase> = [
  promise(AREA, 'gives every event at the place that the append answered, in one order', async (subject) => {
    const store = await subject.store();
    const prefix = freshPrefix();
    const before = await store.head();
    const places: { id: string; position: Position }[] = [];
    for (let n = 0; n < 30; n++) {
      const { events } = await appendTo(
        store,
        `${prefix}/${n % 4}`,
        Array.from({ length: 1 + (n % 3) }, () => anEvent()),
      );
      places.push(...events);
    }
    const found = (await collect(store.readAll({ after: before }))).filter(({ streamId }) =>
      streamId.startsWith(prefix),
    );
    same('places', found.map(placeOf), places.map(placeOf));
    for (const [index, { position }] of found.entries())
      holds('increasing positions', index === 0 || position > (found[index - 1]?.position ?? 0n), found.map(placeOf));
  }),
  ...table,
  ...[2n ** 53n, 2n ** 62n, 2n ** 63n - 2n].map((after) =>
    promise(AREA, `after position ${after}, which is not there yet, is empty`, async (subject) => {
      same('events', await collect((await subject.store()).readAll({ after })), []);
    }),
  ),
  promise(AREA, 'from the start at most three gives the first three', async (subject) => {
    const store = await subject.store();
    await section(subject);
    const three = await collect(store.readAll({ limit: 3 }));
    same('size', three.length, 3);
    const again = await collect(store.readAll({ after: 0n, limit: 3, pageSize: 1 }));
    same('the same three', again.map(placeOf), three.map(placeOf));
    same(
      'none before the first',
      await collect(store.readAll({ direction: 'backwards', after: three[0]?.position ?? 0n })),
      [],
    );
  }),
  promise(AREA, 'backwards begins with the event written last', async (subject) => {
    const store = await subject.store();
    const { events } = await appendTo(store, `${freshPrefix()}/last`, [anEvent(), anEvent()]);
    const found = await collect(store.readAll({ direction: 'backwards', limit: 2, pageSize: 1 }));
    same('places', found.map(placeOf), events.toReversed().map(placeOf));
  }),
  promise(AREA, 'ends at the head of its beginning, also while others append', async (subject) => {
    const store = await subject.store();
    const streamId = `${freshPrefix()}/growing`;
    const after = await store.head();
    const { events } = await appendTo(store, streamId, [anEvent(), anEvent(), anEvent()]);
    const seen: string[] = [];
    for await (const page of store.readAll({ after, pageSize: 1 })) {
      seen.push(...idsOf(page));
      await appendTo(store, streamId);
      if (seen.length > 20) break;
    }
    same('events', seen, idsOf(events));
  }),
  promise(AREA, 'may end early and be done again', async (subject) => {
    const log = await section(subject);
    const store = await subject.store();
    for (let round = 0; round < 20; round++)
      for await (const page of store.readAll({ after: log.before, pageSize: 10 })) {
        same('size of the first page', page.length, 10);
        break;
      }
    same('the first', (await collect(store.readAll({ after: log.before, limit: 1 })))[0]?.id, log.log[0]?.id);
  }),
  promise(AREA, 'passes over a long stretch without a match', async (subject) => {
    const store = await subject.store();
    const prefix = freshPrefix();
    const before = await store.head();
    const batch = (n: number) =>
      anAppend(
        `${prefix}/long`,
        Array.from({ length: 500 }, () => anEvent({ data: n, metadata: {} })),
      );
    const wanted = { types: [`Wanted ${prefix}`] };
    const [first] = (await appendTo(store, `${prefix}/long`, [anEvent({ type: `Wanted ${prefix}` })])).events;
    (await store.appendMany(Array.from({ length: 6 }, (_, n) => batch(n)))).forEach(accepted);
    const [last] = (await appendTo(store, `${prefix}/long`, [anEvent({ type: `Wanted ${prefix}` })])).events;
    same('forwards', idsOf(await collect(store.readAll({ ...wanted, after: before }))), [first?.id, last?.id]);
    same('backwards', idsOf(await collect(store.readAll({ ...wanted, direction: 'backwards', to: before }))), [
      last?.id,
      first?.id,
    ]);
  }),
  promise(AREA, 'gives the same as text', async (subject) => {
    const log = await section(subject);
    const store = await subject.store();
    const to = log.log.at(-1)?.position;
    const range = { after: log.before, ...(to === undefined ? {} : { to }), pageSize: 70 };
    const texts: StoredEvent[] = [];
    for await (const page of store.readTexts(range))
      for (const { data, metadata, ...place } of page)
        texts.push({ ...place, data: JSON.parse(data), metadata: JSON.parse(metadata) });
    same('events', texts, await collect(store.readAll(range)));
  }),
  promise(AREA, 'gives the same as bytes', async (subject) => {
    const log = await section(subject);
    const store = await subject.store();
    const to = log.log.at(-1)?.position;
    const range = { after: log.before, ...(to === undefined ? {} : { to }), pageSize: 70 };
    const records: StoredEvent[] = [];
    for await (const page of store.readRecords(range))
      for (const { isJson, data, metadata, ...place } of page) {
        holds('JSON', isJson, place.id);
        const read = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString('utf8'));
        records.push({ ...place, data: read(data), metadata: read(metadata) });
      }
    same('events', records, await collect(store.readAll(range)));
  }),
];
