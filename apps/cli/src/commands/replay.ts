import { createAnswers, openReadOnlyStore, OpenWork } from '@afecto/application';
import { type Instant, recordedInstantOf } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import { build, ProjectionEngine } from '@afecto/projections';
import { openSqliteReadModels, replaceable } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { buildBars } from '../terminal/build-bars';
import { count, counted } from '../terminal/numbers';
import { queuesStory, zonesStory } from '../terminal/portfolio-story';
import { done, failed, interrupted, json, type Outcome } from './outcome';
import { presentOf } from './present';
import { existingStore } from './store-file';

export interface ReplayOptions {
  /** Last position taken; default the end of the log. */
  readonly until?: bigint;
  readonly signal: AbortSignal;
}

/** The last position of the log recorded by an instant: recording times never decrease along it. */
const lastKnownAt = async (store: EventStore, knownAt: Instant): Promise<bigint> => {
  for await (const page of store.readAll({ direction: 'backwards' }))
    for (const event of page) if (recordedInstantOf(event) <= knownAt) return event.position;
  return 0n;
};

const endOf = async (store: EventStore, settings: CommandSettings, until: bigint | undefined): Promise<bigint> => {
  const { knownAt } = settings;
  const ends = [await store.head()];
  if (until !== undefined) ends.push(until);
  if (knownAt !== undefined) ends.push(await lastKnownAt(store, knownAt));
  return ends.reduce((first, end) => (end < first ? end : first));
};

/**
 * Folds the history again, in memory, up to a position of the log or an instant, and shows what the
 * system says then. Neither the store nor the read models are touched; a server may run beside it.
 */
export const replay = async (settings: CommandSettings, { until, signal }: ReplayOptions): Promise<Outcome> => {
  const existing = existingStore(settings);
  if (E.isLeft(existing)) return failed(existing.left.message);
  const opened = await openReadOnlyStore(settings);
  if (E.isLeft(opened)) return failed(opened.left.message);
  const store = opened.right;
  const models = openSqliteReadModels(':memory:');
  if (E.isLeft(models)) return failed(models.left.message);
  const readModels = models.right;
  const now = settings.asOf ?? (await presentOf(settings, store));
  const started = performance.now();
  const bars = buildBars(!settings.json);
  const complete = await build(store, readModels, {
    now,
    signal,
    until: await endOf(store, settings, until),
    onProgress: bars.onProgress,
  });
  bars.end();
  if (!complete) {
    await store.close();
    await readModels.close();
    return interrupted('Interrupted; nothing was changed.');
  }
  const engine = await ProjectionEngine.over(readModels, store);
  const answers = createAnswers({
    engine,
    readModels,
    openWork: new OpenWork(replaceable(readModels)),
    store,
    now: () => now,
  });
  const [zones, queues] = [await answers.zones(['zone']), await answers.queueKpis()];
  const { position, facts } = engine.at;
  await readModels.close();
  await store.close();
  const seconds = (performance.now() - started) / 1_000;
  const asOf = new Date(now).toISOString();
  if (settings.json) return done(json({ position, facts, asOf, seconds, zones, queues }));
  const head = `${counted(facts, 'fact')} replayed up to position ${count(Number(position))} in ${seconds.toFixed(1)} s; as of ${asOf}:`;
  return done([head, '', zonesStory(zones), '', queuesStory(queues)].join('\n'));
};
