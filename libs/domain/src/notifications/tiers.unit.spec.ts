/**
 * What was announced of a customer held its present tier alone. So a tier that ended without another one
 * (an objection, a year without orders, a customer who turns out to be an employee) was told to nobody, and
 * of a tier that a late fact undid nothing was taken back: the tier from before held again, under the very
 * claim by which it had been told, and the log knows an event of that id already.
 */
import { fact, onDay, orderPlaced } from '../customer/fact-builder';
import { foldCustomer } from '../customer/fold';
import type { Fact } from '../facts/envelope';
import { regimeOf } from '../policy/fold-regime';
import { announcedOf } from './announced';
import { claimIdOf, type Notification } from './notification';
import { type After, type Before, notificationsBetween } from './notifications-between';

const review = (day: number): Fact =>
  fact(
    'PortfolioReviewed',
    day,
    {
      asOf: new Date(onDay(day)).toISOString(),
      baseSize: 1,
      rfmCuts: { r: null, f: null, m: null },
      tierCuts: { platinum: null, gold: null },
      heavyCut: null,
      medianIpiDays: null,
      segmentStats: [],
    },
    { eventId: `review-${day}`, subjects: [] },
  );

const cost = (day: number, amountMinor: number): Fact =>
  fact('CostToServeRecorded', day, {
    partyId: 'p1',
    amountMinor,
    activity: 'calls',
    periodFrom: '2024-01-01',
    periodTo: '2024-01-01',
  });

const objection = (day: number): Fact =>
  fact(
    'DataSubjectRequestReceived',
    day,
    {
      partyId: 'p1',
      dsrId: 'd1',
      kind: 'objection',
      receivedAt: new Date(onDay(day)).toISOString(),
      dueAt: new Date(onDay(day + 30)).toISOString(),
    },
    { eventId: 'objection-1' },
  );

/** A customer as the facts that are known say, `day` being today. */
const customerOn = (day: number, ...facts: ReadonlyArray<Fact>): After => {
  const regime = regimeOf(facts.filter(({ subjects }) => subjects.length === 0));
  const history = { partyId: 'p1', members: ['p1'], facts, referredOrders: [] };
  const { fold, standing, evaluatedAt } = foldCustomer(history, regime, onDay(day));
  const { configuration } = fold.evidence;
  const announced = announcedOf(fold.evidence, standing, configuration, evaluatedAt);
  return { partyId: 'p1', facts: facts.length, announced, standing };
};

const before = ({ announced, standing: { items } }: After): Before => ({ announced, items, takenBack: [] });
const tiersTold = (was: Before | null, is: After): ReadonlyArray<Notification> =>
  notificationsBetween(was, is, regimeOf([])).filter(({ type }) => type === 'TierChanged');
const first = (told: ReadonlyArray<Notification>): Notification => {
  const [one] = told;
  if (one === undefined) throw new Error('no tier was told');
  return one;
};

const profitable = [orderPlaced(1, 'o1'), review(10)];

describe('TierChanged (domain.md §14.3)', () => {
  it('names the tier, the one before and the review that was judged', () => {
    expect(first(tiersTold(null, customerOn(20, ...profitable)))).toMatchObject({
      at: onDay(10),
      data: { tier: 'unranked', previousTier: null },
      causedBy: ['review-10'],
    });
  });

  it('given a tier, when the customer objects to profiling, then it is told that there is none', () => {
    const was = customerOn(20, ...profitable);
    expect(tiersTold(before(was), customerOn(20, ...profitable, objection(15)))).toMatchObject([
      { at: onDay(15), data: { tier: null, previousTier: 'unranked' }, causedBy: ['objection-1'], supersedes: [] },
    ]);
  });

  it('given a tier, when nothing was ordered for two years, then it is told that there is none, by time alone', () => {
    const was = customerOn(20, ...profitable);
    expect(tiersTold(before(was), customerOn(800, ...profitable))).toMatchObject([
      { data: { tier: null, previousTier: 'unranked' }, causedBy: [] },
    ]);
  });

  it('given a second tier, when a late fact undoes it, then the first is told again in its place', () => {
    const known = [...profitable, cost(30, 1_000_000), review(40)];
    const was = customerOn(50, ...known);
    const second = first(tiersTold(before(customerOn(20, ...profitable)), was));
    expect(second.data).toEqual({ tier: 'lead', previousTier: 'unranked' });
    const late = orderPlaced(35, 'o2', { lines: [{ netMinor: 9_000_000, listMinor: 9_000_000 }] });
    expect(tiersTold(before(was), customerOn(50, ...known, late))).toMatchObject([
      { at: onDay(10), data: { tier: 'unranked' }, supersedes: [claimIdOf(second)] },
    ]);
  });

  it('of two tiers since the last look both are told', () => {
    const is = customerOn(50, ...profitable, cost(30, 1_000_000), review(40));
    expect(tiersTold(null, is).map(({ data }) => data['tier'])).toEqual(['unranked', 'lead']);
  });

  it('given what an older version announced, then only what has changed since is told', () => {
    const is = customerOn(50, ...profitable, cost(30, 1_000_000), review(40));
    const { tiers: _, ...older } = is.announced;
    expect(tiersTold({ announced: older, items: [], takenBack: [] }, is)).toEqual([]);
    const one = { ...older, tier: ['unranked', onDay(10)] as const };
    expect(tiersTold({ announced: one, items: [], takenBack: [] }, is)).toMatchObject([
      { data: { tier: 'lead' }, supersedes: [] },
    ]);
  });
});
