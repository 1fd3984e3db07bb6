import { DAY_MS, HOUR_MS } from '../time/calendar';
import { day, evidenceOf, type Given, ORIGIN, rhythmic, plainPolicy as policy } from './evidence-builder';
import { assess, decideZone, evaluateLoyalty, explain, initialLoyalty, nextLoyaltyChange } from './index';

const judge = (given: Given, asOf = ORIGIN, previous = initialLoyalty) =>
  evaluateLoyalty(evidenceOf(given), previous, policy, asOf, ['fact-1']);
const steady = rhythmic(6, 30, -10);
const promoter = { at: day(-1), score: 10 };
const delighted: Given = { orders: steady, surveys: [promoter] };

describe('hard rules (domain.md §7.4)', () => {
  const notice = { at: day(-5), effectiveAt: day(-2) };
  const unresolved = { receivedAt: day(-3), severity: 1 as const };

  it.each<[string, Given, ReadonlyArray<string>]>([
    ['a notice in force is defection', { ...delighted, defectionNotices: [notice] }, ['H1']],
    ['a notice taken back is not', { ...delighted, defectionNotices: [{ ...notice, withdrawnAt: day(-1) }] }, []],
    ['a notice for later is not yet', { ...delighted, defectionNotices: [{ ...notice, effectiveAt: day(2) }] }, []],
    ['an order ends a notice', { ...delighted, defectionNotices: [{ at: day(-20), effectiveAt: day(-15) }] }, []],
    [
      'two unrecovered complaints are',
      {
        orders: steady,
        complaints: [unresolved, unresolved].map((complaint, index) => ({ ...complaint, complaintId: `c-${index}` })),
      },
      ['H2'],
    ],
    ['a verified slur of 90 days ago is', { ...delighted, wordOfMouth: [{ at: day(-90), polarity: -0.5 }] }, ['H4']],
    ['an unverified one is not', { ...delighted, wordOfMouth: [{ at: day(-9), polarity: -1, verified: false }] }, []],
    ['six intervals of silence are, whatever the rhythm', { orders: rhythmic(1, 30, -540) }, ['H5']],
    ['four are not without a steady rhythm', { orders: rhythmic(1, 30, -360) }, []],
  ])('%s', (_, given, rules) => {
    expect(assess(evidenceOf(given), policy, ORIGIN).hardRules).toEqual(rules);
    if (rules.length > 0) expect(judge(given).zone).toBe('defection');
  });

  it('a complaint is past due at the very instant its resolution was due', () => {
    const complaints = [1, 2].map((index) => ({ complaintId: `c-${index}`, receivedAt: day(0), severity: 4 as const }));
    const evidence = evidenceOf({ orders: steady, complaints });
    const due = day(0) + 4 * HOUR_MS;
    expect(assess(evidence, policy, due - 1).hardRules).toEqual([]);
    expect(assess(evidence, policy, due).hardRules).toEqual(['H2']);
    expect(nextLoyaltyChange(evidence, judge({}), policy, day(0)).deadline).toBe(due);
  });
});

describe('moves between zones (domain.md §7.4)', () => {
  const assessment = assess(evidenceOf(delighted), policy, ORIGIN);
  const from = (zone: 'defection' | 'indifference' | 'unclassified', days: number) =>
    decideZone(assessment, { zone, since: day(-days) }, policy, ORIGIN);

  it.each([
    ['the first classification is no upward move', 'unclassified' as const, 0, 'affection', null],
    ['an upward move waits 14 days', 'indifference' as const, 13.999, 'indifference', 'dwell'],
    ['and is free then', 'indifference' as const, 14, 'affection', null],
    ['it goes one zone at a time', 'defection' as const, 14, 'indifference', 'step'],
    ['a fall just happened holds it too', 'defection' as const, 1, 'defection', 'dwell'],
  ])('%s', (_, zone, days, expected, heldBy) => {
    expect(from(zone, days)).toEqual({ zone: expected, heldBy, rules: [] });
  });

  it('the history grows with the zone only, and an evaluation without news returns the same object', () => {
    const first = judge(delighted);
    expect(first.history).toEqual([
      {
        zone: 'affection',
        from: ORIGIN,
        to: null,
        score: expect.any(Number),
        rules: [],
        causedBy: ['fact-1'],
        configVersion: 0,
      },
    ]);
    expect(judge(delighted, ORIGIN + DAY_MS, first)).toBe(first);
    const fallen = judge({ ...delighted, defectionNotices: [{ at: day(1), effectiveAt: day(1) }] }, day(1), first);
    expect(fallen).toMatchObject({ zone: 'defection', previousZone: 'affection', since: day(1) });
    expect(fallen.history.map(({ zone, to }) => [zone, to])).toEqual([
      ['affection', day(1)],
      ['defection', null],
    ]);
  });
});

// coverage: 22, 87, 89
describe('extremes and subtypes (domain.md §7.4, §7.5)', () => {
  const referrals = [{ at: day(-30) }];

  it.each<[string, Given, object]>([
    ['affection without advocacy is near apostle', delighted, { zone: 'affection', extreme: 'near_apostle' }],
    ['with a referral it is apostle', { ...delighted, referrals }, { zone: 'affection', extreme: 'apostle' }],
    [
      'defection with a slur is terrorist',
      { ...delighted, wordOfMouth: [{ at: day(-9), polarity: -0.5 }] },
      { zone: 'defection', extreme: 'terrorist' },
    ],
    [
      'an NPS of 2 alone is not',
      { orders: steady, surveys: [{ at: day(-1), score: 2 }] },
      { zone: 'defection', extreme: null },
    ],
    [
      'with an unrecovered complaint it is',
      { orders: steady, surveys: [{ at: day(-1), score: 2 }], complaints: [{ receivedAt: day(-3), severity: 2 }] },
      { zone: 'defection', extreme: 'terrorist' },
    ],
    [
      'however long ago it was made',
      { orders: steady, surveys: [{ at: day(-1), score: 2 }], complaints: [{ receivedAt: day(-400), severity: 2 }] },
      { zone: 'defection', extreme: 'terrorist' },
    ],
    [
      'a hostage behind a barrier is captive',
      { orders: steady, surveys: [{ at: day(-1), score: 7 }], barriers: [{ at: day(-90) }] },
      { quadrant: 'hostage', subtype: 'captive' },
    ],
  ])('%s', (_, given, expected) => {
    expect(judge(given)).toMatchObject(expected);
  });
});

describe('objection and erasure (domain.md §17.7)', () => {
  it.each<[string, Given]>([
    ['objection', { ...delighted, objections: [{ kind: 'objection', at: ORIGIN }] }],
    ['erased', { ...delighted, erasedAt: ORIGIN }],
  ])('after %s no zone is computed and nothing is explained', (rule, given) => {
    const standing = judge(given, ORIGIN, judge(delighted, day(-1)));
    expect(standing).toMatchObject({ zone: 'unclassified', rules: [rule], quadrant: null, extreme: null });
    expect(explain(evidenceOf(given), standing, policy, ORIGIN)).toMatchObject({
      score: null,
      families: [],
      evidence: [],
    });
    expect(nextLoyaltyChange(evidenceOf(given), standing, policy, ORIGIN)).toEqual({
      deadline: Infinity,
      crossing: Infinity,
    });
  });
});
