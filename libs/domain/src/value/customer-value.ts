import type { Evidence } from '../customer/evidence';
import type { ConsumptionClass, Tier, ValueStanding } from '../customer/standing';
import type { Policy } from '../policy/regime';
import { isProfilingStopped } from '../relationship/profiling';
import type { Instant } from '../time/calendar';
import { probabilityAlive, purchaseHistory } from './alive';
import { contribution365, discountShare365, frequency365, spend365 } from './money';
import type { RfmScores } from './rfm';

/** What PR08 shows of one customer. Amounts in minor units, trailing 365 days at the instant asked. */
export interface CustomerValue {
  readonly cm365Minor: number;
  readonly spend365Minor: number;
  readonly frequency365: number;
  readonly discountShare: number;
  readonly consumptionClass: ConsumptionClass;
  readonly tier: Tier | null;
  readonly stale: boolean;
  /** As of the last review that the customer was part of; null before one. */
  readonly rfm: RfmScores | null;
  readonly heavyUser: boolean | null;
  /**
   * Null without a fitted model, for one-time buyers, of whom the model knows nothing (`domain.md §13.1`), and for
   * whoever objects to profiling (§17.7).
   */
  readonly probabilityAlive: number | null;
}

const aliveAt = (evidence: Evidence, policy: Policy, asOf: Instant): number | null => {
  const model = isProfilingStopped(evidence, asOf) ? undefined : policy.review?.bgnbd;
  const history = purchaseHistory(evidence.orderDays, asOf);
  return model === undefined || history === null || history.repeats === 0 ? null : probabilityAlive(history, model);
};

/** Value of one customer: present figures and what the last review froze (`domain.md §16 PR08`). */
export const customerValue = (
  evidence: Evidence,
  standing: ValueStanding,
  policy: Policy,
  asOf: Instant,
): CustomerValue => ({
  cm365Minor: contribution365(evidence, policy, asOf),
  spend365Minor: spend365(evidence, policy, asOf),
  frequency365: frequency365(evidence, policy, asOf),
  discountShare: discountShare365(evidence, policy, asOf),
  consumptionClass: standing.consumptionClass,
  tier: standing.tier,
  stale: standing.stale,
  rfm: standing.reviewed?.rfm ?? null,
  heavyUser: standing.reviewed?.heavyUser ?? null,
  probabilityAlive: aliveAt(evidence, policy, asOf),
});
