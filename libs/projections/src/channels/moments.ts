import {
  breachAt,
  currentResolution,
  type Evidence,
  type Instant,
  type InteractionEvidence,
  NEVER,
  roundsOf,
} from '@afecto/domain';
import { complaintRoundsOf } from '../complaints/judged-complaint';
import type { Counted } from '../tally/contribute';

/** The catalogue of moments of truth (`domain.md §4.3`); a contact may also name a moment of the tenant's own. */
export const momentNames: Readonly<Record<string, string>> = {
  MT01: 'first contact from us',
  MT02: 'enquiry answered',
  MT03: 'offer presented',
  MT04: 'first purchase',
  MT05: 'first delivery',
  MT06: 'welcome contact',
  MT07: 'wait to be attended',
  MT08: 'request solved, or not',
  MT09: 'promise settled',
  MT10: 'failure experienced',
  MT11: 'complaint heard',
  MT12: 'recovery offered',
  MT13: 'post-complaint follow-up',
  MT14: 'repurchase or renewal',
  MT15: 'recognition or reward',
  MT16: 'channel change in the same matter',
  MT17: 'goodbye',
  MT18: 'win-back contact',
};

/** Null for a moment of the tenant's own, which may be called like anything. */
export const momentNameOf = (code: string): string | null =>
  Object.hasOwn(momentNames, code) ? (momentNames[code] ?? null) : null;

/** One moment of truth. `eventId`: the fact that a survey about it points to. */
export type Visit = (code: string, at: Instant, eventId: string | null, channel: string | null) => void;

const isAnswered = ({ outcome }: InteractionEvidence): boolean => outcome === 'answered' || outcome === 'completed';

/** A contact is the moment that it names, else all that follow from what it is. */
const contactMoments = (interactions: Evidence['interactions'], visit: Visit): void => {
  let contacted = false;
  for (const contact of interactions) {
    const { at, eventId, channel, purpose, direction, momentCode, waitSeconds, previousChannel } = contact;
    const isFirst = direction === 'outbound' && !contacted;
    if (direction === 'outbound') contacted = true;
    if (momentCode !== null) {
      visit(momentCode, at, eventId, channel);
      continue;
    }
    if (isFirst) visit('MT01', at, eventId, channel);
    if (purpose === 'welcome') visit('MT06', at, eventId, channel);
    if (waitSeconds !== null) visit('MT07', at, eventId, channel);
    if (previousChannel !== null && previousChannel !== channel) visit('MT16', at, eventId, channel);
    if (purpose === 'winback') visit('MT18', at, eventId, channel);
  }
};

/** An enquiry is answered by the first contact after it in which the two spoke. */
const enquiryMoments = ({ enquiries, interactions }: Evidence, visit: Visit): void => {
  if (enquiries.size === 0) return;
  for (const { receivedAt } of enquiries.values()) {
    if (receivedAt === null) continue;
    const answer = interactions.find((contact) => contact.at >= receivedAt && isAnswered(contact));
    if (answer !== undefined) visit('MT02', answer.at, answer.eventId, answer.channel);
  }
};

/** Whether there are orders of two days or more with this one (`domain.md §4.1`, n ≥ 2): days all given back by then are none. */
const isRepurchase = ({ placedOrders }: Evidence, index: number, at: Instant): boolean => {
  let day: Instant | null = null;
  for (let place = index; place >= 0; place--) {
    const order = placedOrders[place];
    if (order === undefined || (order.fullyReversedAt ?? NEVER) <= at) continue;
    if (day !== null && order.day !== day) return true;
    day = order.day;
  }
  return false;
};

const orderMoments = (evidence: Evidence, visit: Visit): void => {
  const { placedOrders, orders } = evidence;
  placedOrders.forEach(({ placedAt, eventId, channel }, index) => {
    if (placedAt === null) return;
    if (index === 0) visit('MT04', placedAt, eventId, channel);
    else if (isRepurchase(evidence, index, placedAt)) visit('MT14', placedAt, eventId, channel);
  });
  let first: { readonly at: Instant; readonly eventId: string | null } | null = null;
  for (const { placedAt, fulfilledAt, fulfilmentEventId } of orders.values())
    if (placedAt !== null && fulfilledAt !== null && (first === null || fulfilledAt < first.at))
      first = { at: fulfilledAt, eventId: fulfilmentEventId };
  if (first !== null) visit('MT05', first.at, first.eventId, null);
};

/** Each round of a request is one moment: when it was solved, else when its time was up. */
const requestMoments = ({ evidence: { requests }, policy, asOf }: Counted, visit: Visit): void => {
  for (const opened of requests.values())
    for (const { request, until } of roundsOf(opened)) {
      const solvedAt = currentResolution(request);
      const at = solvedAt ?? breachAt(request, policy.configuration, until ?? asOf);
      if (at !== null && request.openedAt !== null)
        visit('MT08', at, solvedAt === null ? request.eventId : request.resolvedEventId, request.channel);
    }
};

/** A complaint is heard once, and made good and followed up in each of its rounds. */
const complaintMoments = ({ complaints, costs }: Evidence, visit: Visit): void => {
  for (const complaint of complaints.values()) {
    const { receivedAt, channel } = complaint;
    if (receivedAt === null) continue;
    visit('MT11', receivedAt, complaint.eventId, channel);
    for (const { resolvedAt, resolvedEventId, followUps } of complaintRoundsOf(complaint)) {
      if (resolvedAt !== null) visit('MT12', resolvedAt, resolvedEventId, channel);
      for (const { at, eventId } of followUps) visit('MT13', at, eventId, channel);
    }
  }
  for (const { kind, at, eventId } of costs) if (kind === 'compensation') visit('MT12', at, eventId, null);
};

/** All moments of truth of a customer (`domain.md §4.3`), in no particular order. */
export const eachMoment = (customer: Counted, visit: Visit): void => {
  const { evidence } = customer;
  contactMoments(evidence.interactions, visit);
  enquiryMoments(evidence, visit);
  for (const { madeAt, eventId, channel } of evidence.offers.values())
    if (madeAt !== null) visit('MT03', madeAt, eventId, channel);
  orderMoments(evidence, visit);
  requestMoments(customer, visit);
  for (const { madeAt, settledAt, settledEventId } of evidence.promises.values())
    if (madeAt !== null && settledAt !== null) visit('MT09', settledAt, settledEventId, null);
  for (const { at, eventId } of evidence.failures) visit('MT10', at, eventId, null);
  complaintMoments(evidence, visit);
  for (const { at, eventId } of evidence.rewards) visit('MT15', at, eventId, null);
  for (const { at, eventId } of evidence.defectionNotices) visit('MT17', at, eventId, null);
};
