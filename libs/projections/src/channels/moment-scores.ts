import {
  assess,
  compareFacts,
  type CustomerHistory,
  DAY_MS,
  foldCustomer,
  foldFacts,
  type Instant,
  policyAt,
  type Regime,
  startFold,
} from '@afecto/domain';
import { eachMoment } from './moments';

/** So long after a moment of truth its customer is looked at again (`domain.md §4.3`). */
const AFTER_DAYS = 30;

/** The loyalty score of a customer just before a moment of truth and 30 days after it, 0..100. */
export interface MomentScore {
  readonly code: string;
  readonly at: Instant;
  /** Null when nothing was known of the customer, or nothing may be judged (`domain.md §17.7`). */
  readonly before: number | null;
  /** Null likewise, and while the 30 days are not over. */
  readonly after: number | null;
}

/**
 * Every moment of truth of a customer up to an instant with the score before and after, exactly as they
 * were: its facts are folded once more, stopping at each of these instants. It takes about three times as
 * long as a fold, so it is for one customer, or for all of them when nobody waits.
 */
export const momentScores = (history: CustomerHistory, regime: Regime, until: Instant): ReadonlyArray<MomentScore> => {
  const { fold, standing } = foldCustomer(history, regime, until);
  const moments: { readonly code: string; readonly at: Instant }[] = [];
  eachMoment({ evidence: fold.evidence, standing, policy: policyAt(regime, until), asOf: until }, (code, at) =>
    moments.push({ code, at }),
  );
  const instants = new Set(moments.flatMap(({ at }) => [at - 1, at + AFTER_DAYS * DAY_MS]));
  const scores = new Map<Instant, number | null>();
  const growing = startFold(history.partyId, history.members, regime);
  const facts = history.facts.filter(({ occurredAt }) => occurredAt <= until).sort(compareFacts);
  let next = 0;
  for (const instant of [...instants].filter((at) => at <= until).sort((one, other) => one - other)) {
    const from = next;
    while ((facts[next]?.occurredAt ?? Number.POSITIVE_INFINITY) <= instant) next += 1;
    const orders = history.referredOrders.filter(({ at }) => at <= instant);
    if (foldFacts(growing, facts.slice(from, next), regime, orders) === null)
      throw new Error('facts in the order of time lie after those before them');
    if (growing.at === Number.NEGATIVE_INFINITY) continue;
    const { exclusion, score } = assess(growing.evidence, policyAt(regime, instant), instant);
    scores.set(instant, exclusion === null ? score : null);
  }
  return moments
    .map(({ code, at }) => ({
      code,
      at,
      before: scores.get(at - 1) ?? null,
      after: scores.get(at + AFTER_DAYS * DAY_MS) ?? null,
    }))
    .sort((one, other) => one.at - other.at || (one.code < other.code ? -1 : 1));
};

export interface MomentChange {
  readonly code: string;
  readonly count: number;
  /** Moments with a score before and 30 days after. */
  readonly measured: number;
  /** Mean change of the score; null when none is measured. */
  readonly meanChange: number | null;
}

/** Adds moments up by their code, in the order of the codes. */
export const momentChanges = () => {
  const sums = new Map<string, { count: number; measured: number; change: number }>();
  return {
    add: ({ code, before, after }: MomentScore): void => {
      let sum = sums.get(code);
      if (sum === undefined) sums.set(code, (sum = { count: 0, measured: 0, change: 0 }));
      sum.count += 1;
      if (before === null || after === null) return;
      sum.measured += 1;
      sum.change += after - before;
    },
    rows: (): ReadonlyArray<MomentChange> =>
      [...sums]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([code, { count, measured, change }]) => ({
          code,
          count,
          measured,
          meanChange: measured === 0 ? null : change / measured,
        })),
  };
};
