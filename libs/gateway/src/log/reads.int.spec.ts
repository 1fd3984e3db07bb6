import {
  arbitraryEvent,
  collect,
  events,
  expectRight,
  givenLog,
  numbersOf,
  setMetadata,
  written,
} from './testing/given-log';
import { END, type ReadAllQuery, type ReadStreamQuery, TOMBSTONE, type WireFilter } from './wire-log';

const given = givenLog();
const { log } = given;
afterAll(() => given.close());

const readNumbers = async (query: Partial<ReadStreamQuery> & { readonly streamId: string }) => {
  const read = log.readStream({ direction: 'forwards', from: 'start', limit: Infinity, resolveLinks: false, ...query });
  return (await collect(expectRight(read))).map(({ event }) => Number(event?.eventNumber));
};

const readAll = (query: Partial<ReadAllQuery> = {}) =>
  collect(
    log.readAll({ direction: 'forwards', from: 'start', limit: Infinity, resolveLinks: false, filter: null, ...query }),
  );

const positions = async (query: Partial<ReadAllQuery>) =>
  (await readAll(query)).map(({ event }) => Number(event?.position));

const append = (streamId: string, type: string, data: string, isJson = true) =>
  log.append({ streamId, expected: 'any', events: [arbitraryEvent({ type, isJson, data: Buffer.from(data) })] });

describe('a read of a stream (3.4)', () => {
  beforeAll(async () => {
    await written(log, 'note-read', 10);
    await setMetadata(log, 'note-read', '{"$tb":4}');
  });

  it.each<[query: Partial<ReadStreamQuery>, numbers: ReadonlyArray<number>]>([
    [{}, [4, 5, 6, 7, 8, 9]],
    [{ from: 6n, limit: 2 }, [6, 7]],
    [{ from: 2n, limit: 2 }, [4, 5]],
    [{ from: 'end' }, []],
    [{ from: 10n }, []],
    [{ from: TOMBSTONE }, []],
    [{ limit: 0 }, []],
    [{ direction: 'backwards' }, []],
    [{ direction: 'backwards', from: 'end' }, [9, 8, 7, 6, 5, 4]],
    [{ direction: 'backwards', from: END }, [9, 8, 7, 6, 5, 4]],
    [{ direction: 'backwards', from: 5n }, [5, 4]],
    [{ direction: 'backwards', from: 12n, limit: 1 }, [9]],
    [{ direction: 'backwards', from: 3n }, []],
  ])('%p of ten events with $tb 4 gives %p', async (query, numbers) => {
    expect(await readNumbers({ streamId: 'note-read', ...query })).toEqual(numbers);
  });

  it('of a stream that was never written finds none', async () => {
    expect(await numbersOf(log, 'note-absent')).toBe('StreamNotFound');
  });

  it('ends at the last event of the moment of asking, though others append', async () => {
    await written(log, 'note-growing', 200);
    let seen = 0;
    const read = log.readStream({
      streamId: 'note-growing',
      direction: 'forwards',
      from: 'start',
      limit: Infinity,
      resolveLinks: false,
    });
    for await (const page of expectRight(read)) {
      seen += page.length;
      await written(log, 'note-growing', 50);
    }
    expect(seen).toBe(200);
  });

  it('keeps pages of large events small', async () => {
    const data = Buffer.alloc(512 * 1_024, 'x');
    await log.append({ streamId: 'large', expected: 'any', events: events(80, { isJson: false, data }) });
    const sizes: number[] = [];
    const read = {
      streamId: 'large',
      direction: 'forwards',
      from: 'start',
      limit: Infinity,
      resolveLinks: false,
    } as const;
    for await (const page of expectRight(log.readStream(read))) sizes.push(page.length);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(80);
    expect(Math.max(...sizes.slice(1))).toBeLessThanOrEqual(8);
  });
});

describe('a read of $all (3.4)', () => {
  it('is inclusive forwards and exclusive backwards', async () => {
    const head = Number(log.head());
    expect(await positions({ from: 3n, limit: 2 })).toEqual([3, 4]);
    expect(await positions({ from: BigInt(head) })).toEqual([head]);
    expect(await positions({ from: BigInt(head + 1) })).toEqual([]);
    expect(await positions({ from: 'end' })).toEqual([]);
    expect(await positions({ from: END })).toEqual([]);
    expect(await positions({ direction: 'backwards', from: 3n })).toEqual([2, 1]);
    expect(await positions({ direction: 'backwards', from: 'start' })).toEqual([]);
    expect(await positions({ direction: 'backwards', from: 'end', limit: 2 })).toEqual([head, head - 1]);
    expect(await positions({ direction: 'backwards', from: END, limit: 1 })).toEqual([head]);
    expect((await positions({})).length).toBe(head);
  });

  it('shows what metadata hides, and leaves out the streams of the server itself', async () => {
    const before = log.head();
    await written(log, 'note-gone', 2);
    await log.deleteStream('note-gone', 'any');
    await append('$persistentsubscription-$all::sales-checkpoint', '$SubscriptionCheckpoint', '"1"');
    await append('$persistentsubscription-$all::sales-parked', 'x', '1');
    await append('$epoch-information', '$epoch', '{}');
    await append('$persistentsubscription-note::sales-parked', 'x', '1');
    const seen = await readAll({ from: before + 1n });
    expect(seen.map(({ event }) => event?.streamId)).toEqual([
      'note-gone',
      'note-gone',
      '$$note-gone',
      '$persistentsubscription-note::sales-parked',
    ]);
  });

  const filter = (by: WireFilter['by'], regex: RegExp | null, ...prefixes: ReadonlyArray<string>): WireFilter => ({
    by,
    regex,
    prefixes,
  });

  it.each<[what: string, filter: WireFilter, count: number]>([
    ['streams by prefix', filter('streamName', null, 'fil-a', 'fil-b'), 4],
    ['streams by pattern', filter('streamName', /^fil-.$/), 6],
    ['streams by a global pattern', filter('streamName', /fil-a/g), 2],
    ['types by prefix', filter('eventType', null, 'Fil'), 4],
    ['types by pattern', filter('eventType', /^fil|^FilOne$/), 5],
    ['a pattern before prefixes', filter('streamName', /^fil-a/, 'fil-b'), 2],
    ['a type nobody has written', filter('eventType', null, 'Nobody'), 0],
    ['a prefix with signs of a pattern', filter('streamName', null, 'fil-%', 'fil-_'), 0],
  ])('filters %s', async (_, given, count) => {
    if (log.status('fil-a').lastEventNumber < 0n)
      for (const streamId of ['fil-a', 'fil-b', 'fil-c'])
        for (const type of ['FilOne', streamId === 'fil-a' ? 'FilTwo' : 'filThree']) await append(streamId, type, '{}');
    const found = await readAll({ filter: given });
    expect(found).toHaveLength(count);
    const backwards = await readAll({ filter: given, direction: 'backwards', from: 'end' });
    expect(backwards).toEqual([...found].reverse());
    expect(await readAll({ filter: given, limit: 3 })).toEqual(found.slice(0, 3));
  });
});

describe('links (3.4)', () => {
  const resolved = async (streamId: string) => {
    const read = log.readStream({
      streamId,
      direction: 'forwards',
      from: 'start',
      limit: Infinity,
      resolveLinks: true,
    });
    return (await collect(expectRight(read))).map(({ event, link }) => [
      event === null ? null : `${event.eventNumber}@${event.streamId}`,
      link === null ? null : Buffer.from(link.data).toString(),
    ]);
  };

  it('are resolved one level deep, and left alone when the target is gone', async () => {
    await written(log, 'target', 3);
    await setMetadata(log, 'target', '{"$tb":1}');
    await written(log, 'gone@here', 1);
    await written(log, 'dead', 1);
    await append('links', '$>', '1@target', false);
    await append('links', '$>', '0@target', false);
    await append('links', '$>', '7@target', false);
    await append('links', '$>', '0@nowhere', false);
    await append('links', '$>', '0@links', false);
    await append('links', '$>', '0@gone@here', false);
    await append('links', '$>', 'no link', false);
    await append('links', 'Noted', '0@target', false);
    await append('links', '$>', '0@dead', false);
    expect(await resolved('links')).toEqual([
      ['1@target', '1@target'],
      [null, '0@target'],
      [null, '7@target'],
      [null, '0@nowhere'],
      ['0@links', '0@links'],
      ['0@gone@here', '0@gone@here'],
      ['6@links', null],
      ['7@links', null],
      ['0@dead', '0@dead'],
    ]);
    await log.tombstoneStream('dead', 'any');
    await log.deleteStream('gone@here', 'any');
    expect(await resolved('links')).toMatchObject({ 5: [null, '0@gone@here'], 8: [null, '0@dead'] });
  });
});

// One such filter stopped the whole process for minutes.
describe('an expression that backtracks without end', () => {
  it.each(['streamName', 'eventType'] as const)('on %s ends its own read', async (by) => {
    const name = `${'x'.repeat(60)}!`;
    expectRight(await log.append({ streamId: name, expected: 'any', events: events(1, { type: name }) }));
    const filter: WireFilter = { by, regex: /^(x+)+$/, prefixes: [] };
    const read = log.readAll({ direction: 'forwards', from: 'start', limit: Infinity, resolveLinks: false, filter });
    await expect(collect(read)).rejects.toThrow(/'\^\(x\+\)\+\$' takes longer than 100 ms/);
  });
});

describe('a log whose store is closed', () => {
  it('answers Unavailable', async () => {
    const closing = givenLog();
    await written(closing.log, 'a', 1);
    await closing.close();
    expect(await numbersOf(closing.log, 'a')).toBe('Unavailable');
    expect(await closing.log.append({ streamId: 'a', expected: 'any', events: events(1) })).toMatchObject({
      left: { code: 'Unavailable' },
    });
  });
});
