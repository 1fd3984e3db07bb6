import { join } from 'node:path';
import type { EventStore, ReadAllOptions } from '../port';
import {
  appendTo,
  arbitraryEvent,
  collect,
  expectRight,
  openStore,
  positionsOf,
  temporaryFolder,
} from '../testing/given-store';

const folder = temporaryFolder();
let store: EventStore;

/** Positions 1…3 000: streams order-0, order-1, party-0 in turn, every hundredth event of a rare type. */
beforeAll(async () => {
  store = openStore(join(folder.path, 'log.db'));
  const requests = Array.from({ length: 3_000 }, (_, n) =>
    appendTo(['order-0', 'order-1', 'party-0'][n % 3] ?? '', [
      arbitraryEvent({ type: n % 100 === 99 ? 'SurveyAnswered' : 'OrderPlaced', data: n }),
    ]),
  );
  for (const answer of await store.appendMany(requests)) expectRight(answer);
});
afterAll(async () => {
  await store.close();
  folder.remove();
});

const numbers = (from: number, to: number, step = 1): ReadonlyArray<number> =>
  Array.from({ length: Math.max(0, Math.floor((to - from) / step) + 1) }, (_, n) => from + n * step);

// What every store promises is proved by the conformance suite; here are positions without gaps and sizes of pages.
describe('reading the whole log', () => {
  it.each<[string, ReadAllOptions, ReadonlyArray<number>]>([
    ['from the start', {}, numbers(1, 3_000)],
    ['after a position that is not there yet', { after: 9_999n }, []],
    ['after a position beyond all', { after: 2n ** 63n }, []],
    ['over a page boundary', { after: 995n, limit: 10, pageSize: 3 }, numbers(996, 1_005)],
    ['backwards', { direction: 'backwards' }, numbers(1, 3_000).toReversed()],
    ['backwards before the first', { direction: 'backwards', after: 1n }, []],
    ['of one type', { types: ['SurveyAnswered'] }, numbers(100, 3_000, 100)],
    ['of streams by a prefix that is a pattern elsewhere', { streamPrefixes: ['%', 'order_'] }, []],
  ])('%s', async (_, options, positions) => {
    expect(positionsOf(await collect(store.readAll(options)))).toEqual(positions);
  });

  it('holds at most a page in memory', async () => {
    const sizes: number[] = [];
    for await (const page of store.readAll({ pageSize: 1_400 })) sizes.push(page.length);
    expect(sizes).toEqual([1_400, 1_400, 200]);
  });

  it('passes over long stretches without a match', async () => {
    const other = openStore(join(folder.path, 'sparse.db'));
    const wanted = [0, 30_000, 59_999];
    await other.appendMany(
      Array.from({ length: 60_000 }, (_, n) =>
        appendTo('order-1', [
          arbitraryEvent({ type: wanted.includes(n) ? 'Wanted' : 'Other', data: null, metadata: {} }),
        ]),
      ),
    );
    const options = { types: ['Wanted'] };
    expect(positionsOf(await collect(other.readAll(options)))).toEqual([1, 30_001, 60_000]);
    expect(positionsOf(await collect(other.readAll({ ...options, direction: 'backwards' })))).toEqual([
      60_000, 30_001, 1,
    ]);
    await other.close();
  });

  it('that is under way when the store closes ends with StoreClosedError, not early', async () => {
    const other = openStore(join(folder.path, 'closing.db'));
    await other.appendMany([appendTo('order-1'), appendTo('order-1')]);
    const pages = other.readAll({ pageSize: 1 })[Symbol.asyncIterator]();
    await pages.next();
    await other.close();
    await expect(pages.next()).rejects.toMatchObject({ name: 'StoreClosedError' });
  });
});

describe('reading one stream', () => {
  it('over several pages gives every event once', async () => {
    const other = openStore(join(folder.path, 'long.db'));
    await other.append(
      appendTo(
        'order-1',
        Array.from({ length: 2_500 }, () => arbitraryEvent()),
      ),
    );
    for (const direction of ['forwards', 'backwards'] as const) {
      const sizes: number[] = [];
      for await (const page of other.readStream('order-1', { direction })) sizes.push(page.length);
      expect(sizes).toEqual([1_000, 1_000, 500]);
      expect((await collect(other.readStream('order-1', { direction, limit: 1_001 }))).length).toBe(1_001);
    }
    await other.close();
  });
});
