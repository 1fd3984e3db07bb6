import * as complaint from '../complaint/complaint-facts';
import { acknowledgeComplaint } from '../complaint/acknowledge-complaint';
import { followUpComplaint } from '../complaint/follow-up-complaint';
import type { Fact } from '../facts/envelope';
import { fulfilOrder } from '../order/fulfil-order';
import { reverseOrder } from '../order/reverse-order';
import { settlePromise } from '../promise/settle-promise';
import { escalateServiceRequest } from '../service-request/escalate-service-request';
import * as request from '../service-request/request-facts';
import { resolveServiceRequest } from '../service-request/resolve-service-request';
import type { DomainErrorCode } from './errors';
import { given, hours, iso, past } from './given-when-then';

type When = (facts: ReadonlyArray<Fact>) => ReturnType<ReturnType<typeof given>['when']>;

const o1 = { orderId: 'o1' };
const placed = past(
  'OrderPlaced',
  {
    ...o1,
    partyId: 'customer',
    channel: 'web',
    lines: [{ sku: 'a', productLine: 'p', qty: 1, listMinor: 100, netMinor: 100 }],
    totalNetMinor: 100,
    currency: 'GBP',
    appliedPreferenceIds: [],
  },
  -hours(1),
);
const reversed = (amountMinor: number) =>
  past('OrderReversed', { ...o1, kind: 'returned', amountMinor, reason: 'broken' }, -hours(2));
const delivered = past('OrderFulfilled', { ...o1, deliveredAt: iso(-hours(2)), complete: true }, -hours(2));
const promised = past(
  'PromiseMade',
  { promiseId: 'p1', partyId: 'customer', madeBy: 'agent-1', dueAt: iso(hours(9)) },
  -hours(1),
);
const settled = past('PromiseSettled', { promiseId: 'p1', outcome: 'kept', fulfilledAt: iso(-hours(2)) }, -hours(2));

const giveBack =
  (amountMinor: number): When =>
  (facts) =>
    given(...facts).when(reverseOrder, { ...o1, kind: 'returned', amountMinor, reason: 'broken' });

/**
 * Another clock, or a fact that is told with the day alone, dates what went on before the beginning. The read models
 * count it all the same; commands passed over it, so that the whole of an order was given back twice, it was
 * delivered twice, a promise was settled twice, and a complaint that was resolved could not be followed up.
 */
describe('what is dated before the beginning of its stream comes after it all the same', () => {
  it.each<[string, ReadonlyArray<Fact>, When, DomainErrorCode | null]>([
    ['the return of a whole order', [reversed(100), placed], giveBack(1), 'OrderReversedAlready'],
    ['the return of a part: too much of the rest', [reversed(60), placed], giveBack(41), 'ExceedsRefundable'],
    ['the return of a part: the rest', [reversed(60), placed], giveBack(40), null],
    ['a delivery', [delivered, placed], (facts) => given(...facts).when(fulfilOrder, o1), 'AlreadyFulfilled'],
    [
      'the settlement of a promise',
      [settled, promised],
      (facts) => given(...facts).when(settlePromise, { promiseId: 'p1' }),
      'PromiseAlreadySettled',
    ],
    [
      'an acknowledgement',
      [complaint.acknowledged(-hours(2)), complaint.received(-hours(1))],
      (facts) => given(...facts).when(acknowledgeComplaint, { complaintId: 'c1', responsibleAgentId: 'a' }),
      'AlreadyAcknowledged',
    ],
    [
      'the resolution of a complaint',
      [complaint.resolved(-hours(2)), complaint.received(-hours(1))],
      (facts) => given(...facts).when(followUpComplaint, { complaintId: 'c1', verdict: 5 }),
      null,
    ],
    [
      'an escalation',
      [request.escalated(2, -hours(2)), request.opened(-hours(1))],
      (facts) =>
        given(...facts).when(escalateServiceRequest, { requestId: 'r1', to: 'supervisor', level: 2, reason: 'late' }),
      'EscalationNotHigher',
    ],
    [
      'the solution of a request',
      [request.resolved(-hours(2)), request.opened(-hours(1))],
      (facts) =>
        given(...facts).when(resolveServiceRequest, { requestId: 'r1', resolutionCode: 'ok', byTier: 'front_office' }),
      'RequestClosed',
    ],
  ])('%s', (_, facts, when, code) => {
    for (const told of [facts, facts.toReversed()]) {
      const outcome = when(told);
      if (code === null) outcome.thenAccepted();
      else outcome.thenRefused(code);
    }
  });
});
