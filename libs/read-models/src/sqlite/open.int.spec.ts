import { closeSync, copyFileSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as E from 'fp-ts/Either';
import type { ReadModels } from '../port';
import { openSqliteReadModels } from './open';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'afecto-read-models-'));
  file = join(folder, 'read-models.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const opened = (name = file): ReadModels => {
  const models = openSqliteReadModels(name);
  if (E.isLeft(models)) throw new Error(models.left.message);
  return models.right;
};

describe('opening read models', () => {
  it('takes up those of which only the write-ahead log says whose they are, as after a crash', async () => {
    const models = opened();
    const copy = join(folder, 'copy.db');
    for (const suffix of ['', '-wal']) copyFileSync(`${file}${suffix}`, `${copy}${suffix}`);
    await models.close();
    expect(readFileSync(copy).readUInt32BE(68)).toBe(0);
    const taken = opened(copy);
    expect(await taken.checkpoint()).toBeNull();
    await taken.close();
  });

  it.each<readonly [string, (path: string) => void]>([
    [
      'are no database any more',
      (path) => {
        const descriptor = openSync(path, 'r+');
        writeSync(descriptor, Buffer.alloc(3_000, 7), 0, 3_000, 100);
        closeSync(descriptor);
      },
    ],
    ['end behind the first', (path) => truncateSync(path, 4_096)],
    ['end within one', (path) => truncateSync(path, 4_096 + 100)],
    ['end within the first', (path) => truncateSync(path, 2_000)],
  ])('finds ours damaged when their pages %s', async (_, damage) => {
    await opened().close();
    damage(file);
    expect(openSqliteReadModels(file)).toMatchObject(E.left({ code: 'Damaged' }));
  });

  /**
   * Only the first page was looked at: with a damaged one behind it a server started, was ready, and failed with
   * each question that met the page, after every restart again; of the pages of an index `verify` does not know.
   */
  it('finds ours damaged by a page in the middle when that is asked for', async () => {
    await opened().close();
    const database = new DatabaseSync(file, { readOnly: true });
    const page = Number(
      database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'customer_list'").get()?.['rootpage'],
    );
    database.close();
    const descriptor = openSync(file, 'r+');
    writeSync(descriptor, Buffer.alloc(4_096, 7), 0, 4_096, (page - 1) * 4_096);
    closeSync(descriptor);
    await opened().close();
    expect(openSqliteReadModels(file, { checked: true })).toMatchObject(E.left({ code: 'Damaged' }));
  });

  /**
   * Whatever went wrong while a file was opened once made it a damaged one, and damaged read models are removed
   * and built again: those of a process that held them for a moment were removed under it.
   */
  it('does not take ours for damaged when another process has them to itself', async () => {
    await opened().close();
    const other = new DatabaseSync(file);
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    expect(openSqliteReadModels(file)).toMatchObject(E.left({ code: 'CannotOpen' }));
    other.close();
    await opened().close();
  });
});
