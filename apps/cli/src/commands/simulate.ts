import * as E from 'fp-ts/Either';
import { toIso } from '@afecto/domain';
import type { CommandSettings } from '../settings';
import { simulationStory } from '../terminal/migration-story';
import { openToAsk } from './asking';
import { compareAll, isOutcome, type PageOptions } from './compare';
import { done, failed, interrupted, json, type Outcome, refused } from './outcome';
import { readConfiguration } from './read-configuration';

export interface SimulateOptions extends PageOptions {
  /** The file of a complete configuration document. */
  readonly config: string;
  readonly signal: AbortSignal;
}

/** What another configuration cannot change, because it is a fact (`domain.md §1`, Cross-customer numbers). */
const REVIEWS =
  'Reviews of the portfolio are facts and stay as they were recorded: quintiles, tier cut-offs and heavy users are those of the reviews, and shares of tiers in the configuration count from the next review on.';

/**
 * Replays history as if another configuration had always been in force, beside the history as it was, and
 * shows who would stand elsewhere. The log and the read models are not written.
 */
export const simulate = async (settings: CommandSettings, options: SimulateOptions): Promise<Outcome> => {
  const { config: file, signal } = options;
  const configuration = await readConfiguration(file);
  if (E.isLeft(configuration)) return failed(configuration.left);
  const opened = await openToAsk(settings, signal);
  if (E.isLeft(opened))
    return opened.left.code === 'Interrupted' ? interrupted(opened.left.message) : failed(opened.left.message);
  const asking = opened.right;
  try {
    const asOf = settings.asOf ?? asking.now;
    const side = { asOf, knownAt: settings.knownAt ?? null };
    const sides = {
      before: { ...side, configuration: null },
      after: { ...side, configuration: configuration.right },
    };
    const compared = await compareAll(asking, sides, options, {
      json: settings.json,
      signal,
      told: async (moved) => moved,
    });
    if (isOutcome(compared)) return compared;
    const about = { asOf: toIso(asOf), configuration: file, configurationVersion: configuration.right.version };
    const end = compared.failed.length === 0 ? done : refused;
    return end(
      settings.json ? json({ ...about, ...compared, note: REVIEWS }) : simulationStory(about, compared, REVIEWS),
    );
  } finally {
    await asking.close();
  }
};
