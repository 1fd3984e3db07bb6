import type { Evidence } from '../customer/evidence';
import type { ConsumptionClass } from '../customer/standing';
import { recencyRatio, rhythmOf } from '../loyalty/rhythm';
import type { Policy } from '../policy/regime';
import { shareOfWallet } from '../relationship/share-of-wallet';
import type { Instant } from '../time/calendar';

/** Who enters the class `loyal`: n order days, recency ratio (null before the first order), share of wallet. */
export const classOf = (
  orderDays: number,
  ratio: number | null,
  wallet: number | null,
  policy: Policy,
): ConsumptionClass => {
  const loyal = policy.configuration.value.loyalClass;
  if (orderDays === 0) return 'none';
  if (orderDays === 1) return 'first_time';
  const inRhythm = ratio !== null && ratio <= loyal.recencyRatio;
  const enoughWallet = wallet === null || wallet >= loyal.shareOfWallet;
  return orderDays >= loyal.orderDays && inRhythm && enoughWallet ? 'loyal' : 'repeater';
};

/** Consumption class by own consumption (`domain.md §6.2`). */
export const consumptionClass = (evidence: Evidence, policy: Policy, asOf: Instant): ConsumptionClass => {
  const orderDays = evidence.orderDays.length;
  if (orderDays < policy.configuration.value.loyalClass.orderDays) return classOf(orderDays, null, null, policy);
  const rhythm = rhythmOf(evidence.orderDays, policy.review, policy.configuration);
  return classOf(orderDays, recencyRatio(rhythm, asOf), shareOfWallet(evidence, policy, asOf).value, policy);
};
