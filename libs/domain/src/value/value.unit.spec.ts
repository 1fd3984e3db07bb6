import fc from 'fast-check';
import type { Evidence } from '../customer/evidence';
import type { Tier, ValueStanding } from '../customer/standing';
import { defaultConfiguration } from '../policy/configuration';
import type { Review } from '../policy/regime';
import {
  type Drafts,
  evidenceOf,
  onDay,
  personWith,
  policyWith,
  reportedWallet,
} from '../relationship/evidence-builder';
import {
  applyHysteresis,
  classOf,
  composeReview,
  contribution365,
  customerValue,
  discountShare365,
  evaluateValue,
  frequency365,
  initialValue,
  isLower,
  placesOf,
  reviewRowOf,
  spend365,
  tierOf,
} from '.';

const policy = policyWith();

describe('consumption class (domain.md §6.2)', () => {
  // coverage: 63
  it.each([
    { n: 0, ratio: null, wallet: null, consumption: 'none' },
    { n: 1, ratio: 0, wallet: 1, consumption: 'first_time' },
    { n: 2, ratio: 0, wallet: 1, consumption: 'repeater' },
    { n: 3, ratio: 0, wallet: 1, consumption: 'repeater' },
    { n: 4, ratio: 2, wallet: null, consumption: 'loyal' },
    { n: 4, ratio: 2.0001, wallet: null, consumption: 'repeater' },
    { n: 4, ratio: 2, wallet: 0.5, consumption: 'loyal' },
    { n: 4, ratio: 2, wallet: 0.4999, consumption: 'repeater' },
  ])('n=$n, RR=$ratio, SOW=$wallet is $consumption', ({ n, ratio, wallet, consumption }) => {
    expect(classOf(n, ratio, wallet, policy)).toBe(consumption);
  });

  it('a poor wallet report keeps a steady buyer a repeater until it is 365 days old', () => {
    const evidence = evidenceOf({
      orders: [0, 90, 180, 270, 360].map((day) => ({ day })),
      rest: { wallets: [reportedWallet(0, 0.2)] },
    });
    expect(evaluateValue(evidence, initialValue, policy, onDay(365)).consumptionClass).toBe('repeater');
    expect(evaluateValue(evidence, initialValue, policy, onDay(366)).consumptionClass).toBe('loyal');
  });
});

describe('contribution of the trailing 365 days (domain.md §6.5)', () => {
  const evidence = evidenceOf({
    orders: [
      { day: 0, netMinor: 1000, costMinor: 400 },
      { day: 100, netMinor: 2000, listMinor: 2500 },
      { day: 200, netMinor: 500, costMinor: 200 },
    ],
    reversals: [{ day: 380, order: 0, amountMinor: 500 }],
    rest: {
      costs: (['cost_to_serve', 'compensation', 'retention', 'reward'] as const).map((kind, index) => ({
        eventId: kind,
        at: onDay(50 + 100 * index),
        kind,
        amountMinor: 10,
      })),
    },
  });
  // coverage: 90, 135
  it.each([
    { asOf: 40, spend: 1000, contribution: 600, frequency: 1 },
    { asOf: 210, spend: 3500, contribution: 600 + 600 + 300 - 20, frequency: 3 },
    { asOf: 365, spend: 3500, contribution: 600 + 600 + 300 - 40, frequency: 3 },
    { asOf: 366, spend: 2500, contribution: 600 + 300 - 40, frequency: 2 },
    { asOf: 380, spend: 2000, contribution: 600 + 300 - 300 - 40, frequency: 2 },
    { asOf: 416, spend: 2000, contribution: 600 + 300 - 300 - 30, frequency: 2 },
  ])('on day $asOf', ({ asOf, spend, contribution, frequency }) => {
    expect(spend365(evidence, policy, onDay(asOf))).toBe(spend);
    expect(contribution365(evidence, policy, onDay(asOf))).toBe(contribution);
    expect(frequency365(evidence, policy, onDay(asOf))).toBe(frequency);
  });
  it('the discount share is 0 without a list price', () => {
    expect(discountShare365(evidence, policy, onDay(366))).toBeCloseTo(1 - 2500 / 3000, 12);
    expect(discountShare365(evidence, policy, onDay(1000))).toBe(0);
  });
});

const customers = fc.array(
  fc.record({
    netMinor: fc.nat(5000),
    costMinor: fc.nat(3000),
    discountMinor: fc.nat(1500),
    day: fc.nat(700),
    earlier: fc.nat(300),
  }),
  { minLength: 1, maxLength: 60 },
);
type Customer = { netMinor: number; costMinor: number; discountMinor: number; day: number; earlier: number };
const reviewDay = 700;
const evidenceFor = ({ netMinor, costMinor, discountMinor, day, earlier }: Customer, index: number): Evidence =>
  evidenceOf({
    partyId: `party-${String(index).padStart(3, '0')}`,
    orders: [
      { day: Math.max(0, day - earlier), netMinor: 0, costMinor: 0 },
      { day, netMinor, costMinor, listMinor: netMinor + discountMinor },
    ],
  });
const reviewOf = (population: ReadonlyArray<Evidence>, day = reviewDay, eventId = `review-${day}`): Review => ({
  ...composeReview(
    population.map((evidence) => reviewRowOf(evidence, policy, onDay(day))),
    onDay(day),
    defaultConfiguration,
  ),
  eventId,
  asOf: onDay(day),
});
const computedTier = (evidence: Evidence, review: Review): Tier | null => {
  const row = reviewRowOf(evidence, policy, review.asOf);
  return row.inBase ? tierOf(row, review, defaultConfiguration) : null;
};

describe('portfolio review (domain.md §6.5)', () => {
  // coverage: 82, 83
  it.each([
    [0.05, 20, 1],
    [0.05, 21, 2],
    [0.05, 140, 7],
    [0.2, 35, 7],
    [0.2, 0, 0],
  ])('%d of %i customers is %i places', (share, size, places) => expect(placesOf(share, size)).toBe(places));

  // coverage: 81
  it('tiers partition the base, in the sizes that the shares allow', () => {
    fc.assert(
      fc.property(customers, (drafts) => {
        const population = drafts.map(evidenceFor);
        const review = reviewOf(population);
        const tiers = population.map((evidence) => computedTier(evidence, review)).filter((tier) => tier !== null);
        expect(tiers).toHaveLength(review.baseSize);
        const count = (tier: Tier) => tiers.filter((one) => one === tier).length;
        expect(count('platinum')).toBeLessThanOrEqual(placesOf(0.05, review.baseSize));
        expect(count('platinum') + count('gold')).toBeLessThanOrEqual(placesOf(0.2, review.baseSize));
        expect(count('unranked') === 0 || review.baseSize < 20).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('a higher contribution never lowers the tier of that customer', () => {
    fc.assert(
      fc.property(customers, fc.nat(59), fc.nat(3000), (drafts, choice, less) => {
        const chosen = choice % drafts.length;
        const better = drafts.map((draft, index) =>
          index === chosen ? { ...draft, costMinor: draft.costMinor - less } : draft,
        );
        const tierIn = (all: ReadonlyArray<Customer>) => {
          const population = all.map(evidenceFor);
          const one = population[chosen];
          return one === undefined ? null : computedTier(one, reviewOf(population));
        };
        const [before, after] = [tierIn(drafts), tierIn(better)];
        expect(before !== null && after !== null && isLower(after, before)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(customers, (drafts) => {
        const population = drafts.map(evidenceFor);
        expect(reviewOf(population.toReversed())).toEqual(reviewOf(population));
      }),
      { numRuns: 30 },
    );
  });

  it('takes the median cadence of steady customers only, and the segments of all', () => {
    const steady = evidenceOf({ partyId: 'a', orders: [0, 20, 40].map((day) => ({ day })) });
    const slow = evidenceOf({ partyId: 'b', orders: [0, 40, 80].map((day) => ({ day })) });
    const single = evidenceOf({ partyId: 'c', orders: [{ day: 5 }] });
    const prospect = evidenceOf({ partyId: 'd' });
    const facets = (reachable: boolean) => ({ phase: 'repeat', tier: null, zone: 'indifference', reachable }) as const;
    const review = composeReview(
      [steady, slow, single, prospect].map((evidence, index) =>
        reviewRowOf(evidence, policy, onDay(90), facets(index > 1)),
      ),
      onDay(90),
      defaultConfiguration,
      [{ segmentId: 's', name: 'everyone' }],
    );
    expect(review.medianIpiDays).toBe(30);
    expect(review.baseSize).toBe(3);
    expect(review.segmentStats).toEqual([{ segmentId: 's', size: 4, reachable: 2, meanCm365Minor: 52.5 }]);
  });

  // coverage: 64
  it('cuts the heavy users at the first who make half of the spend, of equal ones at the lower party id', () => {
    const heavyCutOf = (...spends: ReadonlyArray<number>) => {
      const rows = spends.map((netMinor, index) =>
        evidenceOf({ partyId: `p${index}`, orders: [{ day: reviewDay, netMinor }] }),
      );
      return reviewOf(rows.toReversed()).heavyCut;
    };
    expect(heavyCutOf(10, 20, 20, 40, 55, 60, 90, 120, 300, 900)).toEqual({ m365Minor: 900, partyId: 'p9' });
    expect(heavyCutOf(50, 50)).toEqual({ m365Minor: 50, partyId: 'p0' });
  });

  it('of nobody has no cuts', () => {
    const { rfmCuts, tierCuts, heavyCut, medianIpiDays, baseSize } = reviewOf([]);
    expect({ rfmCuts, tierCuts, heavyCut, medianIpiDays, baseSize }).toEqual({
      rfmCuts: { r: null, f: null, m: null },
      tierCuts: { platinum: null, gold: null },
      heavyCut: null,
      medianIpiDays: null,
      baseSize: 0,
    });
  });
});

describe('hysteresis of the pyramid', () => {
  const through = (start: Tier | null, ...computed: ReadonlyArray<Tier>) =>
    computed.reduce((ranking, tier, index) => applyHysteresis(ranking, tier, 2, onDay(index)), {
      tier: start,
      tierSince: null,
      pendingDemotion: null,
    } as Parameters<typeof applyHysteresis>[0]);
  it.each<{ start: Tier | null; computed: Tier[]; tier: Tier; pending: Tier | null }>([
    { start: null, computed: ['iron'], tier: 'iron', pending: null },
    { start: 'iron', computed: ['platinum'], tier: 'platinum', pending: null },
    { start: 'platinum', computed: ['iron'], tier: 'platinum', pending: 'iron' },
    { start: 'platinum', computed: ['iron', 'iron'], tier: 'iron', pending: null },
    { start: 'platinum', computed: ['iron', 'platinum', 'iron'], tier: 'platinum', pending: 'iron' },
    { start: 'platinum', computed: ['iron', 'gold'], tier: 'gold', pending: null },
    { start: 'platinum', computed: ['gold', 'iron'], tier: 'gold', pending: 'iron' },
    { start: 'platinum', computed: ['gold', 'iron', 'iron'], tier: 'iron', pending: null },
    { start: 'gold', computed: ['unranked'], tier: 'unranked', pending: null },
    { start: 'unranked', computed: ['iron'], tier: 'iron', pending: null },
  ])('$start then $computed is $tier', ({ start, computed, tier, pending }) => {
    const ranking = through(start, ...computed);
    expect(ranking.tier).toBe(tier);
    expect(ranking.pendingDemotion?.tier ?? null).toBe(pending);
  });
});

describe('value standing at reviews', () => {
  const others = Array.from({ length: 30 }, (_, index) =>
    evidenceOf({ partyId: `other-${index}`, orders: [{ day: 90, netMinor: 100 + index }] }),
  );
  const drafts: Drafts = { partyId: 'me', orders: [{ day: 80, netMinor: 10_000 }] };
  const me = evidenceOf(drafts);
  const review = reviewOf([...others, me], 100);
  const judge = (evidence: Evidence, day: number, previous: ValueStanding = initialValue) =>
    evaluateValue(evidence, previous, policyWith(review), onDay(day));

  it('the best customer is platinum, scored and a heavy user', () => {
    const standing = judge(me, 101);
    expect(standing).toMatchObject({ tier: 'platinum', tierSince: onDay(101), stale: false });
    expect(standing.reviewed).toMatchObject({ eventId: 'review-100', asOf: onDay(100), spend365Minor: 10_000 });
    expect(standing.reviewed?.rfm?.m).toBe(5);
    expect(standing.reviewed?.heavyUser).toBe(true);
    expect(judge(me, 102, standing)).toBe(standing);
  });

  it('judges each review once, also when the tier stays', () => {
    const again = policyWith(reviewOf([...others, me], 110));
    const first = judge(me, 101);
    const second = evaluateValue(me, first, again, onDay(111));
    expect(second).toMatchObject({ tier: 'platinum', tierSince: onDay(101), lastReviewEventId: 'review-110' });
    expect(evaluateValue(me, second, again, onDay(112))).toBe(second);
  });

  it('judges as of the review: what came later waits for the next one', () => {
    const later = evidenceOf({
      ...drafts,
      orders: [
        { day: 80, netMinor: 10 },
        { day: 100.5, netMinor: 90_000 },
      ],
    });
    expect(judge(later, 101).tier).toBe('iron');
    const reversed = evidenceOf({ ...drafts, reversals: [{ day: 100.5, order: 0, amountMinor: 10_000 }] });
    expect(judge(reversed, 100.5).reviewed?.cm365Minor).toBe(3000);
  });

  it('a customer of after the review is no part of it and is not judged again by it', () => {
    const newcomer = evidenceOf({ partyId: 'new', orders: [{ day: 120 }] });
    const standing = judge(newcomer, 120);
    expect(standing).toMatchObject({ tier: null, reviewed: null, lastReviewEventId: 'review-100' });
  });

  it('employees and competitors have no tier', () => {
    const role = { role: 'employee', counterpartyId: null, validFrom: onDay(0), validTo: null };
    const employee = evidenceOf({ ...drafts, rest: { person: personWith({ roles: [role] }) } });
    expect(judge(employee, 101)).toMatchObject({ tier: null, reviewed: null });
    expect(reviewOf([employee, ...others], 100).baseSize).toBe(30);
  });

  it('shows present figures beside those frozen at the review, and no P(alive) without a model', () => {
    const figures = customerValue(me, judge(me, 101), policyWith(review), onDay(446));
    expect(figures).toMatchObject({
      cm365Minor: 0,
      spend365Minor: 0,
      frequency365: 0,
      tier: 'platinum',
      heavyUser: true,
    });
    expect(figures.probabilityAlive).toBeNull();
  });

  it('who objects to profiling loses tier and scores at once', () => {
    const objecting = evidenceOf({
      ...drafts,
      rest: { person: personWith({ objections: [{ kind: 'objection', at: onDay(110) }] }) },
    });
    const before = judge(objecting, 101);
    expect(before.tier).toBe('platinum');
    expect(judge(objecting, 110, before)).toMatchObject({ tier: null, reviewed: null });
  });

  it('without an order the tier is stale after 365 days and gone after 365 more', () => {
    const at = (day: number, previous: ValueStanding) => judge(me, day, previous);
    const fresh = at(80 + 365, judge(me, 101));
    expect(fresh.stale).toBe(false);
    const stale = at(80 + 366, fresh);
    expect(stale).toMatchObject({ tier: 'platinum', stale: true });
    expect(at(80 + 730, stale)).toBe(stale);
    expect(at(80 + 731, stale)).toMatchObject({ tier: null, stale: false, tierSince: onDay(811) });
  });

  it('an order makes a stale tier fresh', () => {
    const stale = judge(me, 80 + 366, judge(me, 101));
    const back = evidenceOf({ ...drafts, orders: [{ day: 80, netMinor: 10_000 }, { day: 500 }] });
    expect(judge(back, 500, stale)).toMatchObject({ tier: 'platinum', stale: false });
  });

  it('a small base ranks nobody but lead', () => {
    const few = reviewOf([me], 100);
    const poor = evidenceOf({ partyId: 'poor', orders: [{ day: 50, netMinor: 100, costMinor: 200 }] });
    expect(evaluateValue(me, initialValue, policyWith(few), onDay(101)).tier).toBe('unranked');
    expect(evaluateValue(poor, initialValue, policyWith(few), onDay(101)).tier).toBe('lead');
  });
});
