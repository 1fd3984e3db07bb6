import type { Evidence, PromiseEvidence, RequestEvidence } from '../customer/evidence';
import type { Configuration } from '../policy/configuration';
import type { Instant } from '../time/calendar';
import { roundsOf, slaDue } from './clock';

/** A promise that follows from the time agreed for a request. */
export interface AgreedTime {
  readonly madeAt: Instant;
  /** With what was waited for the customer, as the service level has it (`domain.md §10.4`). */
  readonly dueAt: Instant;
  /** Of the first solution; null while there is none. */
  readonly fulfilledAt: Instant | null;
  /** The fact that told of it. */
  readonly fulfilledEventId: string | null;
}

/** Whether a promise is the agreed time of this request, which is owed once. */
export const isAgreedTime = (
  { relatedTo, dueAt }: Pick<PromiseEvidence, 'relatedTo' | 'dueAt'>,
  { requestId, agreedDueAt }: RequestEvidence,
): boolean => relatedTo === requestId && dueAt === agreedDueAt;

type Promised = Pick<Evidence, 'promises' | 'changes'>;

/** From how many promises on each is not looked at for each request. */
const MANY = 8;
const agreedIn = new WeakMap<
  Evidence['promises'],
  { readonly changes: number; readonly agreed: ReadonlySet<string> }
>();
const agreedKey = (relatedTo: string | null, dueAt: Instant | null): string => `${dueAt} ${relatedTo}`;

/** What promises are about and when they are due, as of the last fact. */
const agreedBy = ({ promises, changes }: Promised): ReadonlySet<string> => {
  const known = agreedIn.get(promises);
  if (known?.changes === changes) return known.agreed;
  const agreed = new Set<string>();
  for (const { madeAt, relatedTo, dueAt } of promises.values())
    if (madeAt !== null) agreed.add(agreedKey(relatedTo, dueAt));
  agreedIn.set(promises, { changes, agreed });
  return agreed;
};

const isPromised = (request: RequestEvidence, evidence: Promised): boolean => {
  const { promises } = evidence;
  if (promises.size >= MANY) return agreedBy(evidence).has(agreedKey(request.requestId, request.agreedDueAt));
  if (promises.size > 0)
    for (const promise of promises.values()) if (promise.madeAt !== null && isAgreedTime(promise, request)) return true;
  return false;
};

const agreedTime = (
  request: RequestEvidence,
  madeAt: Instant,
  agreedDueAt: Instant,
  configuration: Configuration,
): AgreedTime => {
  const { earlier, firstResolvedAt: fulfilledAt } = request;
  // What was paused after a reopening moves the time of that round, and no promise of the first one.
  const round = earlier.length === 0 ? request : (roundsOf(request)[0]?.request ?? request);
  const first: RequestEvidence = { ...round, requestClass: 'deferred', reopenedAt: null };
  const { resolvedEventId } = earlier.find(({ resolvedAt }) => resolvedAt === fulfilledAt) ?? request;
  return {
    madeAt,
    dueAt: slaDue(first, configuration) ?? agreedDueAt,
    fulfilledAt,
    fulfilledEventId: fulfilledAt === null ? null : resolvedEventId,
  };
};

/**
 * The agreed time of a request is a promise, kept by its first solution (`domain.md §10.9`). Null when none was
 * agreed, or when it was also recorded as a promise, which then counts.
 */
export const agreedTimeOf = (
  request: RequestEvidence,
  evidence: Promised,
  configuration: Configuration,
): AgreedTime | null => {
  const { openedAt, agreedDueAt } = request;
  if (openedAt === null || agreedDueAt === null || isPromised(request, evidence)) return null;
  return agreedTime(request, openedAt, agreedDueAt, configuration);
};

/** When a promise falls due, and what settled it. */
export interface Settlement extends Pick<PromiseEvidence, 'dueAt' | 'settledAt' | 'settledEventId' | 'fulfilledAt'> {
  readonly settledBy: 'PromiseSettled' | 'ServiceRequestResolved';
}

/**
 * How a promise stands: as it was settled. One of the agreed time of a request waits for the customer with it, and
 * where nobody settled it, the first solution of the request keeps or breaks it (`domain.md §10.9`).
 */
export const settlementOf = (
  promise: PromiseEvidence,
  { requests }: Pick<Evidence, 'requests'>,
  configuration: Configuration,
): Settlement => {
  const { relatedTo, dueAt, settledAt, settledEventId, fulfilledAt } = promise;
  const told = { dueAt, settledAt, settledEventId, fulfilledAt, settledBy: 'PromiseSettled' } as const;
  const request = relatedTo === null ? undefined : requests.get(relatedTo);
  if (request === undefined || request.openedAt === null || !isAgreedTime(promise, request)) return told;
  const agreed = agreedTime(request, request.openedAt, dueAt, configuration);
  if (settledAt !== null) return { ...told, dueAt: agreed.dueAt };
  return {
    dueAt: agreed.dueAt,
    settledAt: agreed.fulfilledAt,
    settledEventId: agreed.fulfilledEventId,
    fulfilledAt: agreed.fulfilledAt,
    settledBy: 'ServiceRequestResolved',
  };
};
