import type {
  Evidence,
  InteractionEvidence,
  OrderEvidence,
  PromiseEvidence,
  RequestEvidence,
} from '../customer/evidence';
import type { Configuration } from '../policy/configuration';
import { termsAt } from '../policy/terms';
import { isAgreedTime } from '../service-request/agreed-time';
import { currentResolution, slaDue, slaShareInstant } from '../service-request/clock';
import { HOUR_MS, type Instant, toIso } from '../time/calendar';

/** Something we owe the customer that is not settled (`domain.md §11.3 Q6`). */
export interface Obligation {
  /** Trigger key: kind and id; a reopened request is a new obligation. */
  readonly id: string;
  readonly eventId: string | null;
  /** When it began to be owed. */
  readonly since: Instant;
  readonly dueAt: Instant;
  /** From when it is at risk or broken. */
  readonly atRiskFrom: Instant;
  readonly what: string;
  readonly why: string;
  readonly channel: string | null;
}

/** Purposes of an outbound contact that tells the customer about a failure. */
const informingPurposes: ReadonlySet<string> = new Set([
  'service',
  'follow_up',
  'information',
  'complaint',
  'retention',
]);
const informingOutcomes: ReadonlySet<string> = new Set(['answered', 'completed', 'voicemail']);

const informs = ({ direction, purpose, outcome }: InteractionEvidence): boolean =>
  direction === 'outbound' && informingPurposes.has(purpose) && informingOutcomes.has(outcome);

const isInformedSince = ({ interactions }: Evidence, since: Instant): boolean => {
  for (let index = interactions.length - 1; index >= 0; index--) {
    const interaction = interactions[index];
    if (interaction === undefined || interaction.at < since) return false;
    if (informs(interaction)) return true;
  }
  return false;
};

const ofRequest = (request: RequestEvidence, configuration: Configuration): Obligation | null => {
  if (request.openedAt === null || currentResolution(request) !== null) return null;
  const dueAt = slaDue(request, configuration);
  const atRiskFrom = slaShareInstant(request, configuration.queues.Q6.serviceShare, configuration);
  if (dueAt === null || atRiskFrom === null) return null;
  const { requestId, reopenedAt } = request;
  return {
    id: reopenedAt === null ? `request:${requestId}` : `request:${requestId}:${toIso(reopenedAt)}`,
    eventId: request.eventId,
    since: reopenedAt ?? request.openedAt,
    dueAt,
    atRiskFrom,
    what: 'Solve the request or agree with the customer what happens next',
    why: `Request ${requestId} has used most of its service time`,
    channel: request.channel,
  };
};

const ofOrder = (order: OrderEvidence): Obligation | null => {
  if (order.placedAt === null || order.promisedAt === null || order.fulfilledAt !== null || order.fullyReversed)
    return null;
  return {
    id: `order:${order.orderId}`,
    eventId: order.eventId,
    since: order.placedAt,
    dueAt: order.promisedAt,
    // Delivered exactly when promised is kept.
    atRiskFrom: order.promisedAt + 1,
    what: 'Inform the customer first, then deliver or agree a new date',
    why: `Order ${order.orderId} is past its promised delivery`,
    channel: null,
  };
};

/** The agreed time of a request is a promise of its own (`domain.md §10.9`) and not owed twice. */
const isTimeOfRequest = (promise: PromiseEvidence, { requests }: Evidence): boolean => {
  const request = promise.relatedTo === null ? undefined : requests.get(promise.relatedTo);
  return request !== undefined && isAgreedTime(promise, request);
};

const ofPromise = (promise: PromiseEvidence, evidence: Evidence, configuration: Configuration): Obligation | null => {
  if (promise.madeAt === null || promise.settledAt !== null || isTimeOfRequest(promise, evidence)) return null;
  return {
    id: `promise:${promise.promiseId}`,
    eventId: promise.eventId,
    since: promise.madeAt,
    dueAt: promise.dueAt,
    atRiskFrom: promise.dueAt - configuration.queues.Q6.promiseAheadHours * HOUR_MS,
    what: 'Keep the promise, or tell the customer before it falls due',
    why: `Promise ${promise.promiseId} falls due or is overdue`,
    channel: null,
  };
};

type DataSubjectRequest = Evidence['person']['dataSubjectRequests'][number];

/** `domain.md §17.6`: at 75 % of the time that the law gives for the answer. */
const ofDataSubject = (request: DataSubjectRequest, configuration: Configuration): Obligation | null => {
  const { dsrId, kind, eventId, receivedAt, dueAt, closedAt } = request;
  if (closedAt !== null) return null;
  const share = configuration.queues.Q6.serviceShare;
  return {
    id: `data-subject-request:${dsrId}`,
    eventId,
    since: receivedAt,
    dueAt,
    atRiskFrom: receivedAt + Math.ceil(share * Math.max(0, dueAt - receivedAt)),
    what: 'Answer the request of the data subject before the law says it is late',
    why: `Data-subject request ${dsrId} (${kind}) has used most of its legal time`,
    channel: null,
  };
};

/** Requests, promised deliveries, promises and requests of the data subject that are not settled. */
export const openObligations = (evidence: Evidence, configuration: Configuration): ReadonlyArray<Obligation> => {
  const obligations: Obligation[] = [];
  const add = (obligation: Obligation | null) => {
    if (obligation !== null) obligations.push(obligation);
  };
  if (evidence.requests.size > 0)
    for (const request of evidence.requests.values()) add(ofRequest(request, configuration));
  for (const order of evidence.placedOrders) if (order.promisedAt !== null) add(ofOrder(order));
  if (evidence.promises.size > 0)
    for (const promise of evidence.promises.values()) add(ofPromise(promise, evidence, configuration));
  for (const request of evidence.person.dataSubjectRequests) add(ofDataSubject(request, configuration));
  return obligations;
};

/** Failures about which nobody contacted the customer since (`domain.md §11.3 Q6`: follow-up 24 h). */
export const openFailures = (evidence: Evidence, configuration: Configuration): ReadonlyArray<Obligation> => {
  const obligations: Obligation[] = [];
  for (const { failureId, eventId, at, kind } of evidence.failures) {
    if (isInformedSince(evidence, at)) continue;
    obligations.push({
      id: `failure:${failureId}`,
      eventId,
      since: at,
      dueAt: at + termsAt(configuration, at).queues.Q6.failureFollowUpHours * HOUR_MS,
      atRiskFrom: at,
      what: 'Tell the customer what happened, what we do about it and by when',
      why: `Failure ${failureId} (${kind}) was not followed up`,
      channel: null,
    });
  }
  return obligations;
};
