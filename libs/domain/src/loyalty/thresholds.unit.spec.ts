import { type Configuration, defaultConfiguration } from '../policy/configuration';
import type { Policy } from '../policy/regime';
import { day, evidenceOf, type Given, ORIGIN, plainPolicy, rhythmic } from './evidence-builder';
import { assess } from './index';

const { loyalty } = defaultConfiguration;
const under = (changed: Partial<Configuration['loyalty']>): Policy => ({
  ...plainPolicy,
  configuration: { ...defaultConfiguration, loyalty: { ...loyalty, ...changed } },
});
const measure = (given: Given, policy = plainPolicy) => assess(evidenceOf(given), policy, ORIGIN);
/** The least that a limit above the figure can be told apart by. */
const justAbove = (figure: number): number => figure * (1 + Number.EPSILON);
const known = (figure: number | null): number => figure ?? Number.NaN;

const dissatisfied: Given = {
  orders: rhythmic(6, 30, -10),
  surveys: [{ instrument: 'csat_relationship', at: day(-1), score: 2 }],
};
const satisfied: Given = { orders: rhythmic(6, 30, -10), surveys: [{ at: day(-1), score: 10 }] };

// A threshold "≥" or "≤" of the specification holds at the very figure: what is measured is taken as the limit.
describe('a limit that is exactly reached (domain.md §7.2, §7.4, §7.5)', () => {
  it('makes the confidence high or medium', () => {
    const { coverage } = measure(satisfied);
    const confidence = (high: number, medium: number) =>
      measure(satisfied, under({ confidence: { high, medium } })).confidence;
    expect(confidence(coverage, coverage / 2)).toBe('high');
    expect(confidence(justAbove(coverage), coverage)).toBe('medium');
    expect(confidence(justAbove(coverage), justAbove(coverage))).toBe('low');
  });

  it('is a high satisfaction and a high loyalty', () => {
    const assessment = measure(satisfied);
    const [s, l] = [known(assessment.satisfaction), known(assessment.loyalty)];
    const quadrant = (highSatisfaction: number, highLoyalty: number) =>
      measure(satisfied, under({ matrix: { ...loyalty.matrix, highSatisfaction, highLoyalty } })).quadrant;
    expect(quadrant(s, l)).toBe('loyalist');
    expect(quadrant(s, justAbove(l))).toBe('mercenary');
    expect(quadrant(justAbove(s), l)).toBe('hostage');
    expect(quadrant(justAbove(s), justAbove(l))).toBe('defector');
  });

  it('is H3, for the attitude and for what is known of it', () => {
    const { attitude } = measure(dissatisfied);
    const rules = (signal: number, confidence: number) =>
      measure(dissatisfied, under({ zones: { ...loyalty.zones, h3: { signal, confidence } } })).hardRules;
    expect(rules(attitude.signal, attitude.confidence)).toEqual(['H3']);
    expect(rules(attitude.signal, justAbove(attitude.confidence))).toEqual([]);
    expect(rules(justAbove(attitude.signal), attitude.confidence)).toEqual([]);
  });

  it('is H5, for the ratio and for the days', () => {
    const once: Given = { orders: rhythmic(1, 1, -540) };
    const { behaviour } = measure(once);
    const [ratio, quiet] = [known(behaviour.recencyRatio), known(behaviour.quietDays)];
    const rules = (lostRecencyRatio: number, lostDays: number) =>
      measure(once, under({ zones: { ...loyalty.zones, h5: { ...loyalty.zones.h5, lostRecencyRatio, lostDays } } }))
        .hardRules;
    expect(rules(ratio, quiet)).toEqual(['H5']);
    expect(rules(justAbove(ratio), quiet)).toEqual([]);
    expect(rules(ratio, justAbove(quiet))).toEqual([]);
  });
});

describe('a silent customer (domain.md §7.4 H5)', () => {
  it.each<[string, number, number, number, ReadonlyArray<string>]>([
    ['three order days are a rhythm, which four intervals of silence break', 3, 7, 4, ['H5']],
    ['less than four intervals do not', 3, 7, 3.99, []],
    ['two order days are no rhythm', 2, 7, 4, []],
  ])('%s', (_, count, step, intervals, rules) => {
    const { behaviour } = measure({ orders: rhythmic(count, step, 0) });
    const given = { orders: rhythmic(count, step, -intervals * behaviour.rhythm.ipiDays) };
    expect(measure(given).hardRules).toEqual(rules);
  });

  it('is not lost within 90 days, however short the interval', () => {
    const given = (last: number): Given => ({ orders: rhythmic(2, 1, last) });
    const policy = under({ zones: { ...loyalty.zones, h5: { ...loyalty.zones.h5, lostRecencyRatio: 1 } } });
    expect(known(measure(given(-89.9), policy).behaviour.recencyRatio)).toBeGreaterThan(1);
    expect(measure(given(-89.9), policy).hardRules).toEqual([]);
    expect(measure(given(-90), policy).hardRules).toEqual(['H5']);
  });
});

describe('a hostage (domain.md §7.5)', () => {
  it.each<[string, Given, string]>([
    ['without anything that binds is inertial', {}, 'inertial'],
    ['behind a barrier is captive from its instant', { barriers: [{ at: ORIGIN }] }, 'captive'],
    ['is not before it', { barriers: [{ at: ORIGIN + 1 }] }, 'inertial'],
    ['is until the barrier ends', { barriers: [{ at: day(-90), validTo: ORIGIN + 1 }] }, 'captive'],
    ['and not at its end', { barriers: [{ at: day(-90), validTo: ORIGIN }] }, 'inertial'],
    ['is by any barrier that lasts', { barriers: [{ at: day(-90), validTo: day(-1) }, { at: day(-80) }] }, 'captive'],
    [
      'is by a structural bond, whatever others there are',
      {
        bonds: [
          { bondType: 'social', validFrom: day(-90) },
          { bondType: 'structural', validFrom: day(-90) },
        ],
      },
      'captive',
    ],
    ['is not by a social one', { bonds: [{ bondType: 'social', validFrom: day(-90) }] }, 'inertial'],
  ])('%s', (_, bound, subtype) => {
    const given: Given = { orders: rhythmic(6, 30, -10), surveys: [{ at: day(-1), score: 7 }], ...bound };
    expect(measure(given)).toMatchObject({ quadrant: 'hostage', subtype });
  });
});
