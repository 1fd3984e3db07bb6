import {
  asOneBuilder,
  besideReadModels,
  openLiveReadModels,
  type OpenFailure,
  openStore,
  sendOutgoing,
} from '@afecto/application';
import type { EventStore } from '@afecto/event-store';
import { build, isOtherVersion, needsBuild, ProjectionEngine } from '@afecto/projections';
import { openSqliteReadModels, type ReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import { partOf } from '../export/kept-records';
import type { CommandSettings } from '../settings';
import { buildBars } from '../terminal/build-bars';
import { counted, rate } from '../terminal/numbers';
import { progressLine } from '../terminal/progress';
import { presentOf } from './present';
import { rebuildAlone } from './rebuild';

export interface Projected {
  readonly facts: number;
  readonly customers: number;
  readonly seconds: number;
}

/** More would be little faster, because one thread writes, and cost an import its bound of 600 MiB. */
const FOLDING_THREADS = 3;
const EVENTS_A_STEP = 2_000;

interface ProjectOptions {
  readonly shown: boolean;
  readonly signal: AbortSignal;
}

/** Builds empty or half-built read models, on all cores; false: interrupted, the next build goes on. */
export const buildAll = async (
  settings: Pick<CommandSettings, 'eventStore' | 'readModels' | 'now'>,
  store: EventStore,
  readModels: ReadModels,
  { shown, signal }: ProjectOptions,
): Promise<boolean> => {
  const bars = buildBars(shown);
  try {
    return await build(store, readModels, {
      now: settings.now(),
      signal,
      onProgress: bars.onProgress,
      threads: FOLDING_THREADS,
      spillFile: besideReadModels(settings.readModels, 'build'),
    });
  } finally {
    bars.end();
  }
};

/**
 * The read models to bring up to the log. Those of other rules are not dropped: what they have told and have still
 * to tell goes over to a successor, as in a server; interrupted, they are as they were.
 */
const openOfTheseRules = async (
  settings: CommandSettings,
  store: EventStore,
  options: ProjectOptions,
): Promise<E.Either<OpenFailure, ReadModels>> => {
  const live = await openLiveReadModels(settings.readModels, store);
  if (E.isLeft(live) || !(await isOtherVersion(live.right))) return live;
  await live.right.close();
  const rebuilt = await asOneBuilder(settings, () => rebuildAlone(settings, store, options));
  return E.isLeft(rebuilt) ? rebuilt : openSqliteReadModels(settings.readModels);
};

/** Brings the read models up to the end of the log; an interruption loses nothing and is resumed. */
export const project = async (
  settings: CommandSettings,
  { shown, signal }: ProjectOptions,
): Promise<E.Either<OpenFailure, Projected>> => {
  const store = await openStore(settings);
  if (E.isLeft(store)) return store;
  const models = await openOfTheseRules(settings, store.right, { shown, signal });
  if (E.isLeft(models)) {
    await store.right.close();
    return models;
  }
  const readModels = models.right;
  const started = performance.now();
  const now = await presentOf(settings, store.right);
  if (await needsBuild(readModels))
    await buildAll({ ...settings, now: () => now }, store.right, readModels, { shown, signal });
  if (!(await needsBuild(readModels)) && !(await isOtherVersion(readModels))) {
    const engine = await ProjectionEngine.over(readModels, store.right);
    const line = progressLine('catching up', shown);
    const from = engine.at.position;
    const head = Number((await store.right.head()) - from);
    for await (const events of store.right.readAll({ after: from, pageSize: EVENTS_A_STEP })) {
      await engine.apply(events, now);
      const folded = Number(engine.at.position - from);
      line.update(folded, head, `${counted(folded, 'event')}, ${rate(folded, started)}`);
      if (signal.aborted) break;
    }
    if (!signal.aborted) await engine.advanceTo(now);
    line.end();
    // What is told goes into the log too, and there is nothing to fold in it. A part of a log takes nothing.
    const isPart = partOf(store.right) !== null;
    if (!signal.aborted && !isPart && (await sendOutgoing(store.right, readModels)) > 0)
      for await (const events of store.right.readAll({ after: engine.at.position })) await engine.apply(events, now);
  }
  const groups = await readModels.countCustomers([]);
  const checkpoint = await readModels.checkpoint();
  await readModels.close();
  await store.right.close();
  return E.right({
    facts: checkpoint?.facts ?? 0,
    customers: groups.reduce((sum, group) => sum + group.count, 0),
    seconds: (performance.now() - started) / 1_000,
  });
};
