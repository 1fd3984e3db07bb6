import { policyAt } from '../policy/fold-regime';
import type { Regime } from '../policy/regime';
import { DAY_MS, type Instant } from '../time/calendar';
import type { Evidence, ReferralEvidence } from './evidence';
import type { MutableEvidence } from './mutable-evidence';

/** An order of a party whom this customer referred: another party's fact that counts here (`domain.md §5`). */
export interface ReferredOrder {
  readonly referredId: string;
  readonly orderId: string;
  /** When it was placed. */
  readonly at: Instant;
}

/**
 * A referral is converted by the first order of the referred party that is placed no earlier than the
 * referral and at most `loyalty.ties.conversionDays` after it (`domain.md §5`).
 */
const isConvertedBy = (referral: ReferralEvidence, order: ReferredOrder, regime: Regime): boolean =>
  referral.referredId === order.referredId &&
  referral.at <= order.at &&
  (referral.convertedAt === null || order.at < referral.convertedAt) &&
  order.at - referral.at <= policyAt(regime, order.at).configuration.loyalty.ties.conversionDays * DAY_MS;

/** Whether an order converts a referral that the evidence holds. */
export const converts = (evidence: Evidence, order: ReferredOrder, regime: Regime): boolean =>
  evidence.referralsMade.some((referral) => isConvertedBy(referral, order, regime));

/** Marks what the order converts; false when that is nothing. */
export const convert = (evidence: MutableEvidence, order: ReferredOrder, regime: Regime): boolean => {
  let isConverted = false;
  for (const referral of evidence.referralsMade) {
    if (!isConvertedBy(referral, order, regime)) continue;
    referral.convertedAt = order.at;
    evidence.changes += 1;
    evidence.touched.ties = evidence.changes;
    isConverted = true;
  }
  return isConverted;
};
