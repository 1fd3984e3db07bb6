import { dayOf, type Figures } from '../figures/definition';
import { share } from '../figures/measures';
import { requestsIn } from '../service-levels/figures';
import { type Contribute } from '../tally/contribute';
import { monthName, monthOfDay } from '../tally/months';
import { countValue, percentilesOf } from '../tally/percentiles';

const REPORT = 'tier-fairness';
const NO_TIER = 'none';

const TIERS = ['platinum', 'gold', 'iron', 'lead', 'unranked', NO_TIER] as const;
/** Whose waits are held against those of the first tier. */
const LOWER: ReadonlySet<string> = new Set(['iron', 'lead']);
/** How many times the 90th percentile of platinum theirs may be (`domain.md §11.6`). */
const MOST_TIMES = 3;

/** A wait, from the entry of an item to the first action, counts in the month of the entry and for the tier of today. */
export const contributeFairness: Contribute = ({ standing, policy }, count) => {
  for (const { enteredAt, firstActionAt } of standing.items)
    if (firstActionAt !== null)
      countValue(
        count,
        monthOfDay(dayOf(enteredAt, policy)),
        Math.max(0, firstActionAt - enteredAt),
        REPORT,
        standing.value.tier ?? NO_TIER,
      );
};

/**
 * Whether who is worth less waits much longer (`domain.md §11.6`): waits for the first action by tier, in
 * milliseconds and of whole months, and the requests of each class that missed their service level.
 */
export const fairnessFigures: Figures = {
  code: 'PR09',
  name: REPORT,
  title: 'Wait for the first action by tier, and requests that missed their service level by class; alerts',
  read: async (question) => {
    const { readModels, days } = question;
    const months = { from: monthOfDay(days.from), to: monthOfDay(days.to) };
    const requests = await requestsIn(question);
    const judged = (is: (serviceClass: string, tier: string) => boolean, judgement: 'met' | 'missed'): number =>
      requests.reduce(
        (sum, request) =>
          request.judgement === judgement && is(request.serviceClass, request.tier) ? sum + request.many : sum,
        0,
      );
    const byTier = [];
    for (const tier of TIERS) {
      const { values, at } = await percentilesOf(readModels, months, [0.5, 0.9], REPORT, tier);
      const [medianMs = null, p90Ms = null] = at;
      const missed = judged((_, of) => of === tier, 'missed');
      const met = judged((_, of) => of === tier, 'met');
      byTier.push({ tier, waits: values, medianMs, p90Ms, met, missed, missedShare: share(missed, met + missed) });
    }
    const byClass = ['immediate', 'deferred'].map((serviceClass) => {
      const missed = judged((of) => of === serviceClass, 'missed');
      const met = judged((of) => of === serviceClass, 'met');
      return { class: serviceClass, met, missed, missedShare: share(missed, met + missed) };
    });
    const best = byTier.find(({ tier }) => tier === 'platinum')?.p90Ms ?? null;
    const slow = byTier.filter(
      ({ tier, p90Ms }) => LOWER.has(tier) && best !== null && p90Ms !== null && p90Ms > MOST_TIMES * best,
    );
    const late = byClass.filter(({ missed }) => missed > 0);
    return {
      waitMonths: { from: monthName(months.from), to: monthName(months.to) },
      byTier,
      byClass,
      alert: slow.length > 0 || late.length > 0,
      alerts: { slowTiers: slow.map(({ tier }) => tier), classesPastCeiling: late.map((each) => each.class) },
    };
  },
};
