import { type Given, day, evidenceOf, ORIGIN, rhythmic, plainPolicy as policy } from './evidence-builder';
import { assess, decideZone, evaluateLoyalty, explain, initialLoyalty } from './index';

/** A member: the membership itself, its automatic social bond and one recorded bond make D = .3. */
const membershipAndTwoBonds: Given = {
  memberships: [{ enrolledAt: day(-160) }],
  bonds: [{ bondType: 'reward', validFrom: day(-160) }],
};
const steady = rhythmic(6, 30, -10);
const csat = (score: number, at: number) => ({ instrument: 'csat_transactional' as const, score, at: day(at) });
const nps = (score: number, at: number) => ({ instrument: 'nps' as const, score, at: day(at) });
const resolved = { receivedAt: day(-7.5), severity: 3 as const, resolvedAt: day(-7) };
const z11: Given = { surveys: [csat(4, -7)], complaints: [resolved], orders: rhythmic(6, 30, -17) };
const followedUp = (verdict: number): Given => ({
  ...z11,
  complaints: [
    { ...resolved, verdict, verdictAt: day(0), ...(verdict <= 2 && { resolvedAt: null, reopenedAt: day(0) }) },
  ],
});

interface Row {
  readonly name: string;
  readonly given: Given;
  readonly score: number | null;
  readonly zone: string;
  readonly rules: ReadonlyArray<string>;
  readonly quadrant: string | null;
  readonly S?: number;
  readonly L?: number;
  readonly subtype?: string;
}

const rows: ReadonlyArray<Row> = [
  { name: 'Z01', given: {}, score: null, zone: 'unclassified', rules: [], quadrant: null },
  {
    name: 'Z02',
    given: { surveys: [csat(5, 0), nps(10, 0)], orders: steady, ...membershipAndTwoBonds },
    score: 83.6111,
    zone: 'affection',
    rules: [],
    quadrant: 'loyalist',
    S: 95,
    L: 69.375,
  },
  {
    name: 'Z03',
    given: { surveys: [csat(4, 0), nps(8, 0)], orders: steady, ...membershipAndTwoBonds },
    score: 64.6405,
    zone: 'indifference',
    rules: [],
    quadrant: 'hostage',
    subtype: 'inertial',
    S: 60.8529,
  },
  {
    name: 'Z04',
    given: { surveys: [nps(3, 0)], orders: steady, ...membershipAndTwoBonds },
    score: 41.1111,
    zone: 'defection',
    rules: ['H3'],
    quadrant: 'hostage',
  },
  {
    name: 'Z06',
    given: { orders: rhythmic(5, 30, -75) },
    score: 33.9286,
    zone: 'defection',
    rules: [],
    quadrant: null,
  },
  {
    name: 'Z07',
    given: { orders: rhythmic(5, 30, -120) },
    score: 14.2857,
    zone: 'defection',
    rules: ['H5'],
    quadrant: null,
  },
  {
    name: 'Z08',
    given: { surveys: [csat(5, 0)], orders: rhythmic(1, 30, -20) },
    score: 85.6965,
    zone: 'indifference',
    rules: ['G3'],
    quadrant: null,
  },
  {
    name: 'Z10',
    given: { surveys: [csat(4, 0)], complaints: [{ receivedAt: day(-0.5), severity: 3 }], orders: steady },
    score: 54.5954,
    zone: 'indifference',
    rules: [],
    quadrant: 'hostage',
  },
  { name: 'Z12', given: followedUp(5), score: 78.3783, zone: 'affection', rules: [], quadrant: 'loyalist', S: 81.6119 },
  { name: 'Z13', given: followedUp(2), score: 43.9563, zone: 'indifference', rules: [], quadrant: 'hostage' },
  {
    name: 'Z15',
    given: {
      surveys: [csat(2, -8)],
      complaints: [{ receivedAt: day(-7.5), severity: 2, resolvedAt: day(-7), verdict: 5, verdictAt: day(0) }],
      orders: rhythmic(6, 30, -17),
    },
    score: 75.4481,
    zone: 'affection',
    rules: [],
    quadrant: 'loyalist',
  },
  { name: 'Z17', given: { orders: steady }, score: 67.8571, zone: 'indifference', rules: [], quadrant: null },
  {
    name: 'Z19',
    given: { wordOfMouth: [{ at: day(-30), polarity: -0.8 }], orders: steady },
    score: 36.9675,
    zone: 'defection',
    rules: ['H3', 'H4'],
    quadrant: 'hostage',
  },
];

describe('golden cases of the zones (domain.md §7.7)', () => {
  // coverage: 15, 22, 52, 86, 87, 88, 89
  it.each(rows)('$name: $zone at $score', ({ given, score, zone, rules, quadrant, S, L, subtype }) => {
    const evidence = evidenceOf(given);

    const assessment = assess(evidence, policy, ORIGIN);
    const standing = evaluateLoyalty(evidence, initialLoyalty, policy, ORIGIN, []);

    if (score === null) expect(assessment.score).toBeNull();
    else expect(assessment.score).toBeCloseTo(score, 4);
    expect(standing).toMatchObject({ zone, rules, quadrant });
    expect(decideZone(assessment, null, policy, ORIGIN)).toEqual({ zone, rules, heldBy: null });
    if (S !== undefined) expect(assessment.satisfaction).toBeCloseTo(S, 4);
    if (L !== undefined) expect(assessment.loyalty).toBeCloseTo(L, 4);
    if (subtype !== undefined) expect(standing.subtype).toBe(subtype);
  });

  it('explains the worked example of a recovery that failed (Z13, §7.6)', () => {
    const evidence = evidenceOf(followedUp(2));
    const standing = evaluateLoyalty(evidence, initialLoyalty, policy, ORIGIN, []);

    const explanation = explain(evidence, standing, policy, ORIGIN);

    const points = explanation.families.map((family) => [family.family, Number(family.points.toFixed(4))]);
    expect(points).toEqual([
      ['A', -5.2937],
      ['B', -7],
      ['C', 6.25],
      ['D', 0],
    ]);
    expect(explanation.evidence.map(({ type, points }) => [type, Number(points.toFixed(4))])).toEqual([
      ['SurveyAnswered', 2.7354],
      ['ComplaintFollowedUp', -8.0291],
      ['ComplaintFollowedUp', -7],
      ['OrderPlaced', 6.25],
    ]);
    expect(explanation.score).toBeCloseTo(43.9563, 4);
    expect(explanation.toNext).toEqual({
      up: { threshold: 75, distance: expect.closeTo(31.0437, 4) },
      down: { threshold: 40, distance: expect.closeTo(3.9563, 4) },
    });
  });
});
