import { openReadOnlyStore } from '@afecto/application';
import { build, ProjectionEngine } from '@afecto/projections';
import { openSqliteReadModels } from '@afecto/read-models';
import { createAnswers } from '@afecto/application';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { count, progressLine, rate } from '../terminal/progress';
import { queuesStory, zonesStory } from '../terminal/story';
import { done, failed, json, type Outcome, refused } from './outcome';

/**
 * Folds the history again, in memory, up to a position of the log or an instant, and shows what the
 * system says then. Neither the store nor the read models are touched; a server may run beside it.
 */
export const replay = async (
  settings: CommandSettings,
  { until, signal }: { readonly until?: bigint; readonly signal: AbortSignal },
): Promise<Outcome> => {
  const opened = openReadOnlyStore(settings);
  if (E.isLeft(opened)) return failed(opened.left.message);
  const store = opened.right;
  const models = openSqliteReadModels(':memory:');
  if (E.isLeft(models)) return failed(models.left.message);
  const readModels = models.right;
  const now = settings.asOf ?? settings.now();
  const started = performance.now();
  const line = progressLine('replay', !settings.json);
  const complete = await build(store, readModels, {
    now,
    signal,
    ...(until === undefined ? {} : { until }),
    onProgress: ({ done: folded, total }) => line.update(folded, total, rate(folded, started)),
  });
  line.end();
  await store.close();
  if (!complete) {
    await readModels.close();
    return refused('interrupted; nothing was changed');
  }
  const engine = await ProjectionEngine.over(readModels);
  const answers = createAnswers({ engine, readModels, now: () => now });
  const [zones, queues] = [await answers.zones(['zone']), await answers.queueKpis()];
  const { position, facts } = engine.at;
  await readModels.close();
  const seconds = (performance.now() - started) / 1_000;
  if (settings.json) return done(json({ position, facts, asOf: new Date(now).toISOString(), seconds, zones, queues }));
  return done(
    [
      `${count(facts)} facts replayed up to position ${position} in ${seconds.toFixed(1)} s; as of ${new Date(now).toISOString()}:`,
      '',
      zonesStory(zones),
      '',
      queuesStory(queues),
    ].join('\n'),
  );
};
