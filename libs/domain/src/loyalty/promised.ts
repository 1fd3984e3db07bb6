import type { Evidence } from '../customer/evidence';
import type { Configuration } from '../policy/configuration';
import { agreedTimeOf, settlementOf } from '../service-request/agreed-time';
import type { Instant } from '../time/calendar';
import { type Complained, type Impulse, refersTo } from './impulse';

/** What was promised, when it fell due or was settled. */
interface Promised {
  /** How it is called in the note. */
  readonly what: 'promise' | 'agreed time';
  /** Of the promise, named where the fact that told of it is not known. */
  readonly id: string;
  readonly madeAt: Instant;
  readonly madeBy: Impulse['type'];
  readonly madeEventId: string | null;
  readonly dueAt: Instant;
  readonly settledAt: Instant | null;
  readonly settledBy: Impulse['type'];
  readonly settledEventId: string | null;
  readonly fulfilledAt: Instant | null;
}

/** A promise is broken when it falls due, however late that is admitted; no impulse before, nor of what was complained about. */
const addPromised = (
  impulses: Impulse[],
  { what, id, madeAt, madeBy, madeEventId, dueAt, settledAt, settledBy, settledEventId, fulfilledAt }: Promised,
  complained: Complained,
  { promiseBroken, promiseKept }: Configuration['loyalty']['experience'],
  asOf: Instant,
): void => {
  if (settledAt === null && asOf < dueAt) return;
  if (refersTo(complained, madeEventId, settledEventId)) return;
  const settled = settledAt !== null;
  const kept = settled && fulfilledAt !== null && fulfilledAt <= dueAt;
  const ended = settledAt ?? dueAt;
  impulses.push({
    eventId: (settled ? settledEventId : madeEventId) ?? id,
    type: settled ? settledBy : madeBy,
    occurredAt: settledAt ?? madeAt,
    fadesFrom: kept ? ended : Math.min(ended, dueAt),
    base: kept ? promiseKept : promiseBroken,
    kept,
    note: `${what} ${kept ? 'kept' : settled ? 'broken' : 'past due'}`,
  });
};

export const addPromises = (
  impulses: Impulse[],
  evidence: Evidence,
  complained: Complained,
  configuration: Configuration,
  asOf: Instant,
): void => {
  for (const promise of evidence.promises.values()) {
    const { promiseId: id, madeAt, eventId: madeEventId, released, relatedTo } = promise;
    if (madeAt === null || released) continue;
    if (relatedTo !== null && complained.requests.has(relatedTo)) continue;
    const settlement = settlementOf(promise, evidence, configuration);
    const promised: Promised = { what: 'promise', id, madeAt, madeBy: 'PromiseMade', madeEventId, ...settlement };
    addPromised(impulses, promised, complained, configuration.loyalty.experience, asOf);
  }
};

/** The agreed time of a request is a promise (`domain.md §10.9`), settled by its first solution. */
export const addAgreedTimes = (
  impulses: Impulse[],
  evidence: Evidence,
  complained: Complained,
  configuration: Configuration,
  asOf: Instant,
): void => {
  for (const request of evidence.requests.values()) {
    const { requestId, eventId } = request;
    const agreed = agreedTimeOf(request, evidence, configuration);
    if (agreed === null || complained.requests.has(requestId)) continue;
    const { madeAt, dueAt, fulfilledAt, fulfilledEventId } = agreed;
    const promised: Promised = {
      what: 'agreed time',
      id: requestId,
      madeAt,
      madeBy: 'ServiceRequestOpened',
      madeEventId: eventId,
      dueAt,
      settledAt: fulfilledAt,
      settledBy: 'ServiceRequestResolved',
      settledEventId: fulfilledEventId,
      fulfilledAt,
    };
    addPromised(impulses, promised, complained, configuration.loyalty.experience, asOf);
  }
};
