import { setTimeout as pause } from 'node:timers/promises';
import type { AppendRequest, EventStore, Position } from '../port';
import { follower } from './follower';
import { ObservedStore } from './observe';
import type { Recorder } from './record';
import { Random } from './random';
import { finalReads, reader } from './reader';
import { subscriber } from './subscriber';
import { writer } from './writer';

/** How much is done at once, and how long. */
export interface WorkloadOptions {
  readonly seed: number;
  /** Another one for each run over the same log, so that it does other things. */
  readonly run: string;
  readonly streams: number;
  readonly writers: number;
  /** Steps of each writer. */
  readonly steps: number;
  readonly readers: number;
  readonly subscribers: number;
  /** File of the projection; `null`: there is none. */
  readonly projection: string | null;
  /** Appends of earlier runs whose outcome nobody knows: they are asked again, as a sender does. */
  readonly unresolved: ReadonlyArray<AppendRequest>;
  /** How long subscribers and the projection are waited for at the end, in milliseconds. */
  readonly patienceMs: number;
}

/** What the processes of one workload share. */
export interface Shared {
  /** The store, or the connection to it, of a process. */
  readonly storeOf: (process: string) => EventStore;
  readonly recorder: Recorder;
  readonly options: WorkloadOptions;
  readonly streams: ReadonlyArray<string>;
  /** Requests that somebody has made, for those who repeat, look up or conflict. */
  readonly asked: AppendRequest[];
  /** Aborts when all writers are done. */
  readonly written: AbortSignal;
  /** Position up to which all have to come, once the writers are done. */
  readonly goal: Promise<Position>;
  readonly observed: (process: string) => ObservedStore;
  readonly random: (process: string) => Random;
}

export const EVENT_TYPES = ['Opened', 'Changed', 'Noted', 'Closed'] as const;

/** Streams in two families, so that a prefix keeps some of them out. */
const streamNames = (count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, n) => `${n % 2 === 0 ? 'even' : 'odd'}-${n}`);

/**
 * Runs writers, readers, subscribers and a projection against a store, all by one seed, and records every
 * call. Resolves when the writers have done their steps, the others have reached the end of the log
 * and the whole of it has been read once more in every way. Rejects when a read fails, which no fault excuses
 * while the store's process lives, unless `mayFail` accepts its error.
 *
 * @param stores one embedded store, or several connections to one server, among which the processes are divided
 */
export const runWorkload = async (
  stores: readonly [EventStore, ...EventStore[]],
  recorder: Recorder,
  options: WorkloadOptions,
  mayFail: (error: unknown) => boolean = () => false,
): Promise<void> => {
  const written = new AbortController();
  const goal = Promise.withResolvers<Position>();
  const storeOf = (process: string): EventStore =>
    stores[Number(/\d+$/.exec(process)?.[0] ?? 0) % stores.length] ?? stores[0];
  const shared: Shared = {
    storeOf,
    recorder,
    options,
    streams: streamNames(options.streams),
    asked: [...options.unresolved],
    written: written.signal,
    goal: goal.promise,
    observed: (process) => new ObservedStore(storeOf(process), recorder, process),
    random: (process) => new Random(options.seed, `${options.run}/${process}`),
  };
  const tolerant = async (step: () => Promise<void>): Promise<void> => {
    for (;;) {
      try {
        await step();
        return;
      } catch (error) {
        if (!mayFail(error)) throw error;
        await pause(20);
      }
    }
  };
  const named = (count: number, name: string, run: (name: string, shared: Shared) => Promise<void>): Promise<void>[] =>
    Array.from({ length: count }, (_, n) => tolerant(() => run(`${name}${n + 1}`, shared)));
  const writing = Promise.all(named(options.writers, 'writer', writer));
  const others = [
    ...named(options.readers, 'reader', reader),
    ...named(options.subscribers, 'subscriber', subscriber),
    ...(options.projection === null ? [] : named(1, 'projection', follower(options.projection))),
  ];
  const all = Promise.all(others);
  // Whoever fails first is told of below.
  all.catch(() => undefined);
  try {
    await Promise.race([writing, all.then(() => writing)]);
    written.abort();
    await tolerant(async () => goal.resolve(await stores[0].head()));
    await all;
    await tolerant(() => finalReads(shared));
  } finally {
    written.abort();
    goal.resolve(0n);
  }
};
