import type { Evidence, PromiseEvidence, RequestEvidence } from '../customer/evidence';
import type { Configuration } from '../policy/configuration';
import type { Instant } from '../time/calendar';
import { slaDue } from './clock';

/** A promise that follows from the time agreed for a request. */
export interface AgreedTime {
  readonly madeAt: Instant;
  /** With what was waited for the customer, as the service level has it (`domain.md §10.4`). */
  readonly dueAt: Instant;
  /** Of the first solution; null while there is none. */
  readonly fulfilledAt: Instant | null;
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

/**
 * The agreed time of a request is a promise, kept by its first solution (`domain.md §10.9`). Null when none was
 * agreed, or when it was also recorded as a promise, which then counts.
 */
export const agreedTimeOf = (
  request: RequestEvidence,
  evidence: Promised,
  configuration: Configuration,
): AgreedTime | null => {
  const { openedAt, agreedDueAt, firstResolvedAt } = request;
  if (openedAt === null || agreedDueAt === null || isPromised(request, evidence)) return null;
  const first: RequestEvidence = { ...request, requestClass: 'deferred', reopenedAt: null };
  return { madeAt: openedAt, dueAt: slaDue(first, configuration) ?? agreedDueAt, fulfilledAt: firstResolvedAt };
};
