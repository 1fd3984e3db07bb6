import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import {
  appendTo,
  arbitraryEvent,
  AT,
  collect,
  expectLeft,
  expectRight,
  openStore,
  temporaryFolder,
} from '../testing/given-store';
import { openSqliteEventStore } from './open-sqlite-event-store';
import { verifySqliteEventStore } from './verify-sqlite-event-store';

const folder = temporaryFolder();
let file: string;
beforeEach(() => {
  file = join(folder.path, `${randomUUID()}.db`);
});
afterAll(folder.remove);

const clock = (): number => AT;
const open = (path = file, readOnly = false) => openSqliteEventStore({ file: path, clock, readOnly });
const bytesOf = (path: string): string => readFileSync(path).toString('base64');

const filled = async (events: number, text = 'x'): Promise<void> => {
  const store = openStore(file);
  await store.appendMany(
    Array.from({ length: events }, (_, n) => appendTo(`order-${n % 50}`, [arbitraryEvent({ data: `${text}${n}` })])),
  );
  await store.close();
};

const overwrite = (offset: number, bytes: Buffer): void => {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, bytes, 0, bytes.length, offset);
  closeSync(descriptor);
};

const withDatabase = (sql: string): void => {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
};

describe('opening', () => {
  it('makes the log, and nothing but the log is left when it closes', async () => {
    const store = openStore(file);
    await store.close();
    expect(
      [file, `${file}-wal`, `${file}-shm`, `${file}.new`, `${file}.holder.json`].map((path) => existsSync(path)),
    ).toEqual([true, false, false, false, false]);
  });

  it.each([
    ['in a folder that is missing', () => join(folder.path, 'missing', 'log.db'), 'does not exist'],
    ['on a folder', () => folder.path, 'not a file'],
  ])('%s is CannotOpen', (_, path, reason) => {
    const error = expectLeft(open(path()));
    expect(error).toMatchObject({ code: 'CannotOpen', file: path(), message: expect.stringContaining(reason) });
  });

  it('a file that is read-only is CannotOpen for the writer and no matter for a reader', async () => {
    await filled(3);
    chmodSync(file, 0o444);
    expect(expectLeft(open())).toMatchObject({ code: 'CannotOpen', message: expect.stringContaining('read-only') });
    const store = expectRight(open(file, true));
    expect(await store.head()).toBe(3n);
    await store.close();
  });

  it('read-only a file that is missing is CannotOpen and makes none', () => {
    expect(expectLeft(open(file, true)).code).toBe('CannotOpen');
    expect(existsSync(file)).toBe(false);
  });

  it('a later schema is StoreNewer, names both versions and changes nothing', async () => {
    await filled(1);
    withDatabase('PRAGMA user_version = 99');
    const before = bytesOf(file);
    expect(expectLeft(open())).toMatchObject({ code: 'StoreNewer', file, found: 99, supported: 2 });
    expect(bytesOf(file)).toBe(before);
  });

  it.each([
    'CREATE TABLE customers (id)',
    'PRAGMA application_id = 7; CREATE TABLE events (id)',
    'CREATE TABLE t (x); DROP TABLE t',
  ])('a database of another application (%s) is StoreForeign and unchanged', (sql) => {
    withDatabase(sql);
    const before = bytesOf(file);
    expect(expectLeft(open())).toMatchObject({ code: 'StoreForeign', file });
    expect(bytesOf(file)).toBe(before);
  });
});

describe('the one writer', () => {
  it('refuses a second, which learns who holds the store; readers are welcome', async () => {
    const store = openStore(file);
    expectRight(await store.append(appendTo('order-1')));
    const error = expectLeft(open());
    expect(error).toMatchObject({
      code: 'StoreHeld',
      file,
      holder: { pid: process.pid, host: hostname(), since: new Date(AT).toISOString() },
    });
    expect(error.message).toContain(String(process.pid));
    const reader = expectRight(open(file, true));
    expect((await collect(reader.readAll())).length).toBe(1);
    expect(expectLeft(await reader.append(appendTo('order-1')))).toMatchObject({ code: 'StoreFailed' });
    await reader.close();
    expectRight(await store.append(appendTo('order-1')));
    await store.close();
    await openStore(file).close();
  });

  it('is one also when the second comes over a link', async () => {
    const store = openStore(file);
    mkdirSync(`${file}.links`);
    symlinkSync(file, join(`${file}.links`, 'log.db'));
    expect(expectLeft(open(join(`${file}.links`, 'log.db'))).code).toBe('StoreHeld');
    await store.close();
  });

  it('gives the store back when opening fails', async () => {
    writeFileSync(file, 'not a database at all, but long enough to be looked at as one'.repeat(20));
    expect(expectLeft(open()).code).toBe('StoreDamaged');
    expect(expectLeft(open()).code).toBe('StoreDamaged');
  });
});

describe('a damaged file', () => {
  // 40 MiB: beyond the size that is checked whole at opening.
  const large = join(folder.path, 'large.db');
  beforeAll(async () => {
    const store = openStore(large);
    const long = 'x'.repeat(20_000);
    await store.appendMany(
      Array.from({ length: 2_100 }, (_, n) =>
        appendTo('order-1', [arbitraryEvent({ data: n === 1_000 ? 'mark' : long })]),
      ),
    );
    await store.close();
  });

  const damages: ReadonlyArray<[string, () => void]> = [
    ['that is empty', () => truncateSync(file, 0)],
    ['with a header that is overwritten', () => overwrite(0, Buffer.alloc(100, 0xff))],
    ['with another text', () => writeFileSync(file, 'Dear diary, '.repeat(1_000))],
    ['cut to half', () => truncateSync(file, statSync(file).size / 2)],
    ['cut in the middle of a page', () => truncateSync(file, statSync(file).size - 1_000)],
    ['cut to a piece of its header', () => truncateSync(file, 50)],
    ['with a page of zeros in the middle', () => overwrite(4_096 * 20, Buffer.alloc(4_096))],
    ['with noise in the middle', () => overwrite(4_096 * 20, Buffer.alloc(4_096, 0xa5))],
    ['without a table', () => withDatabase('DROP TABLE event_types')],
    ['without an index', () => withDatabase('DROP INDEX events_by_id')],
    ['with other columns', () => withDatabase('ALTER TABLE streams RENAME COLUMN name TO title')],
    ['with a position missing', () => withDatabase('DELETE FROM events WHERE position = 700')],
    ['without its first event', () => withDatabase('DELETE FROM events WHERE position = 1')],
    ['with an event that says something else', () => withDatabase(`UPDATE events SET data = '"y"' WHERE position = 3`)],
    [
      'with an event moved in time',
      () => withDatabase('UPDATE events SET recorded_at = recorded_at + 1 WHERE position = 1000'),
    ],
  ];

  it.each(damages)('%s is StoreDamaged and named, for writer, reader and verify alike', async (_, damage) => {
    await filled(1_000);
    damage();
    for (const answer of [open(), open(file, true), verifySqliteEventStore(file)]) {
      expect(expectLeft(answer)).toMatchObject({ code: 'StoreDamaged', file, message: expect.stringContaining(file) });
    }
  });

  it('that is sound verifies', async () => {
    await filled(1_000);
    expect(expectRight(verifySqliteEventStore(file))).toEqual({ file, events: 1_000 });
  });

  it.each([
    ['a changed letter', (offset: number) => overwrite(offset, Buffer.from('"nark"'))],
    ['a broken text', (offset: number) => overwrite(offset, Buffer.from('xmark"'))],
    ['a page of noise', (offset: number) => overwrite(offset - (offset % 4_096), Buffer.alloc(4_096, 0xa5))],
    ['a page of zeros', (offset: number) => overwrite(offset - (offset % 4_096), Buffer.alloc(4_096))],
  ])('too large to be checked whole opens; %s in the middle is met by reads and by verify', async (_, damage) => {
    copyFileSync(large, file);
    damage(readFileSync(file).indexOf('"mark"'));

    const damaged = openStore(file, { readOnly: true });
    const seen: number[] = [];
    const reading = async (): Promise<void> => {
      for await (const page of damaged.readAll({ pageSize: 10 })) seen.push(page.length);
    };
    await expect(reading()).rejects.toMatchObject({ name: 'StoreDamagedError', file });
    expect(seen.length).toBeGreaterThan(90);
    expect(seen.length).toBeLessThanOrEqual(100);
    expect(new Set(seen)).toEqual(new Set([10]));
    await expect(collect(damaged.readStream('order-1'))).rejects.toMatchObject({ name: 'StoreDamagedError' });
    const messages = damaged.subscribe({ after: 999n })[Symbol.asyncIterator]();
    await expect(messages.next()).rejects.toMatchObject({ name: 'StoreDamagedError' });
    await damaged.close();
    expect(expectLeft(verifySqliteEventStore(file)).code).toBe('StoreDamaged');
  });
});

describe('a full disk', () => {
  it('fails every append of the commit, keeps the log and lets it go on', async () => {
    const store = openStore(file, { maxBytes: 200_000 });
    expectRight(await store.append(appendTo('order-1')));
    const large = (): ReturnType<typeof arbitraryEvent> =>
      arbitraryEvent({ type: 'NewType', data: 'x'.repeat(100_000) });
    const answers = await store.appendMany([
      appendTo('order-1', [arbitraryEvent()]),
      appendTo('order-2', [large(), large(), large()], 'noStream'),
      appendTo('order-1', [arbitraryEvent({ type: '' })]),
    ]);
    expect(answers.map((answer) => expectLeft(answer).code)).toEqual(['StoreFailed', 'StoreFailed', 'InvalidEvent']);
    expect(await store.head()).toBe(1n);
    expect(
      expectRight(await store.append(appendTo('order-2', [arbitraryEvent({ type: 'NewType' })], 'noStream'))).events[0],
    ).toMatchObject({
      revision: 0,
      position: 2n,
    });
    expect(expectRight(await store.append(appendTo('order-1', [arbitraryEvent()], 0))).events[0]?.position).toBe(3n);
    await store.close();
    expect(expectRight(verifySqliteEventStore(file)).events).toBe(3);
  });
});
