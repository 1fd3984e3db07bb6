import type { Evidence } from '../customer/evidence';
import type { LifecycleStanding, LoyaltyStanding, NextChange, Phase, ValueStanding } from '../customer/standing';
import { recencyRatio, rhythmOf } from '../loyalty/rhythm';
import type { Policy } from '../policy/regime';
import { inTrailing, windowExit } from '../relationship/window';
import { DAY_MS, type Instant, NEVER } from '../time/calendar';
import { isLost, lostBySilenceFrom } from './lost';
import { noticeAhead } from '../defection/notices';

/** What value and loyalty have already decided at the same instant. */
export interface Judged {
  readonly value: ValueStanding;
  readonly loyalty: LoyaltyStanding;
}

export const initialLifecycle: LifecycleStanding = {
  phase: 'suspect',
  since: null,
  lostSince: null,
  wonBack: null,
  history: [],
};

const isErased = (evidence: Evidence, asOf: Instant): boolean =>
  evidence.person.erasedAt !== null && evidence.person.erasedAt <= asOf;

/**
 * An order that stands and was placed in the lost period is what ended it; a withdrawn notice leaves none. One of
 * the instant at which the customer was found lost did not end it.
 */
const endOfLoss = (evidence: Evidence, lostSince: Instant): LifecycleStanding['wonBack'] => {
  const last = evidence.orderDays.at(-1);
  return last !== undefined && last.lastAt > lostSince ? { at: last.lastAt, orderId: last.lastOrderId } : null;
};

const isAtRisk = (evidence: Evidence, { loyalty }: Judged, policy: Policy, asOf: Instant): boolean => {
  if (loyalty.zone === 'defection' || noticeAhead(evidence, asOf) !== null) return true;
  const ratio = recencyRatio(rhythmOf(evidence.orderDays, policy.review, policy.configuration), asOf);
  return ratio !== null && ratio > policy.configuration.lifecycle.atRiskRecencyRatio;
};

const isWonBack = (wonBack: LifecycleStanding['wonBack'], policy: Policy, asOf: Instant): boolean =>
  wonBack !== null && inTrailing(wonBack.at, policy.configuration.lifecycle.wonBackDays, asOf);

/** Known interest: an enquiry, a contact that the party began, or an answer to an offer. */
const hasShownInterest = (evidence: Evidence): boolean => {
  if (evidence.enquiries.size > 0)
    for (const { receivedAt } of evidence.enquiries.values()) if (receivedAt !== null) return true;
  if (evidence.offers.size > 0)
    for (const { madeAt, answeredAt } of evidence.offers.values())
      if (madeAt !== null && answeredAt !== null) return true;
  return evidence.interactions.some(({ direction }) => direction === 'inbound');
};

/** The phase at `asOf`: first match of the list of `domain.md §4.1`, so exactly one. */
export const phaseOf = (
  evidence: Evidence,
  judged: Judged,
  memory: Pick<LifecycleStanding, 'lostSince' | 'wonBack'>,
  policy: Policy,
  asOf: Instant,
): Phase => {
  if (isErased(evidence, asOf)) return 'erased';
  if (memory.lostSince !== null) return 'lost';
  const orderDays = evidence.orderDays.length;
  if (orderDays === 0) return hasShownInterest(evidence) ? 'prospect' : 'suspect';
  if (isAtRisk(evidence, judged, policy, asOf)) return 'at_risk';
  if (isWonBack(memory.wonBack, policy, asOf)) return 'won_back';
  if (judged.value.consumptionClass === 'loyal') return judged.loyalty.extreme === 'apostle' ? 'advocate' : 'loyal';
  return orderDays >= 2 ? 'repeat' : 'new';
};

/**
 * Which order won the customer back: when all of it was given back, as in an exchange, the next one that stands.
 * Null: none is left, and what is ordered later ends no lost period; nor does a return after the customer was won
 * back for its time begin that time again.
 */
const standingReturn = (
  evidence: Evidence,
  wonBack: LifecycleStanding['wonBack'],
  policy: Policy,
  asOf: Instant,
): LifecycleStanding['wonBack'] => {
  if (wonBack === null || evidence.orders.get(wonBack.orderId)?.fullyReversed !== true) return wonBack;
  if (!isWonBack(wonBack, policy, asOf)) return null;
  const { at } = wonBack;
  const next = evidence.placedOrders.find(
    ({ placedAt, fullyReversed }) => placedAt !== null && placedAt >= at && !fullyReversed,
  );
  return next === undefined || next.placedAt === null ? null : { at: next.placedAt, orderId: next.orderId };
};

/**
 * The lifecycle standing at `asOf` (`domain.md §4.1`), with the memory of lost periods: an order ends
 * one and makes the customer won back for 90 days. Returns `previous` itself when nothing changed.
 * `causedBy`: facts of this very instant, empty when time alone calls.
 */
export const evaluateLifecycle = (
  evidence: Evidence,
  judged: Judged,
  previous: LifecycleStanding,
  policy: Policy,
  asOf: Instant,
  causedBy: ReadonlyArray<string> = [],
): LifecycleStanding => {
  // Nothing is remembered of the erased any more.
  if (previous.phase === 'erased' && isErased(evidence, asOf)) return previous;
  const lost = isLost(evidence, policy, asOf);
  const lostSince = lost ? (previous.lostSince ?? asOf) : null;
  const returned = !lost && previous.lostSince !== null ? endOfLoss(evidence, previous.lostSince) : null;
  const wonBack = returned ?? standingReturn(evidence, previous.wonBack, policy, asOf);
  const phase = phaseOf(evidence, judged, { lostSince, wonBack }, policy, asOf);
  if (phase !== previous.phase || previous.since === null) {
    const closed = previous.history.map((period) => (period.to === null ? { ...period, to: asOf } : period));
    return { phase, since: asOf, lostSince, wonBack, history: [...closed, { phase, from: asOf, to: null, causedBy }] };
  }
  return lostSince === previous.lostSince && wonBack === previous.wonBack
    ? previous
    : { ...previous, lostSince, wonBack };
};

/**
 * When time alone could change the phase next. Deadline: a notice takes effect. Crossings: the recency
 * ratio passes 2, silence makes the customer lost, 90 days since winning back. Class, zone and extreme
 * have their own next changes (value, loyalty).
 */
export const nextLifecycleChange = (
  evidence: Evidence,
  standing: Judged & { readonly lifecycle: LifecycleStanding },
  policy: Policy,
  asOf: Instant,
): NextChange => {
  if (isErased(evidence, asOf)) return { deadline: NEVER, crossing: NEVER };
  const deadline = noticeAhead(evidence, asOf)?.effectiveAt ?? NEVER;
  const { lostSince, wonBack } = standing.lifecycle;
  if (lostSince !== null) return { deadline, crossing: NEVER };
  const { lifecycle } = policy.configuration;
  let crossing = lostBySilenceFrom(evidence, policy, asOf);
  const rhythm = rhythmOf(evidence.orderDays, policy.review, policy.configuration);
  const ratio = recencyRatio(rhythm, asOf);
  if (rhythm.lastAt !== null && ratio !== null && ratio <= lifecycle.atRiskRecencyRatio)
    crossing = Math.min(
      crossing,
      Math.max(asOf + 1, Math.floor(rhythm.lastAt + lifecycle.atRiskRecencyRatio * rhythm.ipiDays * DAY_MS)),
    );
  if (wonBack !== null) crossing = Math.min(crossing, windowExit(wonBack.at, lifecycle.wonBackDays, asOf));
  return { deadline, crossing };
};
