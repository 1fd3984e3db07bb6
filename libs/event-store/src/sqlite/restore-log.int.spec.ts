import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EncodedRecord } from '../encoded-log';
import {
  appendTo,
  collect,
  expectLeft,
  expectRight,
  openStore,
  positionsOf,
  takeUntil,
  temporaryFolder,
} from '../testing/given-store';
import { LogGaps } from './log-gaps';
import { openSqliteEventStore } from './open-sqlite-event-store';
import { type LogRestoration, restoreSqliteLog } from './restore-log';
import { scanSqliteLog } from './scan-log';
import { verifySqliteEventStore } from './verify-sqlite-event-store';

const folder = temporaryFolder();
afterAll(folder.remove);

const AT = Date.UTC(2025, 2, 1, 12);
let serial = 0;
const newFile = (): string => join(folder.path, `log-${(serial += 1)}.db`);

const record = (position: number, given: Partial<EncodedRecord> = {}): EncodedRecord => ({
  id: `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`,
  type: position % 2 === 0 ? 'Even' : 'Odd',
  streamId: `stream-${position}`,
  revision: 0,
  position: BigInt(position),
  recordedAt: AT + position,
  isJson: true,
  data: Buffer.from(`{ "position": ${position} }`),
  metadata: Buffer.from('{"b":1,"a":2}'),
  ...given,
});

const begin = (file: string): LogRestoration => expectRight(restoreSqliteLog(file, AT));
const restore = (file: string, records: ReadonlyArray<EncodedRecord>, part: string | null = null): void => {
  const restoration = begin(file);
  expectRight(restoration.add(records));
  expectRight(restoration.complete(part));
};
const recordsIn = async (file: string): Promise<ReadonlyArray<EncodedRecord>> => {
  const store = openStore(file, { readOnly: true });
  const records: EncodedRecord[] = [];
  for await (const page of store.readRecords({ pageSize: 2 })) records.push(...page);
  await store.close();
  return records;
};

/** Positions of a log on a server: it numbers by bytes. */
const PLACES = [3, 4, 250, 251, 9_000_000_000];
const gapped = PLACES.map((position) => record(position));

describe('a restored log', () => {
  it('has every event where it was, byte for byte', async () => {
    const file = newFile();
    const bytes = [
      record(3),
      record(4, { isJson: false, data: Buffer.from([0, 255]), metadata: Buffer.alloc(0) }),
      record(250, { streamId: 'stream-3', revision: 1, metadata: Buffer.from('{"$wire":1}') }),
    ];
    restore(file, bytes);
    expect(await recordsIn(file)).toEqual(bytes);
    expect(expectRight(verifySqliteEventStore(file)).events).toBe(3);
  });

  it('is read in both directions, filtered, subscribed to and asked by position across its gaps', async () => {
    const file = newFile();
    restore(file, gapped);
    const store = openStore(file);
    const read = async (options: Parameters<typeof store.readAll>[0]) =>
      positionsOf(await collect(store.readAll(options)));
    for (const pageSize of [1, 2, 3, 100]) {
      expect(await read({ pageSize })).toEqual(PLACES);
      expect(await read({ pageSize, direction: 'backwards' })).toEqual(PLACES.toReversed());
      expect(await read({ pageSize, after: 3n, to: 5_000n })).toEqual([4, 250, 251]);
      expect(await read({ pageSize, after: 9_000_000_000n, to: 4n, direction: 'backwards' })).toEqual([251, 250, 4]);
      expect(await read({ pageSize, types: ['Even'] })).toEqual([4, 250, 9_000_000_000]);
      expect(await read({ pageSize, types: ['Even'], direction: 'backwards' })).toEqual([9_000_000_000, 250, 4]);
    }
    expect(
      positionsOf(await takeUntil(store.subscribe({ pageSize: 2 }), (_, last) => last.kind === 'caughtUp')),
    ).toEqual(PLACES);
    expect(positionsOf(await store.eventsAt([251n, 3n]))).toEqual([251, 3]);
    await store.close();
  });

  it('knows how far so many events reach, whatever lies between them', () => {
    const file = newFile();
    restore(file, gapped);
    const database = new DatabaseSync(file, { readOnly: true });
    const gaps = LogGaps.of(database);
    expect([gaps?.beyond(0, 3, 'forwards'), gaps?.beyond(0, 6, 'forwards')]).toEqual([250, null]);
    expect([gaps?.beyond(9_000_000_000, 2, 'backwards'), gaps?.beyond(4, 2, 'backwards')]).toEqual([250, null]);
    expect([gaps?.firstGiven(252, 8_999_999_999), gaps?.firstGiven(1, 5), gaps?.firstGiven(9, 8)]).toEqual([
      null,
      3,
      null,
    ]);
    database.close();
  });

  it('grows behind its last position, never before the instant of its last event', async () => {
    const file = newFile();
    restore(file, gapped);
    const store = openStore(file, { clock: () => 0 });
    expect(expectRight(await store.append(appendTo('new'))).events).toMatchObject([{ position: 9_000_000_001n }]);
    await store.close();
    expect((await recordsIn(file)).at(-1)?.recordedAt).toBe(gapped.at(-1)?.recordedAt);
    expect(expectRight(verifySqliteEventStore(file)).events).toBe(6);
  });

  it('without gaps is like any other', () => {
    const file = newFile();
    restore(
      file,
      [1, 2, 3].map((position) => record(position)),
    );
    const database = new DatabaseSync(file, { readOnly: true });
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
    database.close();
    const scan = expectRight(scanSqliteLog(file));
    expect([scan.isDense, scan.part]).toEqual([true, null]);
    scan.close();
  });

  it.each([4, 250, 251])('shows that the event at position %i was removed', async (position) => {
    const file = newFile();
    restore(file, gapped);
    const database = new DatabaseSync(file);
    database.exec(`DELETE FROM events WHERE position = ${position}`);
    database.close();
    expect(expectLeft(verifySqliteEventStore(file))).toMatchObject({ code: 'StoreDamaged' });
    expect(expectLeft(openSqliteEventStore({ file, clock: () => AT }))).toMatchObject({ code: 'StoreDamaged' });
  });

  /**
   * A log that is opened is checked whole when it is small. What is lost afterwards is met by the reader,
   * which must tell a gap that is named from an event that is missing.
   */
  it.each(['forwards', 'backwards'] as const)(
    'shows it to a reader %s too, which is open already',
    async (direction) => {
      const file = newFile();
      restore(file, gapped);
      const store = openStore(file, { readOnly: true });
      const database = new DatabaseSync(file);
      database.exec('DELETE FROM events WHERE position = 250');
      database.close();
      await expect(collect(store.readAll({ direction, pageSize: 2 }))).rejects.toThrow('lacks position 250');
      await store.close();
    },
  );
});

describe('a restored part of a log', () => {
  it('has streams with gaps, says what it is, and takes nothing', async () => {
    const file = newFile();
    restore(file, [record(5, { streamId: 'a', revision: 2 }), record(9, { streamId: 'a', revision: 7 })], 'of another');
    const store = openStore(file);
    expect((await collect(store.readStream('a'))).map(({ revision }) => revision)).toEqual([2, 7]);
    expect(store.encoded.part).toBe('of another');
    expect(expectLeft(await store.append(appendTo('a')))).toMatchObject({
      code: 'StoreFailed',
      message: expect.stringContaining('part of a log') as unknown,
    });
    await store.close();
    const scan = expectRight(scanSqliteLog(file));
    expect([scan.isDense, scan.part]).toEqual([false, 'of another']);
    scan.close();
  });
});

describe('restoring', () => {
  it('leaves nothing when it is given up, and begins anew over what a crash has left', async () => {
    const file = newFile();
    const given = begin(file);
    expectRight(given.add([record(1)]));
    given.abandon();
    expect(existsSync(file)).toBe(false);
    expect(readdirSync(folder.path).filter((name) => name.includes('restoring'))).toEqual([]);
    const killed = new DatabaseSync(`${file}.restoring`);
    killed.exec('CREATE TABLE events (x)');
    killed.close();
    restore(file, [record(1)]);
    expect(await recordsIn(file)).toHaveLength(1);
  });

  it('holds the place meanwhile, and takes that of an empty log but no other', async () => {
    const file = newFile();
    await openStore(file).close();
    const restoration = begin(file);
    expect(expectLeft(openSqliteEventStore({ file, clock: () => AT }))).toMatchObject({ code: 'StoreHeld' });
    expectRight(restoration.add([record(1)]));
    expectRight(restoration.complete(null));
    expect(expectLeft(restoreSqliteLog(file, AT))).toMatchObject({ code: 'NotEmpty' });
    expect(await recordsIn(file)).toHaveLength(1);
  });

  it.each<readonly [string, ReadonlyArray<EncodedRecord>]>([
    ['positions that fall', [record(2), record(1)]],
    ['a position twice', [record(2), record(2)]],
    ['position 0', [record(0)]],
    ['a position that no number holds', [record(1, { position: 2n ** 60n })]],
    ['an id twice', [record(1), record(2, { id: record(1).id })]],
    ['a place in a stream twice', [record(1), record(2, { streamId: 'stream-1' })]],
    ['an id that is none', [record(1, { id: 'x' })]],
    ['a stream without a name', [record(1, { streamId: '' })]],
  ])('refuses %s', (_, records) => {
    const file = newFile();
    const restoration = begin(file);
    expect(expectLeft(restoration.add(records)).code).toBe('NotALog');
    restoration.abandon();
    expect(existsSync(file)).toBe(false);
  });

  it('says which file the disk does not take', () => {
    const message = expectLeft(restoreSqliteLog(join(folder.path, 'none', 'log.db'), AT)).message;
    expect(message).toContain('none');
  });
});
