import { fact, isoOnDay, onDay } from '../customer/fact-builder';
import { foldCustomer } from '../customer/fold';
import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';
import { breachesOf, slaDue } from '../service-request';
import { DAY_MS, HOUR_MS } from '../time/calendar';
import { type Configuration, defaultConfiguration } from './configuration';
import { policyAt, regimeOf } from './fold-regime';
import { termsAt } from './terms';

/**
 * Every judgement took the service times of the configuration in force at its evaluation: the activation of 12 h told
 * a breach, dated in the past, of a request that had been solved in time under 24 h, and 24 h took back one that was
 * missed under 12 h. A request or a complaint keeps the terms under which it was received.
 */
const activated = (
  version: number,
  days: number,
  parts: {
    readonly service?: Partial<Configuration['service']>;
    readonly complaints?: Partial<Configuration['complaints']>;
  },
): Fact =>
  fact('ConfigurationActivated', 0, {
    version,
    effectiveFrom: isoOnDay(days),
    config: {
      ...defaultConfiguration,
      version,
      service: { ...defaultConfiguration.service, ...parts.service },
      complaints: { ...defaultConfiguration.complaints, ...parts.complaints },
    },
  });

const opened = (days: number, requestId = 'r1'): Fact =>
  fact('ServiceRequestOpened', days, {
    requestId,
    partyId: 'p1',
    channel: 'email',
    category: 'billing',
    class: 'deferred',
    openedAt: isoOnDay(days),
    avoidableInPerson: false,
  });
const resolved = (days: number, requestId = 'r1'): Fact =>
  fact('ServiceRequestResolved', days, {
    requestId,
    resolutionCode: 'done',
    byTier: 'back_office',
    resolvedAt: isoOnDay(days),
  });
const reopened = (days: number, requestId = 'r1'): Fact =>
  fact('ServiceRequestReopened', days, { requestId, reason: 'again' });
const received = (days: number): Fact =>
  fact('ComplaintReceived', days, {
    complaintId: 'c1',
    partyId: 'p1',
    channel: 'email',
    category: 'billing',
    severity: 2,
  } satisfies FactData['ComplaintReceived']);

const judgedOn = (day: number, policies: ReadonlyArray<Fact>, facts: ReadonlyArray<Fact>) => {
  const regime = regimeOf(policies);
  const { fold, standing } = foldCustomer(
    { partyId: 'p1', members: [], facts, referredOrders: [] },
    regime,
    onDay(day),
  );
  const { configuration } = policyAt(regime, onDay(day));
  const request = fold.evidence.requests.get('r1');
  return {
    standing,
    dueAt: request === undefined ? null : slaDue(request, configuration),
    breaches: request === undefined ? [] : breachesOf(request, configuration, onDay(day)).map(({ at }) => at),
  };
};

const hours = (deferredHours: number) => ({ service: { deferredHours } });

describe('a configuration with other service times', () => {
  test('misses no request that was solved in time before it', () => {
    const { breaches } = judgedOn(9, [activated(1, 5, hours(12))], [opened(1), resolved(1.75)]);
    expect(breaches).toEqual([]);
  });

  test('forgives no request that was missed before it', () => {
    const policies = [activated(1, 0, hours(12)), activated(2, 5, hours(24))];
    expect(judgedOn(9, policies, [opened(1), resolved(1.75)]).breaches).toEqual([onDay(1.5)]);
  });

  test('leaves an open request the time that it had when it was opened, and gives its own to the next', () => {
    const policies = [activated(1, 5, hours(12))];
    expect(judgedOn(5.2, policies, [opened(4.9)]).dueAt).toBe(onDay(5.9));
    expect(judgedOn(5.2, policies, [opened(5)]).dueAt).toBe(onDay(5.5));
  });

  test('leaves a request that is reopened its terms: it is the same request', () => {
    const { dueAt } = judgedOn(6, [activated(1, 5, hours(12))], [opened(4), resolved(4.5), reopened(6)]);
    expect(dueAt).toBe(onDay(7));
  });

  test('is not missed by one between that says the same, and is found through several', () => {
    const policies = [
      activated(1, 2, hours(20)),
      activated(2, 3, hours(20)),
      activated(3, 4, hours(6)),
      activated(4, 4, hours(12)),
      activated(5, 8, hours(24)),
    ];
    const { configuration } = policyAt(regimeOf(policies), onDay(99));
    const termOn = (day: number) => termsAt(configuration, onDay(day)).service.deferredHours;
    expect([1, 2, 2.5, 3, 3.5, 4, 7, 8, 9].map(termOn)).toEqual([24, 20, 20, 20, 20, 12, 12, 24, 24]);
    expect(termsAt(configuration, null).service.deferredHours).toBe(24);
  });

  test('says the same of the past when it is told after everything', () => {
    const facts = [opened(1), resolved(1.75)];
    const earlier = judgedOn(4, [], facts);
    const later = judgedOn(9, [activated(1, 5, hours(12))], facts);
    expect(later.standing.loyalty.history.filter(({ from }) => from <= onDay(4))).toEqual(
      earlier.standing.loyalty.history,
    );
  });

  test('closes and reopens no complaint, and moves no step of it', () => {
    const complaints = { followUpAttempts: 3, resolveHours: 6, acknowledgeHours: 0.5, followUpWithinDays: 30 };
    const attempt = (days: number): Fact =>
      fact('ComplaintFollowedUp', days, { complaintId: 'c1', unreachable: true, attempt: 1 });
    const solved = fact('ComplaintResolved', 1.5, {
      complaintId: 'c1',
      decision: 'upheld',
      rootCause: 'x',
      immediate: false,
      resolvedAt: isoOnDay(1.5),
    });
    const facts = [received(1), solved, attempt(3), attempt(4)];
    const stateOn = (day: number, known: ReadonlyArray<Fact>) =>
      judgedOn(day, [activated(1, 5, { complaints })], known).standing.items.map(({ state, dueAt }) => [state, dueAt]);
    expect(stateOn(9, facts)).toEqual(stateOn(4.9, facts));
    expect(stateOn(5.5, [received(4.99)])).toEqual([['open', onDay(4.99) + HOUR_MS]]);
    expect(stateOn(5.5, [received(5)])).toEqual([['open', onDay(5) + 0.5 * HOUR_MS]]);
    expect(stateOn(12, facts.slice(0, 3))).toEqual([['open', onDay(1.5) + 14 * DAY_MS]]);
  });
});
