import {
  type CustomerState,
  type CustomerValue,
  customerValue,
  recencyRatio,
  rhythmOf,
  type ValueStanding,
} from '@afecto/domain';
import { isoOrNull } from '../iso';

/** PR08: what a customer is worth (`domain.md §6`). Money in minor units of the reporting currency. */
export interface ValueProfile extends Omit<CustomerValue, 'stale' | 'probabilityAlive'> {
  readonly tierSince: string | null;
  readonly tierStale: boolean;
  readonly pendingDemotion: ValueStanding['pendingDemotion'];
  readonly orderDays: number;
  readonly firstOrderAt: string | null;
  readonly lastOrderAt: string | null;
  /** Own cadence in days; null without orders. */
  readonly ipiDays: number | null;
  readonly recencyRatio: number | null;
  readonly reviewedAsOf: string | null;
  /** Null unless the review carries a fitted model and the customer ordered more than once. */
  readonly pAlive: number | null;
}

export const valueOf = ({ evidence, standing: { value }, policy, asOf }: CustomerState): ValueProfile => {
  const { stale, probabilityAlive, ...worth } = customerValue(evidence, value, policy, asOf);
  const rhythm = rhythmOf(evidence.orderDays, policy.review, policy.configuration);
  return {
    ...worth,
    tierSince: isoOrNull(value.tierSince),
    tierStale: stale,
    pendingDemotion: value.pendingDemotion,
    orderDays: rhythm.orderDays,
    firstOrderAt: isoOrNull(rhythm.firstAt),
    lastOrderAt: isoOrNull(rhythm.lastAt),
    ipiDays: rhythm.orderDays > 0 ? rhythm.ipiDays : null,
    recencyRatio: recencyRatio(rhythm, asOf),
    reviewedAsOf: isoOrNull(value.reviewed?.asOf ?? null),
    pAlive: probabilityAlive,
  };
};
