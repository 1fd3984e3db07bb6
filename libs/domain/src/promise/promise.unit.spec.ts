import { given, hours, iso, past } from '../command/given-when-then';
import { makePromise } from './make-promise';
import { settlePromise } from './settle-promise';

const promise = { promiseId: 'p1', partyId: 'customer', madeBy: 'agent-1', dueAt: iso(hours(2)) };
const made = (dueInMs: number) => past('PromiseMade', { ...promise, dueAt: iso(dueInMs) }, -hours(5));
const settled = (outcome: 'kept' | 'broken' | 'released') => past('PromiseSettled', { promiseId: 'p1', outcome }, -1);
const p1 = { promiseId: 'p1' };

describe('MakePromise', () => {
  it('is made by the actor unless another one is named', () => {
    const { madeBy: _, ...body } = promise;
    given()
      .when(makePromise, body)
      .then(['PromiseMade', promise, ['customer']]);
  });

  it('falls due later than it is made', () => {
    given()
      .when(makePromise, { ...promise, dueAt: iso(1) })
      .thenAccepted();
    given()
      .when(makePromise, { ...promise, dueAt: iso() })
      .thenRefused('InvalidInterval', { path: '/dueAt' });
  });

  it('says nothing new when it is made again, and refuses another one with its id', () => {
    given(made(hours(2)))
      .when(makePromise, promise)
      .thenNothing();
    given(made(hours(3)))
      .when(makePromise, promise)
      .thenRefused('InvalidState', { path: '/promiseId' });
  });
});

describe('SettlePromise', () => {
  it.each([
    ['fulfilled exactly at its due time', 0, 'kept'],
    ['fulfilled 1 ms late', -1, 'broken'],
  ] as const)('%s it is computed', (_, dueInMs, outcome) => {
    given(made(dueInMs))
      .when(settlePromise, p1)
      .then(['PromiseSettled', { ...p1, outcome, fulfilledAt: iso() }, ['customer']]);
  });

  it('takes the instant of fulfilment from the body', () => {
    given(made(-hours(1)))
      .when(settlePromise, { ...p1, fulfilledAt: iso(-hours(2)) })
      .then(['PromiseSettled', { ...p1, outcome: 'kept', fulfilledAt: iso(-hours(2)) }]);
    given(made(-hours(1)))
      .when(settlePromise, { ...p1, fulfilledAt: iso(300_001) })
      .thenRefused('OccurredInFuture', { path: '/fulfilledAt' });
  });

  it('refuses an outcome that contradicts the computed one', () => {
    given(made(-hours(1)))
      .when(settlePromise, { ...p1, outcome: 'kept', fulfilledAt: iso() })
      .thenRefused('ValidationFailed', { path: '/outcome' });
  });

  it('records a promise that nobody fulfilled', () => {
    given(made(hours(1)))
      .when(settlePromise, { ...p1, outcome: 'broken' })
      .then(['PromiseSettled', { ...p1, outcome: 'broken' }]);
  });

  it('is released by the customer only', () => {
    const customer = { actor: { kind: 'customer', id: 'customer', roles: [] } } as const;
    given(made(hours(1)))
      .when(settlePromise, { ...p1, outcome: 'released' }, customer)
      .then(['PromiseSettled', { ...p1, outcome: 'released' }]);
    given(made(hours(1)))
      .when(settlePromise, { ...p1, outcome: 'released' })
      .thenRefused('Forbidden');
  });

  it.each(['kept', 'broken', 'released'] as const)('happens once: not after %s', (outcome) => {
    given(made(hours(1)), settled(outcome))
      .when(settlePromise, p1)
      .thenRefused('PromiseAlreadySettled', { details: { outcome } });
  });

  it('refuses an unknown promise', () => {
    given().when(settlePromise, p1).thenRefused('PromiseNotFound');
  });
});
