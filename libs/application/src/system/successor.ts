import { existsSync } from 'node:fs';
import type { Instant } from '@afecto/domain';
import { type EventStore, takeWriterLock } from '@afecto/event-store';
import {
  build,
  type BuildProgress,
  isOtherVersion,
  isSameLog,
  needsBuild,
  ProjectionEngine,
} from '@afecto/projections';
import { isDamage, openSqliteReadModels, presentFile, type ReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import { type Comparison, compareReadModels } from './compare-read-models';
import { makeFolderOf, type OpenFailure } from './open-store';
import { openReadModels } from './open-read-models';
import { besideReadModels } from './settings';

/** Read models built beside the live ones, finished and not yet in their place. */
export interface Prepared {
  readonly file: string;
  readonly facts: number;
  /** Of the build alone. */
  readonly seconds: number;
  /** With the live ones at one position and instant; null when there was nothing complete and whole to compare with. */
  readonly comparison: Comparison | null;
}

export interface PrepareOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BuildProgress) => void;
  readonly threads?: number;
  /** Compare only rows of these tables; default all. */
  readonly tables?: ReadonlyArray<string>;
}

interface Place {
  /** Path of the live read models. */
  readonly readModels: string;
  readonly now: () => Instant;
}

/** Where the successor of these read models is built; an unfinished one is gone on with. */
export const successorFile = (readModels: string): string => besideReadModels(readModels, 'rebuild');

/**
 * Does what makes a successor of these read models and puts it in their place, one process at a time: all build it
 * in the same files. Left `BeingBuilt`: another one does, and the message says which.
 */
export const asOneBuilder = async <A>(
  { readModels, now }: Place,
  work: () => Promise<E.Either<OpenFailure, A>>,
): Promise<E.Either<OpenFailure, A>> => {
  const file = successorFile(readModels);
  const folder = makeFolderOf(file);
  if (E.isLeft(folder)) return folder;
  const lock = takeWriterLock(file, now());
  if (E.isLeft(lock)) {
    if (lock.left.code !== 'StoreHeld')
      return E.left({
        code: 'CannotOpen',
        message: `The read models ${readModels} cannot be rebuilt: ${file}.lock cannot be used`,
      });
    const { holder } = lock.left;
    return E.left({
      code: 'BeingBuilt',
      message: `The read models ${readModels} are being rebuilt by ${holder === null ? 'another process' : `process ${holder.pid}`}; wait for its end.`,
    });
  }
  try {
    return await work();
  } finally {
    lock.right.release();
  }
};

/** Null where a page of the live read models is damaged: what cannot be read is neither compared nor taken over. */
const unlessDamaged = async <A>(read: () => Promise<A>): Promise<A | null> => {
  try {
    return await read();
  } catch (error) {
    if (!isDamage(error)) throw error;
    return null;
  }
};

/** The live read models as they are at this moment; null when there is nothing complete of this log. */
const liveSnapshot = async (file: string, store: EventStore): Promise<ReadModels | null> => {
  if (!existsSync(presentFile(file))) return null;
  const opened = openSqliteReadModels(file, { snapshot: true });
  if (E.isLeft(opened)) return null;
  const snapshot = opened.right;
  if (await unlessDamaged(async () => !(await needsBuild(snapshot)) && (await isSameLog(snapshot, store))))
    return snapshot;
  await snapshot.close();
  return null;
};

/** Brings read models on to a position and an instant, which they have not passed. */
export const bringTo = async (
  readModels: ReadModels,
  store: EventStore,
  { position, horizon }: { readonly position: bigint; readonly horizon: Instant },
): Promise<ProjectionEngine> => {
  const engine = await ProjectionEngine.over(readModels, store);
  for await (const events of store.readAll({ after: engine.at.position, to: position }))
    await engine.apply(events, horizon);
  await engine.advanceTo(horizon, position);
  return engine;
};

/**
 * Builds read models from the log beside the live ones, which go on meanwhile; brings them to where
 * those are, compares the two, and takes over what the live ones have told and have still to tell, as far as they
 * can be read. Null: interrupted; the next call goes on from there. Nothing live is changed.
 */
export const prepareSuccessor = async (
  store: EventStore,
  { readModels: live, now }: Place,
  { signal, onProgress, threads, tables }: PrepareOptions = {},
): Promise<E.Either<OpenFailure, Prepared | null>> => {
  const file = successorFile(live);
  const opened = await openReadModels(file, store);
  if (E.isLeft(opened)) return opened;
  const successor = opened.right;
  try {
    const before = await liveSnapshot(live, store);
    const reached = (await before?.checkpoint()) ?? null;
    await before?.close();
    const began = performance.now();
    const complete = await build(store, successor, {
      now: reached?.horizon ?? now(),
      spillFile: besideReadModels(file, 'build'),
      ...(reached === null ? {} : { until: reached.position }),
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(threads === undefined ? {} : { threads }),
    });
    if (!complete) return E.right(null);
    const seconds = (performance.now() - began) / 1_000;
    const snapshot = await liveSnapshot(live, store);
    const target = await snapshot?.checkpoint();
    const engine = await bringTo(successor, store, target ?? { position: await store.head(), horizon: now() });
    const facts = engine.at.facts;
    if (snapshot === null) return E.right({ file, facts, seconds, comparison: null });
    try {
      const what = (await isOtherVersion(snapshot)) ? 'decisions' : 'everything';
      const comparison = await unlessDamaged(() => compareReadModels(snapshot, successor, what, tables));
      await unlessDamaged(() => engine.succeed(snapshot));
      return E.right({ file, facts, seconds, comparison });
    } finally {
      await snapshot.close();
    }
  } finally {
    await successor.close();
  }
};
