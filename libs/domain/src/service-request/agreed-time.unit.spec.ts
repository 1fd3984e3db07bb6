import { evolve } from '../customer/evolve';
import { fact, isoOnDay, onDay } from '../customer/fact-builder';
import { emptyEvidence } from '../customer/mutable-evidence';
import type { Fact } from '../facts/envelope';
import { defaultConfiguration } from '../policy/configuration';
import { agreedTimeOf, settlementOf } from './agreed-time';

/** r1 of p1, opened on day 1 with a time agreed at the noon of that day. */
const opened = fact('ServiceRequestOpened', 1, {
  requestId: 'r1',
  partyId: 'p1',
  channel: 'phone',
  category: 'billing',
  class: 'deferred',
  openedAt: isoOnDay(1),
  agreedDueAt: isoOnDay(1.5),
});

const promised = (promiseId: string, dueOn: number, relatedTo?: string): Fact =>
  fact('PromiseMade', 1, {
    promiseId,
    partyId: 'p1',
    madeBy: 'a1',
    dueAt: isoOnDay(dueOn),
    ...(relatedTo === undefined ? {} : { relatedTo }),
  });

const settled = (promiseId: string): Fact =>
  fact('PromiseSettled', 1.4, { promiseId, outcome: 'kept', fulfilledAt: isoOnDay(1.4) });

const paused = fact('ServiceRequestPaused', 1.1, { requestId: 'r1', reason: 'waiting_customer' });
const resumed = fact('ServiceRequestResumed', 1.2, { requestId: 'r1' });
const resolved = (days: number): Fact =>
  fact('ServiceRequestResolved', days, {
    requestId: 'r1',
    resolutionCode: 'done',
    byTier: 'back_office',
    resolvedAt: isoOnDay(days),
  });
const reopened = fact('ServiceRequestReopened', 2, { requestId: 'r1', reason: 'again' });

const folded = (facts: ReadonlyArray<Fact>) => {
  const evidence = emptyEvidence('p1', ['p1'], defaultConfiguration);
  for (const one of facts) evolve(evidence, one);
  const request = evidence.requests.get('r1');
  if (request === undefined) throw new Error('r1 is opened in every history');
  return { evidence, request };
};

const agreedIn = (facts: ReadonlyArray<Fact>) => {
  const { evidence, request } = folded(facts);
  return agreedTimeOf(request, evidence, defaultConfiguration);
};

/** Promises that are about something else; with them there are many. */
const others = Array.from({ length: 8 }, (_, index) => promised(`other-${index}`, 3, `r${index + 10}`));

describe('the time agreed for a request (domain.md §10.9)', () => {
  it.each<[string, ReadonlyArray<Fact>, object]>([
    ['nothing else is known', [], { dueAt: onDay(1.5), fulfilledAt: null, fulfilledEventId: null }],
    ['it waited for the customer', [paused, resumed], { dueAt: onDay(1.6), fulfilledAt: null }],
    ['it was solved', [resolved(1.4)], { fulfilledAt: onDay(1.4), fulfilledEventId: expect.any(String) }],
    [
      'it was solved and reopened',
      [resolved(1.4), reopened, resolved(3)],
      { dueAt: onDay(1.5), fulfilledAt: onDay(1.4) },
    ],
  ])('is a promise made at the opening: %s', (_, facts, expected) => {
    expect(agreedIn([opened, ...facts])).toMatchObject({ madeAt: onDay(1), ...expected });
  });

  it('is told by the first solution, not by the one after a reopening', () => {
    const first = resolved(1.4);
    expect(agreedIn([opened, first, reopened, resolved(3)])?.fulfilledEventId).toBe(first.eventId);
  });

  describe.each<[string, ReadonlyArray<Fact>]>([
    ['few', []],
    ['many', others],
  ])('among %s promises', (_, among) => {
    it.each<[string, ReadonlyArray<Fact>, boolean]>([
      ['none of it', [], true],
      ['one of it', [promised('own', 1.5, 'r1')], false],
      ['one about it for another time', [promised('own', 1.6, 'r1')], true],
      ['one for its time about another request', [promised('own', 1.5, 'r2')], true],
      ['one for its time about nothing in particular', [promised('own', 1.5)], true],
      ['one of which only the end was told', [settled('own')], true],
    ])('counts unless it was also recorded as a promise: %s', (__, facts, counts) => {
      expect(agreedIn([opened, ...among, ...facts]) !== null).toBe(counts);
    });

    it('what is promised later is noticed', () => {
      const { evidence, request } = folded([opened, ...among]);
      expect(agreedTimeOf(request, evidence, defaultConfiguration)).not.toBeNull();
      evolve(evidence, promised('own', 1.5, 'r1'));
      expect(agreedTimeOf(request, evidence, defaultConfiguration)).toBeNull();
    });
  });
});

describe('how a promise stands (domain.md §10.9)', () => {
  const standingOf = (facts: ReadonlyArray<Fact>) => {
    const { evidence } = folded(facts);
    const promise = evidence.promises.get('own');
    if (promise === undefined) throw new Error('own is promised in every history');
    return settlementOf(promise, evidence, defaultConfiguration);
  };

  it.each<[string, ReadonlyArray<Fact>, object]>([
    [
      'the agreed time waits for the customer and is kept by the first solution',
      [opened, promised('own', 1.5, 'r1'), paused, resumed, resolved(1.55)],
      { dueAt: onDay(1.6), settledAt: onDay(1.55), fulfilledAt: onDay(1.55), settledBy: 'ServiceRequestResolved' },
    ],
    [
      'settled by an agent, it still waits for the customer',
      [opened, promised('own', 1.5, 'r1'), paused, resumed, settled('own'), resolved(1.55)],
      { dueAt: onDay(1.6), settledAt: onDay(1.4), fulfilledAt: onDay(1.4), settledBy: 'PromiseSettled' },
    ],
    [
      'of another time about the request, it stands for itself',
      [opened, promised('own', 1.7, 'r1'), paused, resumed, resolved(1.55)],
      { dueAt: onDay(1.7), settledAt: null, fulfilledAt: null, settledBy: 'PromiseSettled' },
    ],
    [
      'about nothing, it stands for itself',
      [opened, promised('own', 1.5), resolved(1.55)],
      { dueAt: onDay(1.5), settledAt: null, settledBy: 'PromiseSettled' },
    ],
  ])('%s', (_, facts, expected) => {
    expect(standingOf(facts)).toMatchObject(expected);
  });
});
