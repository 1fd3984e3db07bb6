import { cadenceOf, expectedOf, buyerOf, YEAR_AHEAD } from '@afecto/analytics';
import {
  type CustomerState,
  type CustomerValue,
  customerValue,
  isOutsidePopulations,
  recencyRatio,
  rhythmOf,
  type ValueStanding,
} from '@afecto/domain';
import { isoOrNull } from '../iso';

/** PR08: what a customer is worth (`domain.md §6`, §13). Money in minor units of the reporting currency. */
export interface ValueProfile extends Omit<CustomerValue, 'stale' | 'probabilityAlive'> {
  readonly tierSince: string | null;
  readonly tierStale: boolean;
  readonly pendingDemotion: ValueStanding['pendingDemotion'];
  readonly orderDays: number;
  readonly firstOrderAt: string | null;
  readonly lastOrderAt: string | null;
  /** Own cadence in days; null without orders. */
  readonly ipiDays: number | null;
  /** CV of the gaps that the cadence rests on, 0 for a clock; null under two of them (`domain.md §13.5`). */
  readonly regularity: number | null;
  readonly recencyRatio: number | null;
  /** The last order and the cadence later; null without orders. */
  readonly nextOrderDueAt: string | null;
  readonly reviewedAsOf: string | null;
  /** Null unless the review carries a fitted model and the customer ordered more than once. */
  readonly pAlive: number | null;
  /** Order days expected in the next 52 weeks; null unless the review carries a fitted model (`domain.md §13.1`). */
  readonly expectedOrders: number | null;
  /** CLV over those weeks, at 15 % a year; null unless the review carries both models (`domain.md §13.3`). */
  readonly lifetimeValueMinor: number | null;
}

/** What the models of the last review expect, of those whom they describe; the same as `afecto analyse` lists. */
const expectedAt = ({
  evidence,
  policy: { review, configuration },
  asOf,
}: CustomerState): Pick<ValueProfile, 'expectedOrders' | 'lifetimeValueMinor'> => {
  const buyer = review?.bgnbd === undefined || isOutsidePopulations(evidence, asOf) ? null : buyerOf(evidence, asOf);
  if (buyer === null || review?.bgnbd === undefined) return { expectedOrders: null, lifetimeValueMinor: null };
  const { expectedOrders, lifetimeValueMinor } = expectedOf(
    { buying: review.bgnbd, spending: review.gammaGamma ?? null },
    buyer,
    { ...YEAR_AHEAD, marginRate: configuration.value.defaultMarginRate },
  );
  return { expectedOrders, lifetimeValueMinor };
};

export const valueOf = (customer: CustomerState): ValueProfile => {
  const {
    evidence,
    standing: { value },
    policy,
    asOf,
  } = customer;
  const { stale, probabilityAlive, ...worth } = customerValue(evidence, value, policy, asOf);
  const rhythm = rhythmOf(evidence.orderDays, policy.review, policy.configuration);
  const cadence = cadenceOf(rhythm);
  return {
    ...worth,
    tierSince: isoOrNull(value.tierSince),
    tierStale: stale,
    pendingDemotion: value.pendingDemotion,
    orderDays: rhythm.orderDays,
    firstOrderAt: isoOrNull(rhythm.firstAt),
    lastOrderAt: isoOrNull(rhythm.lastAt),
    ipiDays: rhythm.orderDays > 0 ? rhythm.ipiDays : null,
    regularity: cadence.regularity,
    recencyRatio: recencyRatio(rhythm, asOf),
    nextOrderDueAt: isoOrNull(cadence.nextDueAt),
    reviewedAsOf: isoOrNull(value.reviewed?.asOf ?? null),
    pAlive: probabilityAlive,
    ...expectedAt(customer),
  };
};
