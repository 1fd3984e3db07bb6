import type { PartyView } from '../figures/definition';
import { isoOrNull } from '../iso';
import { momentChanges, momentScores } from './moment-scores';
import { momentNameOf } from './moments';

/** The newest moments shown. */
const SHOWN = 100;

/** How the loyalty score of one customer changed with its moments of truth (PR13, `domain.md §4.3`): just before, and 30 days after. */
export const momentView: PartyView = {
  code: 'PR13',
  name: 'moment-scores',
  title: 'Moments of truth with the loyalty score just before and 30 days after, and the mean change by moment',
  read: async ({ asOf }, _, past) => {
    const { history, regime } = await past();
    const scores = momentScores(history, regime, asOf);
    const changes = momentChanges();
    for (const score of scores) changes.add(score);
    return {
      changes: changes.rows().map((row) => ({ ...row, moment: momentNameOf(row.code) })),
      moments: scores
        .slice(-SHOWN)
        .toReversed()
        .map(({ code, at, before, after }) => ({
          code,
          moment: momentNameOf(code),
          at: isoOrNull(at),
          scoreBefore: before,
          scoreAfter: after,
          change: before === null || after === null ? null : after - before,
        })),
    };
  },
};
