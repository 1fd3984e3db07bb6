import { besideReadModels, openReadOnlyStore, openStore, signingKeyOf } from '@afecto/application';
import {
  contradiction,
  endsInLog,
  followLog,
  joinNotes,
  keepCheckpoint,
  keptCheckpoints,
  lastCheckpoint,
  originOf,
  readSigningKey,
  type SignedCheckpoint,
  type SigningKey,
  signingKeyIn,
  takeCheckpoint,
  toBase64,
  TreeFile,
  verifierKeyOf,
} from '@afecto/audit';
import type { EventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { counted } from '../terminal/numbers';
import { progressLine } from '../terminal/progress';
import { denied, failed, interrupted, type Outcome, refused } from './outcome';
import { presentOf } from './present';
import { output } from './proof-output';
import { wholeTree } from './proof-tree';
import { existingStore } from './store-file';

export interface CheckpointOptions {
  /** Export all checkpoints that the log has instead of taking one. */
  readonly all: boolean;
  /** Where to write; default standard output. */
  readonly out?: string;
  readonly signal: AbortSignal;
}

const opened = async <A>(
  settings: CommandSettings,
  use: (store: EventStore) => Promise<A>,
): Promise<E.Either<{ readonly message: string }, A>> => {
  const store = await openReadOnlyStore(settings);
  if (E.isLeft(store)) return store;
  try {
    return E.right(await use(store.right));
  } finally {
    await store.right.close();
  }
};

const exportAll = async (settings: CommandSettings, options: CheckpointOptions): Promise<Outcome> => {
  const kept = await opened(settings, keptCheckpoints);
  if (E.isLeft(kept)) return failed(kept.left.message);
  const notes = kept.right.flatMap(({ signed }) => (E.isRight(signed) ? [signed.right.note] : []));
  if (notes.length === 0) return denied('The log has no checkpoint; take one with: afecto checkpoint');
  return output(
    {
      text: joinNotes(notes),
      told: (file) => `${counted(notes.length, 'checkpoint')} in ${file}`,
      shown: { checkpoints: notes },
    },
    options.out,
    settings,
  );
};

/** A checkpoint of the log as it is now; `kept`: it lies in the log. Left: nothing was signed, and why. */
type Taken = E.Either<
  string,
  { readonly note: string; readonly size: number; readonly root: string; readonly kept: boolean }
>;

const sign = async (
  settings: CommandSettings,
  store: EventStore,
  tree: TreeFile,
  key: SigningKey,
  keeps: boolean,
): Promise<Taken> => {
  if (tree.size === 0) return E.left('The log is empty: there is nothing to sign.');
  const { newest: last } = await lastCheckpoint(store, key.publicKey);
  const shown = ({ checkpoint, note }: SignedCheckpoint, kept: boolean): Taken =>
    E.right({ note, size: checkpoint.size, root: toBase64(checkpoint.root), kept });
  const isOfAll =
    last !== null &&
    last.position === tree.position &&
    last.signed.checkpoint.size === tree.size - 1 &&
    contradiction(tree, last) === null;
  // Nothing has happened since but that it was kept.
  if (isOfAll) return shown(last.signed, true);
  const signed = takeCheckpoint(tree, last, key, await presentOf(settings, store));
  if (E.isLeft(signed)) return E.left(signed.left.message);
  const outcome = keeps ? await keepCheckpoint(store, signed.right, key.publicKey) : E.right(undefined);
  return E.isLeft(outcome) ? outcome : shown(signed.right, keeps);
};

/** By the one writer of the log, which keeps its tree too. Null: interrupted. */
const takeAndKeep = async (
  settings: CommandSettings,
  store: EventStore,
  key: SigningKey,
  signal: AbortSignal,
): Promise<Taken | null> => {
  const tree = TreeFile.open(besideReadModels(settings.readModels, 'tree'));
  if (E.isLeft(tree)) return E.left(tree.left.message);
  const line = progressLine('hashing', !settings.json);
  try {
    if (!(await endsInLog(store, tree.right)))
      return E.left(`The log and its tree file ${tree.right.file} are not of one history; see: afecto verify`);
    const head = Number(await store.head());
    await followLog(store, tree.right, {
      signal,
      onProgress: (size, position) => line.update(Number(position), head, counted(size, 'event')),
    });
    if (signal.aborted) return null;
    return await sign(settings, store, tree.right, key, true);
  } finally {
    line.end();
    tree.right.close();
  }
};

/** Beside the process that has the log: that one alone appends, so the checkpoint is only given out. */
const takeBeside = async (
  settings: CommandSettings,
  key: SigningKey,
  signal: AbortSignal,
): Promise<E.Either<{ readonly message: string }, Taken | null>> =>
  opened(settings, async (store) => {
    const whole = await wholeTree(settings, store, signal);
    if (whole === null) return null;
    try {
      return await sign(settings, store, whole.tree, key, false);
    } finally {
      whole.close();
    }
  });

const take = async (
  settings: CommandSettings,
  key: SigningKey,
  signal: AbortSignal,
): Promise<E.Either<{ readonly message: string }, Taken | null>> => {
  const store = await openStore(settings);
  if (E.isLeft(store)) return store.left.code === 'StoreHeld' ? takeBeside(settings, key, signal) : store;
  try {
    return E.right(await takeAndKeep(settings, store.right, key, signal));
  } finally {
    await store.right.close();
  }
};

/**
 * Takes a signed checkpoint of the log as it is now and keeps it there, or exports all that it has. While
 * a server runs, which alone appends to an embedded log, the checkpoint is signed and given out only.
 */
export const checkpoint = async (settings: CommandSettings, options: CheckpointOptions): Promise<Outcome> => {
  const existing = existingStore(settings);
  if (E.isLeft(existing)) return failed(existing.left.message);
  if (options.all) return exportAll(settings, options);
  const key = signingKeyIn(signingKeyOf(settings));
  if (E.isLeft(key)) return failed(key.left.message);
  const taken = await take(settings, key.right.key, options.signal);
  if (E.isLeft(taken)) return failed(taken.left.message);
  if (taken.right === null) return interrupted('Interrupted; nothing was signed.');
  if (E.isLeft(taken.right)) return denied(taken.right.left);
  const { note, ...shown } = taken.right.right;
  const outcome = await output(
    {
      text: note,
      told: (file) => `A checkpoint of ${counted(shown.size, 'event')} in ${file}`,
      shown: { ...shown, checkpoint: note },
    },
    options.out,
    settings,
  );
  if (shown.kept || settings.json || outcome.exitCode !== 0) return outcome;
  return { ...outcome, error: 'It is not kept in the log, because another process has that open for writing.' };
};

/** The public key that an auditor holds, in PEM form; for people also as verifiers of notes take it. */
export const showPublicKey = async (
  settings: CommandSettings,
  { out }: { readonly out?: string },
): Promise<Outcome> => {
  const file = signingKeyOf(settings);
  const key = readSigningKey(file);
  if (E.isLeft(key)) return failed(key.left.message);
  if (key.right === null)
    return denied(`There is no signing key ${file} yet; the first start of the server makes it, or: afecto checkpoint`);
  const { publicKey } = key.right;
  const existing = existingStore(settings);
  const first = E.isLeft(existing) ? E.right(null) : await opened(settings, firstIdOf);
  if (E.isLeft(first)) return refused(first.left.message);
  const verifierKey = first.right === null ? null : verifierKeyOf(originOf(first.right), publicKey);
  return output(
    {
      text: publicKey.pem,
      told: (written) => `The public key in ${written}`,
      shown: { publicKey: publicKey.pem, verifierKey },
    },
    out,
    settings,
  );
};

const firstIdOf = async (store: EventStore): Promise<string | null> => {
  for await (const [first] of store.readAll({ limit: 1 })) return first?.id ?? null;
  return null;
};
