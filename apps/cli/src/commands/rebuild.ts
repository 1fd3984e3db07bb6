import { existsSync, renameSync, rmSync } from 'node:fs';
import { openReadModels, openStore } from '@afecto/application';
import { build, type BuildProgress, needsBuild, ProjectionEngine } from '@afecto/projections';
import { openSqliteReadModels, type ReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { count, progressLine, rate } from '../terminal/progress';
import { type Comparison, compareReadModels } from './compare';
import { done, failed, json, type Outcome, refused } from './outcome';

const drop = (file: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
};

export interface Rebuilt {
  readonly facts: number;
  readonly seconds: number;
  readonly factsPerSecond: number;
  /** Null when there was nothing to compare with. */
  readonly comparison: Comparison | null;
}

/**
 * Builds the read models anew beside the present ones, compares the two, and leaves the new ones in
 * place. An interrupted rebuild goes on at the next call; until the switch the old ones stay.
 */
export const rebuild = async (
  settings: CommandSettings,
  { shown, signal }: { readonly shown: boolean; readonly signal: AbortSignal },
): Promise<E.Either<{ readonly message: string }, Rebuilt | null>> => {
  const opened = openStore(settings);
  if (E.isLeft(opened)) return opened;
  const store = opened.right;
  const beside = `${settings.readModels}.rebuild`;
  try {
    const models = await openReadModels(beside);
    if (E.isLeft(models)) return models;
    const live = existsSync(settings.readModels) ? openSqliteReadModels(settings.readModels) : null;
    const now = settings.now();
    const horizon = live !== null && E.isRight(live) ? ((await live.right.checkpoint())?.horizon ?? now) : now;
    const started = performance.now();
    const bars = { ledger: progressLine('ledger', shown), customers: progressLine('customers', shown) };
    const onProgress = ({ step, done: built, total }: BuildProgress): void =>
      bars[step].update(
        built,
        total,
        `${count(built)} ${step === 'ledger' ? 'facts' : 'parties'}, ${rate(built, started)}`,
      );
    const complete = await build(store, models.right, { now: Math.max(horizon, now), signal, onProgress });
    bars.ledger.end();
    bars.customers.end();
    if (!complete) {
      await models.right.close();
      if (live !== null && E.isRight(live)) await live.right.close();
      return E.right(null);
    }
    const seconds = (performance.now() - started) / 1_000;
    const facts = (await models.right.checkpoint())?.facts ?? 0;
    const comparison = live !== null && E.isRight(live) ? await compared(live.right, models.right, now) : null;
    await models.right.close();
    drop(settings.readModels);
    for (const suffix of ['', '-wal', '-shm'])
      if (existsSync(`${beside}${suffix}`)) renameSync(`${beside}${suffix}`, `${settings.readModels}${suffix}`);
    return E.right({ facts, seconds, factsPerSecond: Math.round(facts / seconds), comparison });
  } finally {
    await store.close();
  }
};

/** Both brought to the same instant, then line by line; null when the present ones were half-built. */
const compared = async (live: ReadModels, rebuilt: ReadModels, now: number): Promise<Comparison | null> => {
  try {
    if (await needsBuild(live)) return null;
    const [ours, theirs] = [await ProjectionEngine.over(live), await ProjectionEngine.over(rebuilt)];
    if (ours.at.position !== theirs.at.position) return null;
    await ours.advanceTo(now);
    await theirs.advanceTo(now);
    return await compareReadModels(live, rebuilt);
  } finally {
    await live.close();
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
  if (result.right === null) return refused('interrupted; the same command goes on where it stopped');
  const { facts, seconds, factsPerSecond, comparison } = result.right;
  const end = comparison?.equal === false ? refused : done;
  if (settings.json) return end(json(result.right));
  return end(
    `${count(facts)} facts rebuilt in ${seconds.toFixed(1)} s (${count(factsPerSecond)}/s), ${comparisonText(comparison)}`,
  );
};
