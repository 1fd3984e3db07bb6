import { type Configuration, type Evidence, type Instant, type RequestEvidence, slaDue } from '@afecto/domain';

export type PromiseOutcome = 'open' | 'overdue' | 'kept' | 'broken' | 'released';

export interface JudgedPromise {
  readonly promiseId: string;
  /** Who gave it. */
  readonly agent: string;
  readonly channel: string | null;
  readonly relatedTo: string | null;
  readonly madeAt: Instant;
  readonly dueAt: Instant;
  readonly fulfilledAt: Instant | null;
  /** Unsettled past due counts as broken: `overdue` (`domain.md §10.9`). */
  readonly outcome: PromiseOutcome;
}

const outcomeOf = (dueAt: Instant, fulfilledAt: Instant | null, isSettled: boolean, asOf: Instant): PromiseOutcome => {
  if (fulfilledAt !== null) return fulfilledAt <= dueAt ? 'kept' : 'broken';
  if (isSettled) return 'broken';
  return asOf >= dueAt ? 'overdue' : 'open';
};

/**
 * The agreed time of a request is a promise, kept by the first solution (`domain.md §10.9`). What was
 * waited for the customer is added to it, as to the service level (§10.4).
 */
const ofRequest = (request: RequestEvidence, configuration: Configuration, asOf: Instant): JudgedPromise | null => {
  const { requestId, openedAt, agreedDueAt, openedBy, channel, firstResolvedAt } = request;
  if (openedAt === null || agreedDueAt === null) return null;
  const first = { ...request, requestClass: 'deferred' as const, reopenedAt: null };
  const dueAt = slaDue(first, configuration) ?? agreedDueAt;
  return {
    promiseId: `request:${requestId}`,
    agent: openedBy ?? '',
    channel,
    relatedTo: requestId,
    madeAt: openedAt,
    dueAt,
    fulfilledAt: firstResolvedAt,
    outcome: outcomeOf(dueAt, firstResolvedAt, false, asOf),
  };
};

/** Every promise to a customer, those made as such and those that are agreed times; one that is both is one. */
export const promisesOf = (
  { promises, requests, complaints, orders }: Evidence,
  configuration: Configuration,
  asOf: Instant,
): ReadonlyArray<JudgedPromise> => {
  const judged: JudgedPromise[] = [];
  const promised = new Set<string>();
  for (const promise of promises.values()) {
    const { promiseId, madeAt, madeBy, dueAt, relatedTo, settledAt, fulfilledAt, released } = promise;
    if (madeAt === null) continue;
    const request = relatedTo === null ? undefined : requests.get(relatedTo);
    if (request !== undefined && request.agreedDueAt === dueAt) promised.add(request.requestId);
    const about = relatedTo === null ? undefined : (request ?? complaints.get(relatedTo) ?? orders.get(relatedTo));
    judged.push({
      promiseId,
      agent: madeBy ?? '',
      channel: promise.channel ?? about?.channel ?? null,
      relatedTo,
      madeAt,
      dueAt,
      fulfilledAt,
      outcome: released ? 'released' : outcomeOf(dueAt, fulfilledAt, settledAt !== null, asOf),
    });
  }
  for (const request of requests.values()) {
    if (promised.has(request.requestId)) continue;
    const promise = ofRequest(request, configuration, asOf);
    if (promise !== null) judged.push(promise);
  }
  return judged;
};
