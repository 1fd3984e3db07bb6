import { join } from 'node:path';
import type { EventStore, ReadAllOptions, ReadStreamOptions } from '../port';
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

describe('reading the whole log', () => {
  it.each<[string, ReadAllOptions, ReadonlyArray<number>]>([
    ['from the start', {}, numbers(1, 3_000)],
    ['after a position', { after: 2_990n }, numbers(2_991, 3_000)],
    ['after the last', { after: 3_000n }, []],
    ['after a position that is not there yet', { after: 9_999n }, []],
    ['after a position beyond all', { after: 2n ** 63n }, []],
    ['up to a position, inclusive', { after: 5n, to: 8n }, [6, 7, 8]],
    ['up to a position before its start', { after: 5n, to: 5n }, []],
    ['at most so many', { after: 999n, limit: 3 }, [1_000, 1_001, 1_002]],
    ['none', { limit: 0 }, []],
    ['over a page boundary', { after: 995n, limit: 10, pageSize: 3 }, numbers(996, 1_005)],
    ['backwards', { direction: 'backwards' }, numbers(1, 3_000).toReversed()],
    ['backwards before a position', { direction: 'backwards', after: 4n }, [3, 2, 1]],
    ['backwards down to a position', { direction: 'backwards', after: 9n, to: 7n }, [8, 7]],
    ['backwards at most so many', { direction: 'backwards', limit: 2, pageSize: 1 }, [3_000, 2_999]],
    ['backwards before the first', { direction: 'backwards', after: 1n }, []],
    ['of one type', { types: ['SurveyAnswered'] }, numbers(100, 3_000, 100)],
    ['of one type, at most so many', { types: ['SurveyAnswered'], limit: 2, after: 100n }, [200, 300]],
    ['of one type, backwards', { types: ['SurveyAnswered'], direction: 'backwards', limit: 2 }, [3_000, 2_900]],
    ['of several types', { types: ['SurveyAnswered', 'OrderPlaced'], limit: 2 }, [1, 2]],
    ['of an unknown type', { types: ['Nothing'] }, []],
    ['of no type', { types: [] }, []],
    ['of streams by prefix', { streamPrefixes: ['party-'], limit: 3 }, [3, 6, 9]],
    ['of streams by several prefixes', { streamPrefixes: ['party-', 'order-1'], limit: 4 }, [2, 3, 5, 6]],
    ['of streams by a prefix that is a pattern elsewhere', { streamPrefixes: ['%', 'order_'] }, []],
    ['of streams by the empty prefix', { streamPrefixes: [''], limit: 2 }, [1, 2]],
    ['of no stream', { streamPrefixes: [] }, []],
    ['by type and prefix', { types: ['SurveyAnswered'], streamPrefixes: ['party-'], limit: 2 }, [300, 600]],
  ])('%s', async (_, options, positions) => {
    expect(positionsOf(await collect(store.readAll(options)))).toEqual(positions);
  });

  it('holds at most a page in memory', async () => {
    const sizes: number[] = [];
    for await (const page of store.readAll({ pageSize: 1_400 })) sizes.push(page.length);
    expect(sizes).toEqual([1_400, 1_400, 200]);
  });

  it('ends at the head of its beginning, also while others append', async () => {
    const other = openStore(join(folder.path, 'growing.db'));
    expectRight(await other.append(appendTo('order-1', [arbitraryEvent(), arbitraryEvent()])));
    const seen: number[] = [];
    for await (const page of other.readAll({ pageSize: 1 })) {
      seen.push(...positionsOf(page));
      expectRight(await other.append(appendTo('order-1')));
    }
    expect(seen).toEqual([1, 2]);
    await other.close();
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
  it.each<[string, ReadStreamOptions, ReadonlyArray<number>]>([
    ['forwards', {}, numbers(0, 999)],
    ['from a revision', { from: 997 }, [997, 998, 999]],
    ['up to a revision', { to: 2 }, [0, 1, 2]],
    ['between two revisions', { from: 3, to: 4 }, [3, 4]],
    ['at most so many', { from: 3, limit: 2 }, [3, 4]],
    ['from beyond its end', { from: 1_000 }, []],
    ['backwards', { direction: 'backwards' }, numbers(0, 999).toReversed()],
    ['backwards from a revision', { direction: 'backwards', from: 2 }, [2, 1, 0]],
    ['backwards down to a revision', { direction: 'backwards', to: 998 }, [999, 998]],
    ['its last event', { direction: 'backwards', limit: 1 }, [999]],
  ])('%s', async (_, options, revisions) => {
    const events = await collect(store.readStream('order-1', options));
    expect(events.map(({ revision }) => revision)).toEqual(revisions);
    expect(new Set(events.map(({ streamId }) => streamId)).size).toBeLessThanOrEqual(1);
  });

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

  it('that does not exist gives no page', async () => {
    expect(await collect(store.readStream('order-2'))).toEqual([]);
    expect(await collect(store.readStream('order'))).toEqual([]);
  });
});

describe('finding by id', () => {
  it.each(['', 'no uuid', '6f8f2e3a-0c0e-4f6b-9a3e-0d1f2a3b4c5d'])(
    'an id that is not there (%s) finds nothing',
    async (id) => {
      expect(await store.findById(id)).toBeNull();
    },
  );
});
