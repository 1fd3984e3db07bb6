import fc from 'fast-check';
import {
  acquisitionCostRatio,
  aliveUntil,
  belongsTo,
  concentrationIndex,
  cutPoints,
  evaluateSegments,
  fallingScore,
  heavyPrefix,
  majorityFallacy,
  probabilityAlive,
  retentionLift,
  rfmScores,
  risingScore,
  simpleLifetimeValue,
} from '.';
import type { SegmentDefinition } from '../policy/configuration';
import { evidenceOf, onDay } from '../relationship/evidence-builder';

const ascending = (values: ReadonlyArray<number>) => values.toSorted((one, other) => one - other);

describe('RFM (domain.md §6.1)', () => {
  // coverage: 62
  it.each([
    {
      name: 'F',
      values: [1, 1, 2, 2, 3, 4, 5, 5, 8, 12],
      cuts: [1.8, 2.6, 4.4, 5.6],
      scores: [1, 1, 2, 2, 3, 3, 4, 4, 5, 5],
      score: risingScore,
    },
    {
      name: 'R',
      values: [400, 300, 200, 150, 90, 60, 45, 30, 10, 3],
      cuts: [26, 54, 114, 220],
      scores: [1, 1, 2, 2, 3, 3, 4, 4, 5, 5],
      score: fallingScore,
    },
    {
      name: 'M',
      values: [10, 20, 20, 40, 55, 60, 90, 120, 300, 900],
      cuts: [20, 49, 72, 156],
      scores: [1, 1, 1, 2, 3, 3, 4, 4, 5, 5],
      score: risingScore,
    },
  ])('golden $name', ({ values, cuts, scores, score }) => {
    const points = cutPoints(ascending(values));
    points?.forEach((cut, index) => expect(cut).toBeCloseTo(cuts[index] ?? NaN, 9));
    expect(values.map((value) => score(value, points ?? []))).toEqual(scores);
  });

  it('has no cut points without values, and no scores without cut points', () => {
    expect(cutPoints([])).toBeNull();
    const customer = { recencyDays: 1, frequency365: 1, spend365Minor: 1 };
    expect(rfmScores(customer, { r: null, f: [1, 2, 3, 4], m: [1, 2, 3, 4] })).toBeNull();
  });

  it('writes the code as r·100 + f·10 + m', () => {
    const cuts = [10, 20, 30, 40];
    expect(rfmScores({ recencyDays: 5, frequency365: 25, spend365Minor: 50 }, { r: cuts, f: cuts, m: cuts })).toEqual({
      r: 5,
      f: 3,
      m: 5,
      code: 535,
    });
  });
});

describe('heavy users (domain.md §6.3)', () => {
  // coverage: 64
  it('golden: one customer makes half of the spend', () => {
    expect(heavyPrefix([900, 300, 120, 90, 60, 55, 40, 20, 20, 10], 0.5)).toBe(1);
  });

  it('is the shortest prefix: without its last member it stays under the share', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000), { maxLength: 40 }), (spends) => {
        const descending = ascending(spends).reverse();
        const heavy = heavyPrefix(descending, 0.5);
        const sumOf = (users: number) => descending.slice(0, users).reduce((sum, spend) => sum + spend, 0);
        const total = sumOf(descending.length);
        expect(heavy === 0).toBe(total === 0);
        if (total === 0) return;
        expect(sumOf(heavy)).toBeGreaterThanOrEqual(total / 2);
        expect(sumOf(heavy - 1)).toBeLessThan(total / 2);
      }),
    );
  });
});

describe('majority fallacy (domain.md §6.4)', () => {
  const segment = (segmentId: string, size: number, reachable: number, meanCm365Minor: number) => ({
    segmentId,
    size,
    reachable,
    meanCm365Minor,
  });
  const poorMajority = [segment('many', 1000, 500, 100), segment('some', 300, 150, 900), segment('few', 50, 25, 5000)];

  // coverage: 65
  it('warns when the largest segment is the poorest', () => {
    expect(majorityFallacy(poorMajority, 'many')).toEqual({ chosen: 'many', betterSegments: ['few', 'some'] });
  });
  it('is silent when the largest is also the richest', () => {
    const rich = [segment('many', 1000, 500, 9000), segment('some', 300, 150, 900), segment('few', 50, 25, 5000)];
    expect(majorityFallacy(rich, 'many')).toBeNull();
  });
  it('warns when the best reachable share earns below the median', () => {
    const reached = [segment('easy', 50, 50, 10), segment('many', 1000, 500, 900), segment('few', 60, 25, 5000)];
    expect(majorityFallacy(reached, 'easy')?.betterSegments).toEqual(['few', 'many']);
  });
  it('is silent for a poor segment that is neither largest nor best reachable, and for an unknown one', () => {
    const small = [...poorMajority, segment('poor', 10, 1, 1)];
    expect(majorityFallacy(small, 'poor')).toBeNull();
    expect(majorityFallacy(small, 'unheard-of')).toBeNull();
  });
  it.each<[string, ReadonlyArray<number>, boolean]>([
    ['the middle one of three', [500, 400, 900], false],
    ['the middle one of three is better', [400, 500, 900], true],
    ['halfway between the middle two of four, reached exactly', [500, 100, 500, 900], false],
    ['halfway between the middle two of four is better', [499, 100, 501, 900], true],
    ['below the lower of the middle two', [100, 200, 800, 900], true],
  ])('the median is %s', (_, means, isWarned) => {
    const segments = means.map((mean, index) => segment(`s${index}`, index === 0 ? 100 : 10, 5, mean));
    expect(majorityFallacy(segments, 's0') !== null).toBe(isWarned);
  });
  it('empty segments do not count', () => {
    const empty = ['e1', 'e2', 'e3'].map((segmentId) => segment(segmentId, 0, 0, 0));
    expect(majorityFallacy([...empty, ...poorMajority], 'many')?.betterSegments).toEqual(['few', 'some']);
    expect(majorityFallacy([...empty, ...poorMajority], 'e1')).toBeNull();
  });
  it('of better segments with the same mean the first by id comes first', () => {
    const alike = [segment('many', 100, 50, 1), segment('b', 10, 5, 9), segment('c', 10, 5, 9), segment('a', 10, 5, 9)];
    expect(majorityFallacy(alike, 'many')?.betterSegments).toEqual(['a', 'b', 'c']);
  });
  it('names at most three better segments', () => {
    const several = [1, 2, 3, 4, 5].map((mean) => segment(`s${mean}`, mean === 1 ? 100 : 10, 5, mean));
    expect(majorityFallacy(several, 's1')?.betterSegments).toEqual(['s5', 's4', 's3']);
  });
  it('expects reachable × response rate × mean contribution', () => {
    const [first] = evaluateSegments(poorMajority, () => 0.02);
    expect(first).toMatchObject({ reachableShare: 0.5, totalCm365Minor: 100_000, expectedContributionMinor: 1000 });
    expect(evaluateSegments([segment('none', 0, 0, 0)], () => 0.02)).toMatchObject([{ reachableShare: 0 }]);
  });
  it('an absent list of a segment means any, a present one excludes the unknown', () => {
    const profile = () => ({ needs: new Set<string>(), shareOfWallet: null });
    const customer = { kind: null, phase: 'new', tier: null, zone: 'unclassified', profile };
    expect(belongsTo({ segmentId: 's', name: 'all' }, customer)).toBe(true);
    expect(belongsTo({ segmentId: 's', name: 'people', kinds: ['person'] }, customer)).toBe(false);
    expect(belongsTo({ segmentId: 's', name: 'gold', tiers: ['gold'] }, { ...customer, tier: 'gold' })).toBe(true);
  });

  // coverage: 42
  it.each<[string, Partial<SegmentDefinition>, boolean]>([
    ['one of its needs', { needs: ['delivery', 'credit'] }, true],
    ['its phase', { phases: ['defector', 'new'] }, true],
    ['another phase', { phases: ['defector'] }, false],
    ['its zone', { zones: ['affection'] }, true],
    ['another zone', { zones: ['defection', 'indifference'] }, false],
    ['its kind', { kinds: ['organization'] }, true],
    ['another kind', { kinds: ['person'] }, false],
    ['its tier', { tiers: ['gold', 'iron'] }, true],
    ['another tier', { tiers: ['gold'] }, false],
    ['its phase, but not its need', { phases: ['new'], needs: ['credit'] }, false],
    ['its need, but not its phase', { phases: ['defector'], needs: ['delivery'] }, false],
    ['none of its needs', { needs: ['credit'] }, false],
    ['a share of wallet at the lower bound', { wallet: { atLeast: 0.5 } }, true],
    ['a share of wallet below the lower bound', { wallet: { atLeast: 0.51 } }, false],
    ['a share of wallet at the upper bound', { wallet: { below: 0.5 } }, false],
    ['a need and a share of wallet', { needs: ['delivery'], wallet: { atLeast: 0.2, below: 0.6 } }, true],
  ])('a segment asks for %s', (_, segment, belongs) => {
    const profile = () => ({ needs: new Set(['delivery', 'training']), shareOfWallet: 0.5 });
    const customer = { kind: 'organization' as const, phase: 'new', tier: 'iron', zone: 'affection', profile };
    expect(belongsTo({ segmentId: 's', name: 's', ...segment }, customer)).toBe(belongs);
  });

  it('by needs: an unknown share of wallet is in no segment that asks for one', () => {
    const profile = () => ({ needs: new Set<string>(), shareOfWallet: null });
    const customer = { kind: null, phase: 'new', tier: null, zone: 'unclassified', profile };
    expect(belongsTo({ segmentId: 's', name: 's', wallet: { below: 1 } }, customer)).toBe(false);
  });
});

describe('concentration (domain.md §6.5)', () => {
  it('the index is 1 for one segment and 1/n for n equal ones', () => {
    expect(concentrationIndex([50, 0, -3])).toBe(1);
    expect(concentrationIndex([5, 5, 5, 5])).toBeCloseTo(0.25, 12);
    expect(concentrationIndex([0])).toBeNull();
  });
});

describe('retention economics (domain.md §6.7)', () => {
  // coverage: 47, 74
  it.each([
    { rate: 0.8, before: 2.6667, after: 3.4, lift: 0.275 },
    { rate: 0.9, before: 4.5, after: 6.3333, lift: 0.407 },
  ])('golden: five points more than $rate', ({ rate, before, after, lift }) => {
    const result = retentionLift(1, rate, 0.1);
    expect(result.before).toBeCloseTo(before, 4);
    expect(result.after).toBeCloseTo(after, 4);
    expect(result.lift).toBeCloseTo(lift, 3);
    expect(simpleLifetimeValue(100, rate, 0.1)).toBeCloseTo(100 * result.before, 9);
  });
  // coverage: 46
  it('the acquisition-cost ratio is shown, never assumed', () => {
    const costs = { campaignMinor: 10_000, newCustomers: 10, retentionMinor: 4000, retainedCustomers: 20 };
    expect(acquisitionCostRatio(costs)).toBe(5);
    expect(acquisitionCostRatio({ ...costs, newCustomers: 0 })).toBeNull();
  });
});

describe('P(alive) (domain.md §13.1)', () => {
  const model = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
  it.each([
    [0, 0, 38.86, 1],
    [1, 1.71, 38.86, 0.212101],
    [2, 30.43, 38.86, 0.726579],
    [26, 30.86, 31, 0.968916],
    [10, 10, 38.86, 0.000185],
    [10, 35, 38.86, 0.846941],
    [4, 4, 30, 0.017067],
    [132, 200, 200, 0.9940917456],
    [3, 10, 12, 0.7855066445],
  ])('golden x=%d, t_x=%d, T=%d → %d', (repeats, lastRepeatWeeks, observedWeeks, alive) => {
    expect(probabilityAlive({ repeats, lastRepeatWeeks, observedWeeks }, model)).toBeCloseTo(alive, 6);
  });
  /** An instant that was no number stopped the fold of the customer, and with it the projections of everyone. */
  it('names an instant for parameters of any size', () => {
    const positive = fc.double({ min: 1e-300, max: 1e300, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({ r: positive, alpha: positive, a: positive, b: positive }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (wild, threshold) => {
          const { orderDays } = evidenceOf({ orders: [{ day: 1 }, { day: 30 }] });
          expect(aliveUntil(orderDays, wild, threshold)).not.toBeNaN();
        },
      ),
    );
  });

  it('falls with time and passes the threshold where it is said to', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 12 }),
        fc.double({ min: 0.02, max: 0.6, noNaN: true }),
        (gaps, threshold) => {
          let day = 0;
          const { orderDays } = evidenceOf({ orders: [0, ...gaps].map((gap) => ({ day: (day += gap) })) });
          const until = aliveUntil(orderDays, model, threshold);
          const weeks = (until - onDay(0)) / (7 * 86_400_000);
          const history = { repeats: gaps.length, lastRepeatWeeks: day / 7, observedWeeks: weeks };
          expect(probabilityAlive(history, model)).toBeCloseTo(threshold, 6);
          expect(probabilityAlive({ ...history, observedWeeks: weeks + 1 }, model)).toBeLessThan(threshold);
        },
      ),
    );
  });
});
