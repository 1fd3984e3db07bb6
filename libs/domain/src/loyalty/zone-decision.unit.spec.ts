import { assess, decideZone } from './index';
import { day, evidenceOf, type Given, ORIGIN, rhythmic, plainPolicy as policy } from './evidence-builder';

/** Score 72 and more, whatever the complaint: enough to stay in affection. */
const attached: Given = {
  orders: rhythmic(6, 30, -10),
  surveys: [{ at: ORIGIN, score: 10 }],
  memberships: [{ enrolledAt: day(-160) }],
  bonds: [{ bondType: 'reward', validFrom: day(-160) }],
  referrals: [{ at: day(-30) }],
};

describe('affection with a complaint (domain.md §7.4 G2)', () => {
  it.each<[string, NonNullable<Given['complaints']>, string, ReadonlyArray<string>]>([
    ['none', [], 'affection', []],
    ['an open one of severity 2', [{ receivedAt: day(-0.1), severity: 2 }], 'affection', []],
    ['an open one of severity 3', [{ receivedAt: day(-0.1), severity: 3 }], 'indifference', ['G2']],
    ['a resolved one of severity 3', [{ receivedAt: day(-1), resolvedAt: day(-0.9), severity: 3 }], 'affection', []],
  ])('%s', (_, complaints, zone, rules) => {
    const assessment = assess(evidenceOf({ ...attached, complaints }), policy, ORIGIN);
    expect(assessment.score).toBeGreaterThanOrEqual(72);
    const previous = { zone: 'affection', since: day(-100) } as const;
    expect(decideZone(assessment, previous, policy, ORIGIN)).toEqual({ zone, heldBy: null, rules });
  });
});
