import {
  contribution365,
  type CustomerState,
  frequency365,
  probabilityAlive,
  purchaseHistory,
  recencyRatio,
  rhythmOf,
  spend365,
  type ValueStanding,
} from '@afecto/domain';
import { isoOrNull } from '../iso';

/** PR08: what a customer is worth (`domain.md §6`). Money in minor units of the reporting currency. */
export interface ValueProfile {
  readonly consumptionClass: ValueStanding['consumptionClass'];
  readonly tier: ValueStanding['tier'];
  readonly tierSince: string | null;
  readonly tierStale: boolean;
  readonly pendingDemotion: ValueStanding['pendingDemotion'];
  readonly cm365Minor: number;
  readonly spend365Minor: number;
  readonly frequency365: number;
  readonly orderDays: number;
  readonly firstOrderAt: string | null;
  readonly lastOrderAt: string | null;
  /** Own cadence in days; null without orders. */
  readonly ipiDays: number | null;
  readonly recencyRatio: number | null;
  /** Frozen at the last portfolio review; null before the first. */
  readonly rfm: { readonly r: number; readonly f: number; readonly m: number; readonly code: number } | null;
  readonly heavyUser: boolean | null;
  readonly reviewedAsOf: string | null;
  /** Null unless the review carries a fitted model and the customer ordered more than once. */
  readonly pAlive: number | null;
}

export const valueOf = ({ evidence, standing, policy, asOf }: CustomerState): ValueProfile => {
  const { value } = standing;
  const rhythm = rhythmOf(evidence.orderDays, policy.review, policy.configuration);
  const model = policy.review?.bgnbd;
  const history = purchaseHistory(evidence.orderDays, asOf);
  const ordered = rhythm.orderDays > 0;
  return {
    consumptionClass: value.consumptionClass,
    tier: value.tier,
    tierSince: isoOrNull(value.tierSince),
    tierStale: value.stale,
    pendingDemotion: value.pendingDemotion,
    cm365Minor: contribution365(evidence, policy, asOf),
    spend365Minor: spend365(evidence, policy, asOf),
    frequency365: frequency365(evidence, policy, asOf),
    orderDays: rhythm.orderDays,
    firstOrderAt: isoOrNull(rhythm.firstAt),
    lastOrderAt: isoOrNull(rhythm.lastAt),
    ipiDays: ordered ? rhythm.ipiDays : null,
    recencyRatio: recencyRatio(rhythm, asOf),
    rfm: value.reviewed?.rfm ?? null,
    heavyUser: value.reviewed?.heavyUser ?? null,
    reviewedAsOf: isoOrNull(value.reviewed?.asOf ?? null),
    // A model says 1 for one-time buyers, which means nothing (`domain.md §13.1`).
    pAlive: model === undefined || history === null || rhythm.orderDays < 2 ? null : probabilityAlive(history, model),
  };
};
