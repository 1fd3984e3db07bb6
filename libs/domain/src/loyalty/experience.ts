import type { Evidence, OrderEvidence } from '../customer/evidence';
import type { Configuration } from '../policy/configuration';
import { termsAt } from '../policy/terms';
import { breachesOf, currentResolution } from '../service-request/clock';
import { DAY_MS, type Instant, NEVER } from '../time/calendar';
import { type Complained, complainedAbout, type Impulse, refersTo } from './impulse';
import { addAgreedTimes, addPromises } from './promised';
import {
  failedRecovery,
  isFirstInQuietPeriod,
  isOpenComplaint,
  isReceived,
  type ReceivedComplaint,
  resolutionDue,
} from './recovery';

export interface Experience {
  /** B, −1..1. */
  readonly signal: number;
  readonly confidence: 0 | 1;
  /** Sum of the positive impulses, kept promises capped; it can only fade. */
  readonly gained: number;
  /** Sum of the negative impulses; it can only fade. */
  readonly lost: number;
  /** Share of the sum of kept promises that counts, 0..1. */
  readonly keptShare: number;
}

/** From this severity on a complaint is major (`domain.md §9.3`: 1 minor, 2 moderate, 3 major, 4 critical). */
const MAJOR_SEVERITY = 3;

const addBreaches = (
  impulses: Impulse[],
  evidence: Evidence,
  complained: Complained,
  configuration: Configuration,
  asOf: Instant,
): void => {
  for (const request of evidence.requests.values()) {
    if (request.openedAt === null) continue;
    if (complained.requests.has(request.requestId)) continue;
    for (const { request: round, at } of breachesOf(request, configuration, asOf)) {
      if (refersTo(complained, round.eventId, round.resolvedEventId)) continue;
      const resolvedAt = currentResolution(round);
      const cited = resolvedAt === null ? round.eventId : (round.resolvedEventId ?? round.eventId);
      impulses.push({
        fadesFrom: at,
        base: configuration.loyalty.experience.slaBreach,
        kept: false,
        eventId: cited ?? round.requestId,
        type: resolvedAt === null ? 'ServiceRequestOpened' : 'ServiceRequestResolved',
        occurredAt: resolvedAt ?? request.openedAt,
        note: resolvedAt === null ? 'service level broken, not resolved yet' : 'service level broken, resolved late',
      });
    }
  }
};

/**
 * Delivered after the promised instant, or not delivered when it came; an order called off before cannot be late.
 * Who only has the benefit of an order need not hear of its delivery, so that silence says nothing there.
 */
const isLate = ({ promisedAt, deliveredAt, payer, fullyReversedAt }: OrderEvidence, asOf: Instant): boolean => {
  if (promisedAt === null) return false;
  if (deliveredAt !== null) return deliveredAt > promisedAt;
  if (!payer || asOf < promisedAt) return false;
  return fullyReversedAt === null || fullyReversedAt >= promisedAt;
};

/** One impulse an order: late from the promised instant on, or else incomplete when delivered. */
const addOrders = (
  impulses: Impulse[],
  evidence: Evidence,
  complained: Complained,
  configuration: Configuration,
  asOf: Instant,
): void => {
  const base = configuration.loyalty.experience.orderLateOrIncomplete;
  for (const order of evidence.orders.values()) {
    if (order.placedAt === null) continue;
    const late = isLate(order, asOf);
    const incomplete = order.complete === false;
    if ((!late && !incomplete) || refersTo(complained, order.fulfilmentEventId, order.eventId)) continue;
    const fulfilled = order.fulfilmentEventId !== null;
    const occurredAt = order.fulfilledAt ?? order.deliveredAt ?? order.placedAt;
    impulses.push({
      fadesFrom: late && order.promisedAt !== null ? order.promisedAt : occurredAt,
      base,
      kept: false,
      eventId: order.fulfilmentEventId ?? order.eventId ?? order.orderId,
      type: fulfilled ? 'OrderFulfilled' : 'OrderPlaced',
      occurredAt: fulfilled ? occurredAt : order.placedAt,
      note: late ? (fulfilled ? 'delivered late' : 'promised delivery passed') : 'delivered incomplete',
    });
  }
};

const addFailures = (
  impulses: Impulse[],
  evidence: Evidence,
  complained: Complained,
  configuration: Configuration,
): void => {
  const { failureBySeverity } = configuration.loyalty.experience;
  for (const failure of evidence.failures)
    if (!refersTo(complained, failure.eventId))
      impulses.push({
        fadesFrom: failure.at,
        base: failureBySeverity[failure.severity - 1] ?? 0,
        kept: false,
        eventId: failure.eventId,
        type: 'ServiceFailureDetected',
        occurredAt: failure.at,
        note: `service failure of severity ${failure.severity}`,
      });
};

const standing = (complaint: ReceivedComplaint, base: number): Impulse => {
  const reopened = complaint.verdictEventId !== null && complaint.verdictAt !== null;
  return {
    fadesFrom: null,
    base,
    kept: false,
    eventId: (reopened ? complaint.verdictEventId : complaint.eventId) ?? complaint.complaintId,
    type: reopened ? 'ComplaintFollowedUp' : 'ComplaintReceived',
    occurredAt: (reopened ? complaint.verdictAt : null) ?? complaint.receivedAt,
    note: `complaint of severity ${complaint.severity} ${reopened ? 'not recovered' : 'open'}`,
  };
};

/** Share of the repurchase lost by the failure that the resolution does not regain (TARP, §7.3 B). */
const unregained = (complaint: ReceivedComplaint, resolvedAt: Instant, configuration: Configuration): number => {
  const { unregained: shares } = configuration.loyalty.experience;
  const { inTarget, late } = complaint.severity >= MAJOR_SEVERITY ? shares.major : shares.minor;
  return resolvedAt <= resolutionDue(complaint, configuration) ? inTarget : late;
};

const judged = (
  complaint: ReceivedComplaint,
  base: number,
  evidence: Evidence,
  configuration: Configuration,
): number => {
  const { verdict3Factor, verdict4Factor, paradoxBonus, paradoxMaxSeverity } = configuration.loyalty.experience;
  const verdict = complaint.verdict ?? 0;
  if (verdict < termsAt(configuration, complaint.receivedAt).complaints.recoveredFrom) return verdict3Factor * base;
  if (verdict < 5) return verdict4Factor * base;
  return complaint.severity <= paradoxMaxSeverity && isFirstInQuietPeriod(complaint, evidence, configuration)
    ? paradoxBonus
    : 0;
};

const impulseOf = (complaint: ReceivedComplaint, evidence: Evidence, configuration: Configuration): Impulse => {
  const base = configuration.loyalty.experience.complaintBySeverity[complaint.severity - 1] ?? 0;
  if (failedRecovery(complaint, configuration) || isOpenComplaint(complaint, configuration))
    return standing(complaint, base);
  if (complaint.verdict !== null) {
    // A reopened round may have no resolution of its own: then its verdict ends it.
    const endedAt = complaint.resolvedAt ?? complaint.verdictAt ?? complaint.receivedAt;
    return {
      fadesFrom: endedAt,
      base: judged(complaint, base, evidence, configuration),
      kept: false,
      eventId: complaint.verdictEventId ?? complaint.eventId ?? complaint.complaintId,
      type: 'ComplaintFollowedUp',
      occurredAt: complaint.verdictAt ?? endedAt,
      note: `complaint of severity ${complaint.severity} followed up with verdict ${complaint.verdict}`,
    };
  }
  const resolvedAt = complaint.resolvedAt ?? complaint.receivedAt;
  return {
    fadesFrom: resolvedAt,
    base: base * unregained(complaint, resolvedAt, configuration),
    kept: false,
    eventId: complaint.resolvedEventId ?? complaint.eventId ?? complaint.complaintId,
    type: 'ComplaintResolved',
    occurredAt: resolvedAt,
    note: `complaint of severity ${complaint.severity} resolved, no verdict yet`,
  };
};

/**
 * What the customer lived through with us at `asOf` (`domain.md §7.3 B`): impulses that fade count for
 * 365 days, complaints open or not recovered as long as they are so.
 */
export const experienceImpulses = (
  evidence: Evidence,
  configuration: Configuration,
  asOf: Instant,
): ReadonlyArray<Impulse> => {
  const impulses: Impulse[] = [];
  const complained = complainedAbout(evidence);
  if (evidence.requests.size > 0) {
    addBreaches(impulses, evidence, complained, configuration, asOf);
    addAgreedTimes(impulses, evidence, complained, configuration, asOf);
  }
  if (evidence.orders.size > 0) addOrders(impulses, evidence, complained, configuration, asOf);
  if (evidence.promises.size > 0) addPromises(impulses, evidence, complained, configuration, asOf);
  if (evidence.failures.length > 0) addFailures(impulses, evidence, complained, configuration);
  if (evidence.complaints.size > 0)
    for (const complaint of evidence.complaints.values())
      if (isReceived(complaint)) impulses.push(impulseOf(complaint, evidence, configuration));
  const from = asOf - configuration.loyalty.experience.maxAgeDays * DAY_MS;
  return impulses.length === 0 ? impulses : impulses.filter(({ fadesFrom }) => fadesFrom === null || fadesFrom >= from);
};

/** What is left of an impulse at `asOf`: 2^(−age/120 d), 1 while it does not fade. */
export const impulseDecay = (impulse: Impulse, asOf: Instant, configuration: Configuration): number =>
  impulse.fadesFrom === null
    ? 1
    : 2 ** ((impulse.fadesFrom - asOf) / DAY_MS / configuration.loyalty.experience.halfLifeDays);

/** What the impulses amount to for as long as none enters or leaves: those that fade, and those that do not. */
export interface ExperienceFit {
  readonly impulses: number;
  /** Start of the newest impulse that fades; sums of those that fade are as they are then. */
  readonly newest: Instant;
  /** Kept promises. */
  readonly kept: number;
  readonly gained: number;
  readonly lost: number;
  /** Of impulses that do not fade. */
  readonly standingGained: number;
  readonly standingLost: number;
  /** First instant after the one asked at which an impulse is too old; `NEVER` when none fades. */
  readonly until: Instant;
}

const nothingFits: ExperienceFit = {
  impulses: 0,
  newest: Number.NEGATIVE_INFINITY,
  kept: 0,
  gained: 0,
  lost: 0,
  standingGained: 0,
  standingLost: 0,
  until: NEVER,
};

export const experienceFit = (impulses: ReadonlyArray<Impulse>, configuration: Configuration): ExperienceFit => {
  if (impulses.length === 0) return nothingFits;
  let newest = Number.NEGATIVE_INFINITY;
  let oldest = NEVER;
  for (const { fadesFrom } of impulses) {
    if (fadesFrom === null) continue;
    if (fadesFrom > newest) newest = fadesFrom;
    if (fadesFrom < oldest) oldest = fadesFrom;
  }
  let kept = 0;
  let gained = 0;
  let lost = 0;
  let standingGained = 0;
  let standingLost = 0;
  for (const impulse of impulses) {
    const { base } = impulse;
    if (impulse.fadesFrom === null) {
      if (base > 0) standingGained += base;
      else standingLost += base;
      continue;
    }
    const left = base * impulseDecay(impulse, newest, configuration);
    if (impulse.kept) kept += left;
    else if (left > 0) gained += left;
    else lost += left;
  }
  const until = oldest + configuration.loyalty.experience.maxAgeDays * DAY_MS + 1;
  return { impulses: impulses.length, newest, kept, gained, lost, standingGained, standingLost, until };
};

const nothingLived: Experience = { signal: 0, confidence: 0, gained: 0, lost: 0, keptShare: 1 };

/** Family B (`domain.md §7.2`): all impulses that fade do so at one rate. */
export const experienceOf = (fit: ExperienceFit, configuration: Configuration, asOf: Instant): Experience => {
  if (fit.impulses === 0) return nothingLived;
  const { halfLifeDays, promiseKeptCap } = configuration.loyalty.experience;
  const decay = fit.newest === Number.NEGATIVE_INFINITY ? 0 : 2 ** ((fit.newest - asOf) / DAY_MS / halfLifeDays);
  const kept = fit.kept * decay;
  const gained = fit.standingGained + fit.gained * decay + Math.min(kept, promiseKeptCap);
  const lost = fit.standingLost + fit.lost * decay;
  return {
    signal: Math.min(1, Math.max(-1, gained + lost)),
    confidence: 1,
    gained,
    lost,
    keptShare: kept > 0 ? Math.min(1, promiseKeptCap / kept) : 1,
  };
};
