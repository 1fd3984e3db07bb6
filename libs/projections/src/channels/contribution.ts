import { breachesOf, currentResolution, HOUR_MS, type InteractionEvidence, isOutsideBase } from '@afecto/domain';
import { dayOf } from '../figures/definition';
import { type Contribute, type Count, type Counted, keyOf } from '../tally/contribute';
import { monthOfDay } from '../tally/months';
import { countValue } from '../tally/percentiles';
import { isCsat, type Scored, scoredOf } from '../voice/measures';
import { isOnline, isSelfService } from './kinds';
import { eachMoment } from './moments';

export const REPORT = 'channels';

/** A contact on which the customer served himself is contained when none with people follows on its topic for so long. */
const CONTAINED_MS = 72 * HOUR_MS;

/** The customer turned to people, or answered when they turned to him: a message that was only sent helps nobody. */
const isAssisted = ({ channel, direction, outcome }: InteractionEvidence): boolean =>
  !isSelfService(channel) && (direction === 'inbound' || outcome === 'answered');

const isContained = (interactions: ReadonlyArray<InteractionEvidence>, index: number): boolean => {
  const contact = interactions[index];
  if (contact === undefined) return true;
  for (let later = index + 1; later < interactions.length; later++) {
    const other = interactions[later];
    if (other === undefined || other.at > contact.at + CONTAINED_MS) return true;
    if (other.topicCode === contact.topicCode && isAssisted(other)) return false;
  }
  return true;
};

const contributeContacts = ({ evidence: { interactions, placedOrders }, policy }: Counted, count: Count): void => {
  interactions.forEach(({ at, channel, direction, waitSeconds, answerCode }, index) => {
    const day = dayOf(at, policy);
    const month = monthOfDay(day);
    count(keyOf(REPORT, 'contact', channel, direction), day);
    if (waitSeconds !== null) {
      countValue(count, month, waitSeconds, REPORT, 'wait', channel);
      count(keyOf(REPORT, 'waited', channel), month, waitSeconds);
    }
    if (answerCode !== null) count(keyOf(REPORT, 'answered', channel), day);
    if (direction !== 'inbound') return;
    count(keyOf(REPORT, 'online', 'contacts', isOnline(channel) ? 'online' : 'other'), month);
    if (isSelfService(channel))
      count(keyOf(REPORT, 'served', channel, isContained(interactions, index) ? 'contained' : 'assisted'), day);
  });
  for (const { placedAt, channel } of placedOrders)
    if (placedAt !== null && channel !== null)
      count(
        keyOf(REPORT, 'online', 'orders', isOnline(channel) ? 'online' : 'other'),
        monthOfDay(dayOf(placedAt, policy)),
      );
};

/** Requests when they are decided: solved, or their time is up. */
const contributeRequests = ({ evidence: { requests }, policy, asOf }: Counted, count: Count): void => {
  for (const request of requests.values()) {
    const { openedAt, channel, byTier, escalations, reopenedAt } = request;
    if (openedAt === null || channel === null) continue;
    const missedAt = breachesOf(request, policy.configuration, asOf)[0]?.at ?? null;
    const solvedAt = currentResolution(request);
    if (missedAt !== null) count(keyOf(REPORT, 'request', channel, 'missed'), dayOf(missedAt, policy));
    else if (solvedAt !== null) count(keyOf(REPORT, 'request', channel, 'met'), dayOf(solvedAt, policy));
    if (solvedAt === null) continue;
    const day = dayOf(solvedAt, policy);
    count(keyOf(REPORT, 'request', channel, 'solved'), day);
    if (byTier === 'front_office' && escalations.length === 0 && reopenedAt === null)
      count(keyOf(REPORT, 'request', channel, 'firstContact'), day);
  }
};

/** What an answer adds: that it is one, whether it is of the best two and of the best class, and its score. */
const countAnswer = (
  measure: 'csat' | 'ces',
  { class: of, milli }: Scored,
  add: (what: string, by: number) => void,
) => {
  add(`${measure}:answers`, 1);
  if (of !== 'rest') add(`${measure}:topTwo`, 1);
  if (of === 'best') add(`${measure}:topBox`, 1);
  add(`${measure}:milli`, milli);
};

/** Answers of satisfaction and effort: all of them, and those about a contact or a moment by its channel and code. */
const contributeAnswers = (customer: Counted, count: Count): void => {
  const { evidence, policy } = customer;
  const about = new Map<string, { channel: string | null; readonly codes: Set<string> }>();
  for (const { aboutEventId } of evidence.surveys)
    if (aboutEventId !== null) about.set(aboutEventId, { channel: null, codes: new Set() });
  if (about.size > 0) {
    eachMoment(customer, (code, _, eventId, channel) => {
      const found = eventId === null ? undefined : about.get(eventId);
      if (found === undefined) return;
      found.codes.add(code);
      found.channel ??= channel;
    });
    const place = (eventId: string | null, channel: string | null): void => {
      const found = eventId === null ? undefined : about.get(eventId);
      if (found !== undefined) found.channel ??= channel;
    };
    for (const { eventId, channel } of evidence.interactions) place(eventId, channel);
    for (const { eventId, channel } of evidence.requests.values()) place(eventId, channel);
    for (const { eventId, channel } of evidence.enquiries.values()) place(eventId, channel);
  }
  for (const survey of evidence.surveys) {
    const { instrument, aboutEventId, at } = survey;
    const measure = isCsat(instrument) ? 'csat' : instrument === 'ces' ? 'ces' : null;
    if (measure === null || isOutsideBase(evidence, at)) continue;
    const scored = scoredOf(survey);
    if (scored === null) continue;
    const day = dayOf(at, policy);
    const found = aboutEventId === null ? undefined : about.get(aboutEventId);
    countAnswer(measure, scored, (what, by) => {
      count(keyOf(REPORT, 'all', what), day, by);
      if (found === undefined) return;
      if (found.channel !== null) count(keyOf(REPORT, 'channel', found.channel, what), day, by);
      for (const code of found.codes) count(keyOf(REPORT, 'about', code, what), day, by);
    });
  }
};

/** Channels, moments of truth and contradictions between them (PR13, `domain.md §4.3`, §4.4). */
export const contributeChannels: Contribute = (customer, count) => {
  const { evidence, policy } = customer;
  contributeContacts(customer, count);
  if (evidence.requests.size > 0) contributeRequests(customer, count);
  eachMoment(customer, (code, at) => count(keyOf(REPORT, 'moment', code), dayOf(at, policy)));
  if (evidence.surveys.length > 0) contributeAnswers(customer, count);
  for (const { rule, channel, earlierChannel, at } of evidence.inconsistencies)
    count(keyOf(REPORT, 'inconsistent', rule, channel, earlierChannel ?? ''), dayOf(at, policy));
};
