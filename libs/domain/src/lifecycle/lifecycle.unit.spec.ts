import fc from 'fast-check';
import type { Evidence, OfferEvidence } from '../customer/evidence';
import type { LifecycleStanding, LoyaltyStanding, Phase, Zone } from '../customer/standing';
import type { Review } from '../policy/regime';
import {
  contact,
  type Drafts,
  evidenceOf,
  notice,
  onDay,
  personWith,
  policyWith,
} from '../relationship/evidence-builder';
import { evaluateValue, initialValue } from '../value';
import { effectiveNotice, evaluateLifecycle, initialLifecycle, isLost, noticeAhead } from '.';
import { steadyLoyalty } from './loyalty-fixture';

const policy = policyWith();
const loyaltyIn = (zone: Zone, extreme: LoyaltyStanding['extreme'] = null): LoyaltyStanding => ({
  ...steadyLoyalty,
  zone,
  extreme,
});
const indifferent = loyaltyIn('indifference');

const standingOf = (
  evidence: Evidence,
  day: number,
  previous: LifecycleStanding = initialLifecycle,
  loyalty: LoyaltyStanding = indifferent,
): LifecycleStanding => {
  const asOf = onDay(day);
  const value = evaluateValue(evidence, initialValue, policy, asOf);
  return evaluateLifecycle(evidence, { value, loyalty }, previous, policy, asOf);
};
/** Evaluated at each of the days, with what happened up to then. */
const trajectory = (drafts: Drafts, days: ReadonlyArray<number>): LifecycleStanding =>
  days.reduce((standing, day) => standingOf(evidenceOf(drafts, day), day, standing), initialLifecycle);

const monthly = (count: number) => Array.from({ length: count }, (_, index) => ({ day: 30 * index }));
const offer = (answered: boolean): OfferEvidence => ({
  offerId: 'o',
  eventId: 'offered',
  madeAt: onDay(0),
  kind: 'new',
  skus: [],
  netMinor: null,
  validUntil: null,
  channel: 'email',
  campaignId: null,
  enquiryId: null,
  appliedPreferenceIds: [],
  answeredAt: answered ? onDay(1) : null,
  answer: answered ? 'declined' : null,
});

describe('phases (domain.md §4.1)', () => {
  const orders = monthly(4);
  // coverage: 72
  it.each<{ phase: Phase; because: string; drafts: Drafts; day?: number; loyalty?: LoyaltyStanding }>([
    { phase: 'suspect', because: 'nothing is known', drafts: {} },
    {
      phase: 'suspect',
      because: 'only we have called',
      drafts: { rest: { interactions: [contact(1, { direction: 'outbound' })] } },
    },
    {
      phase: 'suspect',
      because: 'an offer has no answer',
      drafts: { rest: { offers: new Map([['o', offer(false)]]) } },
    },
    { phase: 'prospect', because: 'the party called', drafts: { rest: { interactions: [contact(1)] } } },
    {
      phase: 'prospect',
      because: 'an offer was answered',
      drafts: { rest: { offers: new Map([['o', offer(true)]]) } },
    },
    {
      phase: 'prospect',
      because: 'the only order was reversed and the party had called',
      drafts: {
        orders: [{ day: 1 }],
        reversals: [{ day: 2, order: 0, amountMinor: 100 }],
        rest: { interactions: [contact(1)] },
      },
    },
    { phase: 'new', because: 'one order', drafts: { orders: monthly(1) }, day: 10 },
    { phase: 'repeat', because: 'two orders', drafts: { orders: monthly(2) } },
    { phase: 'loyal', because: 'four orders in rhythm', drafts: { orders }, day: 100 },
    {
      phase: 'loyal',
      because: 'a near-apostle is not yet an advocate',
      drafts: { orders },
      day: 100,
      loyalty: loyaltyIn('affection', 'near_apostle'),
    },
    {
      phase: 'advocate',
      because: 'loyal and an apostle',
      drafts: { orders },
      day: 100,
      loyalty: loyaltyIn('affection', 'apostle'),
    },
    {
      phase: 'repeat',
      because: 'an apostle with two orders is not of the class loyal',
      drafts: { orders: monthly(2) },
      loyalty: loyaltyIn('affection', 'apostle'),
    },
    { phase: 'loyal', because: 'the recency ratio is exactly 2', drafts: { orders }, day: 150 },
    { phase: 'at_risk', because: 'the recency ratio is above 2', drafts: { orders }, day: 150.01 },
    {
      phase: 'at_risk',
      because: 'the zone is defection',
      drafts: { orders },
      day: 100,
      loyalty: loyaltyIn('defection'),
    },
    {
      phase: 'at_risk',
      because: 'a notice is pending',
      drafts: { orders, rest: { defectionNotices: [notice(99, 120)] } },
      day: 100,
    },
    { phase: 'suspect', because: 'who never ordered is not at risk', drafts: {}, loyalty: loyaltyIn('defection') },
    {
      phase: 'loyal',
      because: 'the pending notice was withdrawn',
      drafts: { orders, rest: { defectionNotices: [notice(98, 120, 99)] } },
      day: 100,
    },
    {
      phase: 'lost',
      because: 'a notice is in effect',
      drafts: { orders, rest: { defectionNotices: [notice(95, 100)] } },
      day: 100,
    },
    { phase: 'lost', because: 'the recency ratio is 6 and 90 days have passed', drafts: { orders }, day: 270 },
    {
      phase: 'at_risk',
      because: 'the ratio is 6 but not 90 days have passed',
      drafts: { orders: [0, 5, 10, 15].map((day) => ({ day })) },
      day: 104,
    },
    {
      phase: 'lost',
      because: 'now 90 days have passed',
      drafts: { orders: [0, 5, 10, 15].map((day) => ({ day })) },
      day: 105,
    },
    {
      phase: 'erased',
      because: 'personal data are erased',
      drafts: { orders, rest: { person: personWith({ erasedAt: onDay(99) }) } },
      day: 400,
    },
  ])('$phase: $because', ({ phase, drafts, day = 40, loyalty = indifferent }) => {
    expect(standingOf(evidenceOf(drafts), day, initialLifecycle, loyalty).phase).toBe(phase);
  });
});

describe('lost periods', () => {
  it('an order ends one and makes the customer won back for 90 days', () => {
    const drafts = { orders: [...monthly(4), { day: 300 }, { day: 330 }, { day: 360 }, { day: 385 }] };
    const lost = trajectory(drafts, [90, 269, 270, 299]);
    expect(lost).toMatchObject({ phase: 'lost', lostSince: onDay(270), wonBack: null });
    const back = trajectory(drafts, [90, 270, 300]);
    expect(back).toMatchObject({ phase: 'won_back', lostSince: null, wonBack: { at: onDay(300), orderId: 'order-4' } });
    expect(trajectory(drafts, [270, 300, 330, 360, 385, 390]).phase).toBe('won_back');
    expect(trajectory(drafts, [270, 300, 330, 360, 385, 391]).phase).toBe('loyal');
  });

  it('an order after an effective notice ends it; one while it is pending does not', () => {
    const notices = { rest: { defectionNotices: [notice(95, 100)] } };
    const after = evidenceOf({ orders: [...monthly(4), { day: 110 }], ...notices });
    expect(isLost(after, policy, onDay(110))).toBe(false);
    const pending = evidenceOf({ orders: [...monthly(4), { day: 97 }], ...notices });
    expect(isLost(pending, policy, onDay(99))).toBe(false);
    expect(noticeAhead(pending, onDay(99))?.eventId).toBe('notice-95');
    expect(isLost(pending, policy, onDay(100))).toBe(true);
    expect(effectiveNotice(pending, onDay(100))?.eventId).toBe('notice-95');
  });

  it('a withdrawal ends a lost period without winning back by an order', () => {
    const withNotice = (withdrawn: number | null) =>
      evidenceOf({ orders: monthly(4), rest: { defectionNotices: [notice(95, 96, withdrawn)] } });
    const lost = standingOf(withNotice(null), 96);
    expect(lost.phase).toBe('lost');
    expect(standingOf(withNotice(98), 98, lost)).toMatchObject({ phase: 'loyal', lostSince: null, wonBack: null });
  });

  // Only the first order was remembered: given back after another one, it took the phase and the welcome with it.
  it('an exchange of the order that won back leaves the customer won back by the one that stays', () => {
    const reversals = [{ day: 310, order: 4, amountMinor: 100 }];
    const exchanged = { orders: [...monthly(4), { day: 300 }, { day: 305 }], reversals };
    expect(trajectory(exchanged, [270, 300, 305, 310])).toMatchObject({
      phase: 'won_back',
      wonBack: { at: onDay(305), orderId: 'order-5' },
    });
    expect(trajectory(exchanged, [270, 300, 305, 310, 395, 396]).phase).not.toBe('won_back');
  });

  // The 90 days had passed; the next order that stood began them again, with a notification and a welcome.
  it('a late return of the order that won back makes nobody won back a second time', () => {
    const reversals = [{ day: 400, order: 4, amountMinor: 100 }];
    const returned = { orders: [...monthly(4), { day: 300 }, { day: 330 }, { day: 360 }, { day: 390 }], reversals };
    const { phase, history, wonBack } = trajectory(returned, [270, 300, 330, 360, 390, 391, 400, 401]);
    expect(history.filter((period) => period.phase === 'won_back')).toHaveLength(1);
    expect([phase, wonBack]).toEqual(['loyal', null]);
  });

  // Taken for what ended the period, it made a customer won back who only took the notice back.
  it('an order of the instant at which a notice takes effect does not win back when the notice is withdrawn', () => {
    const withNotice = (withdrawn: number | null) =>
      evidenceOf({
        orders: [...monthly(4), { day: 96 }],
        rest: { defectionNotices: [notice(95, 96, withdrawn)] },
      });
    const lost = standingOf(withNotice(null), 96);
    expect(lost.phase).toBe('lost');
    expect(standingOf(withNotice(98), 98, lost)).toMatchObject({ phase: 'loyal', wonBack: null });
  });

  it('the reversal of the order that won back loses the customer again', () => {
    const drafts = { orders: [...monthly(4), { day: 300 }], reversals: [{ day: 310, order: 4, amountMinor: 100 }] };
    expect(trajectory(drafts, [270, 300, 310])).toMatchObject({ phase: 'lost', lostSince: onDay(310) });
  });

  it('a fitted model loses who is probably gone, but never a one-time buyer', () => {
    const review: Review = {
      eventId: 'review',
      asOf: onDay(0),
      baseSize: 0,
      rfmCuts: { r: null, f: null, m: null },
      tierCuts: { platinum: null, gold: null },
      heavyCut: null,
      medianIpiDays: null,
      segmentStats: [],
      // A population that drops out early: silence says more than the recency ratio.
      bgnbd: { r: 0.243, alpha: 4.414, a: 3, b: 2.426, n: 2357, LL: -9582.4 },
    };
    const orders = [0, 30, 60, 90, 120, 150, 180, 210].map((day) => ({ day }));
    const fitted = policyWith(review);
    const steady = evidenceOf({ orders });
    const lostFrom = [299, 320, 340, 360, 389].find((day) => isLost(steady, fitted, onDay(day)));
    expect(lostFrom).toBe(360);
    expect(isLost(steady, policy, onDay(389))).toBe(false);
    expect(isLost(evidenceOf({ orders: [{ day: 0 }] }), fitted, onDay(500))).toBe(false);
  });
});

describe('trajectory T1 (domain.md §7.7), zones left aside', () => {
  it('runs through the cycle and back', () => {
    const drafts = { orders: [0, 30, 60, 90, 120, 320, 335].map((day) => ({ day })) };
    const { history } = trajectory(
      drafts,
      Array.from({ length: 600 }, (_, day) => day),
    );
    expect(history.map(({ phase, from }) => [phase, (from - onDay(0)) / 86_400_000])).toEqual([
      ['new', 0],
      ['repeat', 30],
      ['loyal', 90],
      ['at_risk', 181],
      ['lost', 300],
      ['won_back', 320],
      ['at_risk', 390],
      ['lost', 497],
    ]);
  });
});

describe('exactly one phase (domain.md §4.1)', () => {
  const phases: ReadonlySet<Phase> = new Set<Phase>([
    'suspect',
    'prospect',
    'new',
    'repeat',
    'loyal',
    'advocate',
    'won_back',
    'at_risk',
    'lost',
    'erased',
  ]);
  // coverage: 10
  it('whatever happened, and the history is a chain without gaps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(600), { maxLength: 8 }),
        fc.array(fc.tuple(fc.nat(600), fc.nat(100)), { maxLength: 2 }),
        fc.array(fc.nat(900), { minLength: 1, maxLength: 40 }),
        (orders, notices, days) => {
          const drafts: Drafts = {
            orders: orders.map((day) => ({ day })),
            rest: { defectionNotices: notices.map(([day, ahead]) => notice(day, day + ahead)) },
          };
          const standing = trajectory(
            drafts,
            days.toSorted((one, other) => one - other),
          );
          expect(phases.has(standing.phase)).toBe(true);
          expect(standing.history.at(-1)).toEqual({
            phase: standing.phase,
            from: standing.since,
            to: null,
            causedBy: [],
          });
          standing.history.slice(1).forEach((period, index) => {
            expect(standing.history[index]?.to).toBe(period.from);
            expect(standing.history[index]?.phase).not.toBe(period.phase);
          });
          expect(standing.lostSince !== null).toBe(standing.phase === 'lost');
        },
      ),
      { numRuns: 200 },
    );
  });
});
