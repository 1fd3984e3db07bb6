import {
  agreedTimeOf,
  type Configuration,
  type Evidence,
  type Instant,
  type RequestEvidence,
  settlementOf,
} from '@afecto/domain';

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

/** The agreed time of a request is a promise (`domain.md §10.9`); null when it has none of its own. */
const ofRequest = (
  request: RequestEvidence,
  evidence: Pick<Evidence, 'promises' | 'changes'>,
  configuration: Configuration,
  asOf: Instant,
): JudgedPromise | null => {
  const agreed = agreedTimeOf(request, evidence, configuration);
  if (agreed === null) return null;
  const { requestId, openedBy, channel } = request;
  return {
    promiseId: `request:${requestId}`,
    agent: openedBy ?? '',
    channel,
    relatedTo: requestId,
    madeAt: agreed.madeAt,
    dueAt: agreed.dueAt,
    fulfilledAt: agreed.fulfilledAt,
    outcome: outcomeOf(agreed.dueAt, agreed.fulfilledAt, false, asOf),
  };
};

/** Every promise to a customer, those made as such and those that are agreed times; one that is both is one. */
export const promisesOf = (
  evidence: Evidence,
  configuration: Configuration,
  asOf: Instant,
): ReadonlyArray<JudgedPromise> => {
  const { promises, requests, complaints, orders } = evidence;
  const judged: JudgedPromise[] = [];
  for (const promise of promises.values()) {
    const { promiseId, madeAt, madeBy, relatedTo, released } = promise;
    if (madeAt === null) continue;
    const { dueAt, settledAt, fulfilledAt } = settlementOf(promise, evidence, configuration);
    const request = relatedTo === null ? undefined : requests.get(relatedTo);
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
    const promise = ofRequest(request, evidence, configuration, asOf);
    if (promise !== null) judged.push(promise);
  }
  return judged;
};
