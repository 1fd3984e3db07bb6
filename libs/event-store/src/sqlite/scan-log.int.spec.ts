import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { appendTo, expectRight, openStore, temporaryFolder } from '../testing/given-store';
import { StoreDamagedError } from '../store-errors';
import { type LogScan, scanSqliteLog } from './scan-log';

const folder = temporaryFolder();
afterAll(folder.remove);

/** Where SQLite keeps the first cell of a leaf page: behind eight bytes of header (sqlite.org/fileformat2, 1.6). */
const FIRST_CELL = 8;

/** A log of which the page with the names of these things puts a cell behind its own end. */
const damagedLog = async (table: 'streams' | 'event_types'): Promise<string> => {
  const file = join(folder.path, `${randomUUID()}.db`);
  const store = openStore(file);
  expectRight(await store.append(appendTo('order-1')));
  await store.close();
  const database = new DatabaseSync(file, { readOnly: true });
  const { rootpage } = { ...database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table) };
  const { page_size: pageSize } = { ...database.prepare('PRAGMA page_size').get() };
  database.close();
  const bytes = readFileSync(file);
  const at = (Number(rootpage) - 1) * Number(pageSize) + FIRST_CELL;
  bytes.writeUInt8(bytes.readUInt8(at) | 0x10, at);
  writeFileSync(file, bytes);
  return file;
};

const countOf = async (scan: LogScan): Promise<number> => {
  let count = 0;
  for await (const page of scan.records()) count += page.length;
  return count;
};

/**
 * SQLite looks at the cells of a page when it comes into memory, says that they are damaged, and takes the page for
 * sound from then on. Whoever asked a scan for a stream first, as an audit does for the checkpoints, was told of
 * none, because what cannot be asked is not there and `records` tells the damage; but `records` then found none. An
 * audit of such a log said that all of it was in order, and looked at no checkpoint. Found by the property "in one
 * bit of the file" of the audit, in one of some thousand runs.
 */
describe.each(['streams', 'event_types'] as const)('a scan of a log whose page of %s is damaged', (table) => {
  it('tells the damage with the rows', async () => {
    const scan = expectRight(scanSqliteLog(await damagedLog(table)));
    await expect(countOf(scan)).rejects.toThrow(StoreDamagedError);
    scan.close();
  });

  it('tells it also after it was asked for a stream, which it does not find', async () => {
    const scan = expectRight(scanSqliteLog(await damagedLog(table)));
    expect(scan.stream('order-1')).toEqual([]);
    await expect(countOf(scan)).rejects.toThrow(StoreDamagedError);
    await expect(countOf(scan)).rejects.toThrow(StoreDamagedError);
    scan.close();
  });
});
