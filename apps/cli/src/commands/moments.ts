import { calendarOf } from '@afecto/domain';
import { momentChanges, momentNameOf, momentScores } from '@afecto/projections';
import type { CommandSettings } from '../settings';
import { momentsStory } from '../terminal/moments-story';
import type { Outcome } from './outcome';
import { readPortfolio } from './read-portfolio';

export interface MomentsOptions {
  /** Days that it looks back, the last one that of `--as-of` or now. */
  readonly days: number;
  readonly signal: AbortSignal;
}

/**
 * How the loyalty score changed with each moment of truth of the last days: mean change from just before to
 * 30 days after, over all customers but staff, rivals, the erased and who objects (`domain.md §4.3`). Folds
 * every customer again; changes nothing.
 */
export const showMoments = (settings: CommandSettings, { days, signal }: MomentsOptions): Promise<Outcome> =>
  readPortfolio(settings, 'moments of truth', signal, ({ asOf, policy, regime }) => {
    const { dayNumber } = calendarOf(policy.configuration.tenant.timeZone);
    const first = dayNumber(asOf) - days + 1;
    const changes = momentChanges();
    return {
      add: ({ history }, excluded) => {
        if (excluded) return;
        for (const score of momentScores(history, regime, asOf)) if (dayNumber(score.at) >= first) changes.add(score);
      },
      // Nothing is left to compute: the rows are there.
      result: function* () {
        yield;
        return { days, moments: changes.rows().map((row) => ({ ...row, moment: momentNameOf(row.code) })) };
      },
      story: momentsStory,
    };
  });
