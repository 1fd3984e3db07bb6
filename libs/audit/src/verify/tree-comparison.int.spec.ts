import { DatabaseSync } from 'node:sqlite';
import { scanSqliteLog } from '@afecto/event-store';
import { CHECKPOINT_STREAM, checkpointsOf } from '../checkpoint/kept-checkpoints';
import { aKey, anEvent, checkpointNow, expectRight, openLog, openTree, temporaryFolder } from '../testing/given-log';
import { followLog } from '../tree/follow-log';
import { TreeFile } from '../tree/tree-file';
import { claimsOf } from './claims';
import { type LogVerdict, verifyLog } from './verify-log';

const folder = temporaryFolder();
afterAll(() => folder.remove());
let serial = 0;

/** A sound log of `count` events and its tree, into which somebody has written. */
const verdictOf = async (
  count: number,
  isSigned: boolean,
  change: (tree: DatabaseSync) => void,
): Promise<LogVerdict> => {
  serial += 1;
  const [file, treeFile] = [folder.path(`${serial}.db`), folder.path(`${serial}.tree.db`)];
  const [store, tree] = [openLog(file), openTree(treeFile)];
  const events = Array.from({ length: count }, () => anEvent());
  expectRight(await store.append({ streamId: 'notes', expectedRevision: 'any', events }));
  if (isSigned) await checkpointNow(store, tree, aKey(folder.path('key.pem')));
  await followLog(store, tree);
  tree.close();
  await store.close();
  const database = new DatabaseSync(treeFile);
  change(database);
  database.close();
  const scan = expectRight(scanSqliteLog(file));
  const opened = expectRight(TreeFile.open(treeFile, { readOnly: true }));
  try {
    return await verifyLog({
      records: scan.records,
      isDense: true,
      tree: opened,
      claims: claimsOf(checkpointsOf(scan.stream(CHECKPOINT_STREAM)), [], []),
      place: async () => null,
    });
  } finally {
    opened.close();
    scan.close();
  }
};

/** Flips one bit of a node. Levels lie 2^44 apart, 64 hashes of 32 bytes in a row. */
const flip =
  (level: number, index: number) =>
  (tree: DatabaseSync): void => {
    const id = level * 2 ** 44 + Math.floor(index / 64);
    const bytes = tree.prepare('SELECT hashes FROM nodes WHERE id = ?').get(id)?.['hashes'];
    if (!(bytes instanceof Uint8Array)) throw new Error(`no row ${id}`);
    const at = (index % 64) * 32;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    tree.prepare('UPDATE nodes SET hashes = ? WHERE id = ?').run(bytes, id);
  };

describe('a tree file that was changed', () => {
  it.each([
    ['a leaf that has a node above it', 0, 6],
    ['a node between', 2, 1],
    ['the highest node', 6, 0],
  ])('is told from a log that was: %s', async (_, level, index) => {
    const { first, treeDamage } = await verdictOf(100, false, flip(level, index));
    expect({ first, treeDamage }).toEqual({ first: null, treeDamage: expect.any(String) });
  });

  it('in its last leaf is told from a log that was by a checkpoint over it', async () => {
    const { first, treeDamage } = await verdictOf(101, true, (tree) => {
      tree.exec('UPDATE state SET size = 101');
      flip(0, 100)(tree);
    });
    expect({ first, treeDamage }).toEqual({
      first: null,
      treeDamage: 'it differs at event 101, for which a signed checkpoint vouches',
    });
  });

  it('without a checkpoint over its last leaf accuses the log, because one of the two was changed', async () => {
    const { first } = await verdictOf(101, false, flip(0, 100));
    expect(first).toMatchObject({ index: 100, explanation: expect.stringContaining('the tree file knows there') });
  });

  it('of which rows are gone is no witness', async () => {
    const { first, treeDamage } = await verdictOf(200, false, (tree) => tree.exec('DELETE FROM nodes WHERE id = 1'));
    expect({ first, treeDamage }).toEqual({ first: null, treeDamage: expect.stringContaining('lacks node 64') });
  });
});
