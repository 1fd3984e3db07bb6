import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { EventStore } from '@afecto/event-store';
import { type BuildProgress, isOtherVersion, isSameLog, needsBuild, type Projections } from '@afecto/projections';
import {
  makePresent,
  openSqliteReadModels,
  presentFile,
  type ReadModels,
  removeGeneration,
  type ReplaceableReadModels,
} from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import { type OpenFailure, openReadOnlyStore } from './open-store';
import { keyFilesOf, type Settings } from './settings';
import { asOneBuilder, bringTo, type Prepared, prepareSuccessor } from './successor';

/** How often is looked whether another process offers a successor, in milliseconds. */
const LOOK_MS = 500;
/** After a failure to build one: how long is waited before the next try, in milliseconds. */
const RETRY_MS = 10_000;

const offerOf = (readModels: string): string => `${readModels}.offer`;

/** Offers prepared read models to the process that keeps the live ones; it takes them within a second. */
export const offerSuccessor = (readModels: string, file: string): void => {
  const draft = `${offerOf(readModels)}.draft`;
  writeFileSync(draft, `${basename(file)}\n`);
  renameSync(draft, offerOf(readModels));
};

/** Whether an offer waits to be taken. */
export const isOffered = (readModels: string): boolean => existsSync(offerOf(readModels));

export const withdrawOffer = (readModels: string): void => rmSync(offerOf(readModels), { force: true });

const notASuccessor = (file: string, why: string): E.Either<OpenFailure, never> =>
  E.left({ code: 'NotASuccessor', message: `${file} cannot take the place of the read models: ${why}` });

/** What runs, and what is to be replaced in it. */
export interface Incumbent {
  readonly settings: Settings;
  readonly store: EventStore;
  readonly readModels: ReplaceableReadModels;
  readonly projections: Projections;
}

/**
 * Puts prepared read models in the place of the live ones while they are asked and followed: brought up
 * to date beside them, and for the last events in a step of the engine, so that nothing comes between.
 * Queries before the switch are answered by the former ones, queries after it by these.
 */
export const adoptSuccessor = async (incumbent: Incumbent, file: string): Promise<E.Either<OpenFailure, void>> => {
  const opened = openSqliteReadModels(file);
  if (E.isLeft(opened)) return opened;
  try {
    return await handOver(incumbent, opened.right, file);
  } finally {
    // However it went: a try that fails is made again, with a connection of its own.
    await opened.right.close();
  }
};

const handOver = async (
  { settings, store, readModels, projections: { engine } }: Incumbent,
  heir: ReadModels,
  file: string,
): Promise<E.Either<OpenFailure, void>> => {
  const checkpoint = await heir.checkpoint();
  if (checkpoint === null || (await needsBuild(heir))) return notASuccessor(file, 'they are not complete');
  if (await isOtherVersion(heir)) return notASuccessor(file, 'they are of other rules than this program');
  if (!(await isSameLog(heir, store))) return notASuccessor(file, 'they are of another log');
  if (checkpoint.position > engine.at.position || checkpoint.horizon > engine.at.horizon)
    return notASuccessor(file, 'they are ahead of the live ones');
  await bringTo(heir, store, engine.at);
  const former = presentFile(settings.readModels);
  const retired = await engine.exclusively(async () => {
    const successor = await bringTo(heir, store, engine.at);
    await successor.takeOutgoing(readModels);
    // Its file gets another name, which SQLite must not have open.
    await heir.close();
    const generation = openSqliteReadModels(makePresent(settings.readModels, file));
    if (E.isLeft(generation)) throw new Error(generation.left.message);
    const closed = readModels.replaceBy(generation.right);
    await engine.reload();
    return { closed };
  });
  await retired.closed;
  removeGeneration(former);
  return E.right(undefined);
};

/** The compiled thread; absent where TypeScript runs uncompiled (tests), which then builds in its own thread. */
const WORKER = join(__dirname, 'successor-worker.js');

export interface SuccessorQuestion {
  readonly eventStore: string;
  readonly readModels: string;
  readonly keyStore: string;
  readonly masterKey: string;
  readonly now: number;
}

export type SuccessorMessage =
  | { readonly kind: 'progress'; readonly progress: BuildProgress }
  | { readonly kind: 'prepared'; readonly prepared: E.Either<OpenFailure, Prepared | null> };

interface Preparing {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: BuildProgress) => void;
}

/** In a thread of its own, so that queries and facts do not wait; an interruption loses nothing that was committed. */
const prepareElsewhere = (
  settings: Settings,
  { signal, onProgress }: Preparing,
): Promise<E.Either<OpenFailure, Prepared | null>> =>
  new Promise((resolve, reject) => {
    const { eventStore, readModels, now } = settings;
    const question: SuccessorQuestion = { eventStore, readModels, ...keyFilesOf(settings), now: now() };
    const worker = new Worker(WORKER, { workerData: question });
    worker.on('message', (message: SuccessorMessage) => {
      if (message.kind === 'progress') onProgress?.(message.progress);
      else resolve(message.prepared);
    });
    worker.on('error', reject);
    worker.on('exit', () => resolve(E.right(null)));
    signal.addEventListener('abort', () => worker.postMessage('stop'), { once: true });
  });

/** Prepares a successor with a store of its own. */
export const prepareBeside = async (
  settings: Settings,
  preparing: Preparing & { readonly threads?: number },
): Promise<E.Either<OpenFailure, Prepared | null>> => {
  const opened = await openReadOnlyStore(settings);
  if (E.isLeft(opened)) return opened;
  try {
    return await prepareSuccessor(opened.right, settings, preparing);
  } finally {
    await opened.right.close();
  }
};

export interface SuccessionOptions {
  readonly onProgress?: (progress: BuildProgress) => void;
  readonly onSwitched?: (prepared: Prepared | null) => void;
  readonly onFailure?: (message: string) => void;
}

export interface Succession {
  /** Interrupts a build under way; the next start goes on with it. */
  readonly stop: () => Promise<void>;
}

/**
 * Replaces the live read models without a pause: when they are of other rules than this program, by ones
 * that are built beside them; and by those that another process offers (`afecto rebuild`).
 */
export const startSuccession = (incumbent: Incumbent, options: SuccessionOptions): Succession => {
  const { settings, readModels } = incumbent;
  const ended = new AbortController();
  const { signal } = ended;
  const rest = (milliseconds: number): Promise<void> =>
    pause(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);

  const adopt = async (file: string, prepared: Prepared | null): Promise<E.Either<OpenFailure, void>> => {
    const adopted = await adoptSuccessor(incumbent, file);
    if (E.isRight(adopted)) options.onSwitched?.(prepared);
    return adopted;
  };

  const replace = async (): Promise<E.Either<OpenFailure, void>> => {
    const preparing: Preparing = {
      signal,
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    };
    const prepared = await (existsSync(WORKER) ? prepareElsewhere : prepareBeside)(settings, preparing);
    if (E.isLeft(prepared)) return prepared;
    return prepared.right === null || signal.aborted ? E.right(undefined) : adopt(prepared.right.file, prepared.right);
  };

  const replaceOutdated = async (): Promise<E.Either<OpenFailure, void>> =>
    (await isOtherVersion(readModels)) ? asOneBuilder(settings, replace) : E.right(undefined);

  const takeOffer = async (): Promise<E.Either<OpenFailure, void>> => {
    if (!isOffered(settings.readModels)) return E.right(undefined);
    const name = readFileSync(offerOf(settings.readModels), 'utf8').trim();
    try {
      return await adopt(join(dirname(settings.readModels), basename(name)), null);
    } finally {
      withdrawOffer(settings.readModels);
    }
  };

  /** False: it failed, which has been told. */
  const attempt = async (step: () => Promise<E.Either<OpenFailure, void>>): Promise<boolean> => {
    const failure = await step().then(
      (done) => (E.isLeft(done) ? done.left.message : null),
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (failure !== null) options.onFailure?.(failure);
    return failure === null;
  };

  const running = (async () => {
    let nextTry = performance.now();
    while (!signal.aborted) {
      // Also between tries: whoever builds a successor now waits until it is taken.
      await attempt(takeOffer);
      if (performance.now() >= nextTry)
        nextTry = (await attempt(replaceOutdated)) ? Infinity : performance.now() + RETRY_MS;
      await rest(LOOK_MS);
    }
  })();
  return {
    stop: async () => {
      ended.abort();
      await running;
    },
  };
};
