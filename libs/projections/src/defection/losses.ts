import {
  contribution365,
  DAY_MS,
  type DefectionNoticeEvidence,
  effectiveNotice,
  type Evidence,
  type Instant,
  leavingSince,
  type Policy,
  spend365,
} from '@afecto/domain';
import type { Counted } from '../tally/contribute';
import { proposedReasons, type ReasonOrigin } from './reasons';

/** A loss is to be diagnosed within so many days (`domain.md §9.1`). */
export const DIAGNOSE_DAYS = 30;

/** One lost period of a customer. */
export interface Loss {
  readonly from: Instant;
  /** Null while it lasts. */
  readonly to: Instant | null;
  /** The notice in effect; null when silence lost the customer. */
  readonly notice: DefectionNoticeEvidence | null;
  readonly origin: ReasonOrigin;
  /** At most three, the most important first. */
  readonly reasons: ReadonlyArray<string>;
  readonly proposed: ReadonlyArray<string>;
  readonly diagnosedAt: Instant | null;
  readonly diagnosedInTime: boolean;
  /** We have tried to win the customer back. */
  readonly attempted: boolean;
  /** An order ended it. */
  readonly wonBack: boolean;
  /** Spend and contribution of the 365 days before, minor units. */
  readonly revenueMinor: number;
  readonly contributionMinor: number;
}

/** A contact, an offer or a finished item to win back, in the lost period. */
const isAttempted = ({ evidence, standing }: Counted, from: Instant, to: Instant | null): boolean => {
  const during = (at: Instant | null): boolean => at !== null && at >= from && (to === null || at <= to);
  if (
    evidence.interactions.some(
      ({ at, purpose, direction }) => purpose === 'winback' && direction === 'outbound' && during(at),
    )
  )
    return true;
  for (const { kind, madeAt } of evidence.offers.values()) if (kind === 'winback' && during(madeAt)) return true;
  return standing.items.some(
    ({ queue, closedBy, closedAt }) => queue === 'Q2' && closedBy === 'outcome' && during(closedAt),
  );
};

const lossOf = (customer: Counted, from: Instant, to: Instant | null): Loss => {
  const { evidence, policy } = customer;
  const notice = effectiveNotice(evidence, from);
  const since = leavingSince(evidence, notice, from);
  const diagnosis = evidence.diagnoses.findLast(({ at }) => at >= since && (to === null || at <= to));
  const first = evidence.diagnoses.find(({ at }) => at >= since && (to === null || at <= to));
  const proposed = proposedReasons(evidence, notice, policy.configuration, from);
  const [origin, reasons] = reasonsOf(diagnosis?.reasonCodes ?? [], notice?.reasonCodes ?? [], proposed);
  return {
    from,
    to,
    notice,
    origin,
    reasons,
    proposed,
    diagnosedAt: first?.at ?? null,
    diagnosedInTime: first !== undefined && first.at <= from + DIAGNOSE_DAYS * DAY_MS,
    attempted: isAttempted(customer, from, to),
    wonBack: to !== null && evidence.placedOrders.some(({ placedAt }) => placedAt === to),
    ...moneyBefore(evidence, policy, from),
  };
};

const reasonsOf = (
  diagnosed: ReadonlyArray<string>,
  stated: ReadonlyArray<string>,
  proposed: ReadonlyArray<string>,
): readonly [ReasonOrigin, ReadonlyArray<string>] => {
  if (diagnosed.length > 0) return ['diagnosed', diagnosed];
  if (stated.length > 0) return ['stated', stated];
  return proposed.length > 0 ? ['proposed', proposed] : ['unknown', []];
};

const moneyBefore = (evidence: Evidence, policy: Policy, from: Instant) => ({
  revenueMinor: spend365(evidence, policy, from),
  contributionMinor: contribution365(evidence, policy, from),
});

/** The lost periods of a customer in order (`domain.md §4.1`, §9.1). */
export const lossesOf = (customer: Counted): ReadonlyArray<Loss> => {
  const { history } = customer.standing.lifecycle;
  const losses: Loss[] = [];
  for (const { phase, from, to } of history) if (phase === 'lost') losses.push(lossOf(customer, from, to));
  return losses;
};
