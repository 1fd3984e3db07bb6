import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import type { Evidence } from '../customer/evidence';
import type { LoyaltyStanding } from '../customer/standing';
import { defaultConfiguration } from '../policy/configuration';
import type { Policy } from '../policy/regime';
import { calendarOf, DAY_MS, type Instant, NEVER } from '../time/calendar';
import { arbitraryEvidence } from './arbitrary-evidence';
import { isDevelopable } from './constancy';
import { nextLoyaltyDeadline } from './deadlines';
import { judgeLoyalty } from './evaluation';
import { type Given, day, evidenceOf, ORIGIN } from './evidence-builder';
import { assess, evaluateLoyalty, initialLoyalty, nextLoyaltyChange } from './index';

const policyIn = (timeZone: string): Policy => ({
  configuration: { ...defaultConfiguration, tenant: { ...defaultConfiguration.tenant, timeZone } },
  review: null,
  campaigns: [],
  launched: [],
  initiatives: [],
  since: -Infinity,
});
const policy = policyIn('UTC');

const upTo = (given: Given, asOf: Instant): Evidence =>
  evidenceOf({
    orders: (given.orders ?? []).filter(({ placedAt }) => placedAt <= asOf),
    surveys: (given.surveys ?? []).filter(({ at }) => at <= asOf),
  });

const instantsOf = (given: Given): ReadonlyArray<Instant> =>
  [...(given.orders ?? []).map(({ placedAt }) => placedAt), ...(given.surveys ?? []).map(({ at }) => at)].sort(
    (a, b) => a - b,
  );

const daily = (given: Given, until: Instant): LoyaltyStanding => {
  let standing = initialLoyalty;
  for (let asOf = ORIGIN; asOf <= until; asOf += DAY_MS)
    standing = evaluateLoyalty(upTo(given, asOf), standing, policy, asOf, []);
  return standing;
};

const skipping = (given: Given, until: Instant): { standing: LoyaltyStanding; evaluations: number } => {
  let standing = initialLoyalty;
  let evaluations = 0;
  const facts = instantsOf(given);
  let asOf = facts[0] ?? NEVER;
  while (asOf <= until) {
    const evidence = upTo(given, asOf);
    standing = evaluateLoyalty(evidence, standing, policy, asOf, []);
    evaluations += 1;
    const { deadline, crossing } = nextLoyaltyChange(evidence, standing, policy, asOf);
    const now = asOf;
    const nextFact = facts.find((at) => at > now) ?? NEVER;
    asOf = Math.min(deadline, calendarOf('UTC').ceilDay(crossing), nextFact);
  }
  return { standing, evaluations };
};

const periods = ({ history }: LoyaltyStanding) =>
  history.map(({ zone, from, score, rules }) => [
    zone,
    (from - ORIGIN) / DAY_MS,
    score === null ? null : Number(score.toFixed(4)),
    rules,
  ]);

const t1: Given = {
  orders: [0, 30, 60, 90, 120, 320, 335].map((days) => ({ placedAt: day(days) })),
  surveys: [{ instrument: 'nps', score: 10, at: day(30) }],
};
const t3: Given = { orders: [0, 30, 60, 90, 120].map((days) => ({ placedAt: day(days) })) };

describe('trajectories (domain.md §7.7)', () => {
  const t1Periods = [
    ['indifference', 0, 61.6667, []],
    ['affection', 30, 87.5, []],
    ['indifference', 175, 69.8199, []],
    ['defection', 240, expect.any(Number), ['H5']],
    ['indifference', 320, expect.any(Number), ['G1']],
  ];
  const t3Periods = [
    ['indifference', 0, 61.6667, []],
    ['defection', 185, 39.881, []],
  ];

  it.each([
    ['T1', t1, t1Periods, 350],
    ['T3', t3, t3Periods, 239],
  ])('%s passes through its zones, evaluated daily', (_, given, expected, until) => {
    expect(periods(daily(given, day(until)))).toEqual(expected);
  });

  it.each([
    ['T1', t1, 350],
    ['T3', t3, 900],
  ])('%s passes through the same zones when uneventful days are skipped', (_, given, until) => {
    const { standing, evaluations } = skipping(given, day(until));

    expect(standing).toEqual(daily(given, day(until)));
    expect(evaluations).toBeLessThan(until / 4);
  });

  it('nothing more can change once all evidence has run its course', () => {
    let asOf = day(120);
    const evidence = upTo(t3, asOf);
    let standing = initialLoyalty;
    let evaluations = 0;
    while (asOf !== NEVER && evaluations < 100) {
      standing = evaluateLoyalty(evidence, standing, policy, asOf, []);
      evaluations += 1;
      asOf = calendarOf('UTC').ceilDay(nextLoyaltyChange(evidence, standing, policy, asOf).crossing);
    }
    expect(standing.zone).toBe('defection');
    expect(evaluations).toBeLessThan(40);
  });
});

/**
 * The daily evaluation visits every day boundary and every deadline; the skipping one only what
 * `nextLoyaltyChange` names. They must agree at every boundary, also on whether Q8 may ask for more.
 */
const expectSameAsDaily = (evidence: Evidence, within: Policy, days: number): void => {
  const calendar = calendarOf(within.configuration.tenant.timeZone);
  let plain = evaluateLoyalty(evidence, initialLoyalty, within, ORIGIN, []);
  let skipped = plain;
  let developable = isDevelopable(assess(evidence, within, ORIGIN), within);
  let change = nextLoyaltyChange(evidence, skipped, within, ORIGIN);
  let asOf = ORIGIN;
  while (asOf < day(days)) {
    asOf = Math.min(calendar.nextDayStart(asOf), nextLoyaltyDeadline(evidence, within.configuration, asOf));
    const assessment = assess(evidence, within, asOf);
    plain = judgeLoyalty(assessment, plain, within, []);
    const next = Math.min(change.deadline, calendar.ceilDay(change.crossing));
    if (next < asOf) throw new Error(`${next} was named and passed`);
    if (next === asOf) {
      skipped = evaluateLoyalty(evidence, skipped, within, asOf, []);
      developable = isDevelopable(assessment, within);
      change = nextLoyaltyChange(evidence, skipped, within, asOf);
    }
    // Plain comparisons: an expectation a day costs more than the judgement.
    const agrees = isDeepStrictEqual(skipped, plain) && isDevelopable(assessment, within) === developable;
    if (!agrees) expect({ day: (asOf - ORIGIN) / DAY_MS, ...skipped }).toEqual({ day: 'any', ...plain });
  }
};

describe('skipping uneventful days', () => {
  it.each(['UTC', 'Europe/Berlin'])('agrees with the daily evaluation of random customers in %s', (timeZone) => {
    const within = policyIn(timeZone);
    fc.assert(
      fc.property(arbitraryEvidence, (evidence) => expectSameAsDaily(evidence, within, 800)),
      { numRuns: timeZone === 'UTC' ? 200 : 25, endOnFailure: true },
    );
  });
});
