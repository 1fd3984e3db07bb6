import { existsSync, renameSync, rmSync } from 'node:fs';
import { type OpenFailure, openReadModels, openStore, sendOutgoing } from '@afecto/application';
import type { EventStore } from '@afecto/event-store';
import { isOutdated, needsBuild, ProjectionEngine } from '@afecto/projections';
import { openSqliteReadModels, type ReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { count, counted } from '../terminal/numbers';
import { type Comparison, compareReadModels } from './compare';
import { done, failed, interrupted, json, type Outcome, refused } from './outcome';
import { presentOf } from './present';
import { buildAll } from './project';
import { existingStore } from './store-file';

export interface Rebuilt {
  readonly facts: number;
  readonly seconds: number;
  readonly factsPerSecond: number;
  /** Null when there was nothing complete to compare with. */
  readonly comparison: Comparison | null;
}

export interface RebuildOptions {
  readonly shown: boolean;
  readonly signal: AbortSignal;
}

/** Puts the finished file in the place of the live one; a crash in between leaves one of the two whole. */
const switchTo = (live: string, rebuilt: string): void => {
  for (const suffix of ['-wal', '-shm']) rmSync(`${live}${suffix}`, { force: true });
  renameSync(rebuilt, live);
  for (const suffix of ['-wal', '-shm']) rmSync(`${rebuilt}${suffix}`, { force: true });
};

/** What the live ones still have to tell goes into the log first: the switch would forget it. */
const sendPending = async (file: string, store: EventStore): Promise<void> => {
  if (!existsSync(file)) return;
  const opened = openSqliteReadModels(file);
  if (E.isLeft(opened)) return;
  if (!(await isOutdated(opened.right, store))) await sendOutgoing(store, opened.right);
  await opened.right.close();
};

/** Builds, and takes what the log got since an earlier, interrupted rebuild; false: interrupted. */
const buildWhole = async (
  settings: Pick<CommandSettings, 'eventStore' | 'readModels' | 'now'>,
  store: EventStore,
  models: ReadModels,
  options: RebuildOptions,
): Promise<boolean> => {
  if (!(await buildAll(settings, store, models, options))) return false;
  const now = settings.now();
  const engine = await ProjectionEngine.over(models, store);
  for await (const events of store.readAll({ after: engine.at.position })) await engine.apply(events, now);
  await engine.advanceTo(now);
  return true;
};

/** Both brought to the same position and instant, then line by line; null when the live ones are not whole. */
const compareWithLive = async (
  file: string,
  rebuilt: ReadModels,
  store: EventStore,
  now: number,
): Promise<Comparison | null> => {
  if (!existsSync(file)) return null;
  const opened = openSqliteReadModels(file);
  if (E.isLeft(opened)) return null;
  const live = opened.right;
  try {
    if (await needsBuild(live)) return null;
    const engine = await ProjectionEngine.over(live, store);
    for await (const events of store.readAll({ after: engine.at.position })) await engine.apply(events, now);
    await engine.advanceTo(now);
    return await compareReadModels(live, rebuilt);
  } finally {
    await live.close();
  }
};

/** The instant up to which the live rows are evaluated, or now when that is later. */
const horizonOf = async (file: string, now: number): Promise<number> => {
  if (!existsSync(file)) return now;
  const live = openSqliteReadModels(file);
  if (E.isLeft(live)) return now;
  const horizon = (await live.right.checkpoint())?.horizon ?? now;
  await live.right.close();
  return Math.max(horizon, now);
};

/**
 * Builds the read models anew beside the present ones, compares the two, and leaves the new ones in
 * place. Until the switch the old ones stay. Right null: interrupted; the next call goes on from there.
 */
export const rebuild = async (
  settings: CommandSettings,
  options: RebuildOptions,
): Promise<E.Either<OpenFailure, Rebuilt | null>> => {
  const existing = existingStore(settings);
  if (E.isLeft(existing)) return existing;
  const opened = await openStore(settings);
  if (E.isLeft(opened)) return opened;
  const store = opened.right;
  const beside = `${settings.readModels}.rebuild`;
  try {
    const models = await openReadModels(beside, store);
    if (E.isLeft(models)) return models;
    const rebuilt = models.right;
    try {
      const horizon = await horizonOf(settings.readModels, await presentOf(settings, store));
      const started = performance.now();
      const target = { eventStore: settings.eventStore, readModels: beside, now: () => horizon };
      if (!(await buildWhole(target, store, rebuilt, options))) return E.right(null);
      const seconds = (performance.now() - started) / 1_000;
      const facts = (await rebuilt.checkpoint())?.facts ?? 0;
      const comparison = await compareWithLive(settings.readModels, rebuilt, store, horizon);
      await rebuilt.close();
      await sendPending(settings.readModels, store);
      switchTo(settings.readModels, beside);
      return E.right({ facts, seconds, factsPerSecond: Math.round(facts / seconds), comparison });
    } finally {
      await rebuilt.close();
    }
  } finally {
    await store.close();
  }
};

export const comparisonText = (comparison: Comparison | null): string => {
  if (comparison === null) return 'there was nothing complete to compare with';
  if (comparison.equal)
    return `equal to the live ones, byte for byte: ${count(comparison.lines)} rows, sha-256 ${comparison.hash.slice(0, 16)}…`;
  return `DIFFERENT from the live ones at row ${count(comparison.lines)}\n  live    ${comparison.first?.live ?? '(end)'}\n  rebuilt ${comparison.first?.rebuilt ?? '(end)'}`;
};

export const rebuildReadModels = async (settings: CommandSettings, signal: AbortSignal): Promise<Outcome> => {
  const result = await rebuild(settings, { shown: !settings.json, signal });
  if (E.isLeft(result)) return failed(result.left.message);
  if (result.right === null)
    return interrupted('Interrupted; the read models are as they were. The same command goes on where it stopped.');
  const { facts, seconds, factsPerSecond, comparison } = result.right;
  const end = comparison?.equal === false ? refused : done;
  if (settings.json) return end(json(result.right));
  return end(
    `${counted(facts, 'fact')} rebuilt in ${seconds.toFixed(1)} s (${count(factsPerSecond)}/s), ${comparisonText(comparison)}`,
  );
};
