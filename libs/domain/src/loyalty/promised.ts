import type { Evidence } from '../customer/evidence';
import type { Configuration } from '../policy/configuration';
import { agreedTimeOf, settlementOf } from '../service-request/agreed-time';
import type { Instant } from '../time/calendar';
import { type Complained, type Impulse, refersTo } from './impulse';

/** What was promised, when it fell due or was settled. */
interface Promised extends Pick<Impulse, 'eventId' | 'type' | 'occurredAt'> {
  readonly dueAt: Instant;
  readonly settledAt: Instant | null;
  readonly fulfilledAt: Instant | null;
  /** How it is called in the note. */
  readonly what: 'promise' | 'agreed time';
}

/** A promise is broken when it falls due, however late that is admitted. */
const promiseImpulse = (
  { dueAt, settledAt, fulfilledAt, what, ...told }: Promised,
  { promiseBroken, promiseKept }: Configuration['loyalty']['experience'],
): Impulse => {
  const kept = fulfilledAt !== null && fulfilledAt <= dueAt;
  const ended = settledAt ?? dueAt;
  return {
    ...told,
    fadesFrom: kept ? ended : Math.min(ended, dueAt),
    base: kept ? promiseKept : promiseBroken,
    kept,
    note: `${what} ${kept ? 'kept' : settledAt === null ? 'past due' : 'broken'}`,
  };
};

export const addPromises = (
  impulses: Impulse[],
  evidence: Evidence,
  complained: Complained,
  configuration: Configuration,
  asOf: Instant,
): void => {
  for (const promise of evidence.promises.values()) {
    const { promiseId, madeAt, eventId, released, relatedTo } = promise;
    if (madeAt === null || released) continue;
    if (relatedTo !== null && complained.requests.has(relatedTo)) continue;
    const { dueAt, settledAt, fulfilledAt, settledEventId, settledBy } = settlementOf(promise, evidence, configuration);
    if (settledAt === null && asOf < dueAt) continue;
    if (refersTo(complained, eventId, settledEventId)) continue;
    const settled = settledAt !== null;
    impulses.push(
      promiseImpulse(
        {
          dueAt,
          settledAt,
          fulfilledAt: settled ? fulfilledAt : null,
          what: 'promise',
          eventId: (settled ? settledEventId : eventId) ?? promiseId,
          type: settled ? settledBy : 'PromiseMade',
          occurredAt: settledAt ?? madeAt,
        },
        configuration.loyalty.experience,
      ),
    );
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
    if (fulfilledAt === null && asOf < dueAt) continue;
    if (refersTo(complained, eventId, fulfilledEventId)) continue;
    const solved = fulfilledAt !== null;
    impulses.push(
      promiseImpulse(
        {
          dueAt,
          settledAt: fulfilledAt,
          fulfilledAt,
          what: 'agreed time',
          eventId: (solved ? fulfilledEventId : eventId) ?? requestId,
          type: solved ? 'ServiceRequestResolved' : 'ServiceRequestOpened',
          occurredAt: fulfilledAt ?? madeAt,
        },
        configuration.loyalty.experience,
      ),
    );
  }
};
