import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedEventStore, type NewEvent, openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { keepCheckpoint, lastCheckpoint } from '../checkpoint/kept-checkpoints';
import { type SigningKey, signingKeyIn } from '../checkpoint/keys';
import { takeCheckpoint } from '../checkpoint/take-checkpoint';
import { followLog } from '../tree/follow-log';
import { TreeFile } from '../tree/tree-file';

export const expectRight = <A>(outcome: E.Either<unknown, A>): A => {
  if (E.isLeft(outcome)) throw new Error(`Expected success, got ${JSON.stringify(outcome.left)}`);
  return outcome.right;
};

/** A folder for one test and how to remove it. */
export const temporaryFolder = (): { readonly path: (name: string) => string; readonly remove: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), 'afecto-audit-'));
  return { path: (name) => join(folder, name), remove: () => rmSync(folder, { recursive: true, force: true }) };
};

export const anEvent = (given: Partial<NewEvent> = {}): NewEvent => ({
  id: randomUUID(),
  type: 'Noted',
  data: { text: 'señal', amount: 12.5 },
  metadata: { source: 'test' },
  ...given,
});

const START = Date.UTC(2025, 2, 1, 12);

/** A clock that goes on by a second each time it is asked. */
export const tickingClock = (start = START): (() => number) => {
  let at = start;
  return () => (at += 1_000);
};

export const openLog = (file: string, clock: () => number = tickingClock()): EmbeddedEventStore =>
  expectRight(openSqliteEventStore({ file, clock }));

export const openTree = (file: string): TreeFile => expectRight(TreeFile.open(file));

export const aKey = (file: string): SigningKey => expectRight(signingKeyIn(file)).key;

/** Brings the tree to the end of the log and keeps a checkpoint of it there. */
export const checkpointNow = async (
  store: EmbeddedEventStore,
  tree: TreeFile,
  key: SigningKey,
  at = START,
): Promise<string> => {
  await followLog(store, tree);
  const signed = expectRight(takeCheckpoint(tree, (await lastCheckpoint(store, key.publicKey)).newest, key, at));
  expectRight(await keepCheckpoint(store, signed, key.publicKey));
  return signed.note;
};
