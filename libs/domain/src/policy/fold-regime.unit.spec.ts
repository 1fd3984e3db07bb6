import * as fc from 'fast-check';
import { arbitraryFactOf } from '../facts/arbitrary';
import type { FactData, FactType } from '../facts/catalogue';
import type { FactOf } from '../facts/envelope';
import { NEVER, toIso } from '../time/calendar';
import { defaultConfiguration } from './configuration';
import { nextPolicyChange, policyAt, regimeOf } from './fold-regime';

const global = <T extends FactType>(type: T, occurredAt: number, id: string, data: FactData[T]): FactOf<T> => ({
  eventId: id,
  type,
  schemaVersion: 1,
  streamId: 'policy',
  occurredAt,
  recordedAt: occurredAt,
  source: 'test',
  id,
  subjects: [],
  actor: { kind: 'system', id: 'test' },
  data,
});
const activated = (version: number, effectiveFrom: number, id = `v${version}`, occurredAt = 0) =>
  global('ConfigurationActivated', occurredAt, id, {
    version,
    effectiveFrom: toIso(effectiveFrom),
    config: defaultConfiguration,
  });
const reviewed = (occurredAt: number, id: string) =>
  global('PortfolioReviewed', occurredAt, id, {
    asOf: toIso(occurredAt - 5),
    baseSize: 0,
    rfmCuts: { r: null, f: null, m: null },
    tierCuts: { platinum: null, gold: null },
    heavyCut: null,
    medianIpiDays: null,
    segmentStats: [],
  });
const launched = (campaignId: string, startsAt: number, endsAt: number, id = campaignId, occurredAt = 0) =>
  global('CampaignLaunched', occurredAt, id, {
    campaignId,
    name: campaignId,
    objective: 'growth',
    segmentId: 's1',
    propositionId: 'v1',
    channels: ['email'],
    startsAt: toIso(startsAt),
    endsAt: toIso(endsAt),
    budgetMinor: 0,
    holdoutPct: 10,
    warningAcknowledged: false,
  });

describe('a regime', () => {
  test('without facts is the default configuration for ever', () => {
    const regime = regimeOf([]);
    expect(regime.policies).toEqual([
      {
        configuration: defaultConfiguration,
        review: null,
        campaigns: [],
        launched: [],
        initiatives: [],
        since: -Infinity,
      },
    ]);
    expect(nextPolicyChange(regime, 0)).toBe(NEVER);
  });

  // coverage: 169
  test('puts a configuration in force from effectiveFrom, not from when it was recorded', () => {
    const regime = regimeOf([activated(1, 100), activated(2, 200)]);
    expect([-1, 99, 100, 199, 200, 9e15].map((at) => policyAt(regime, at).configuration.version)).toEqual([
      0, 0, 1, 1, 2, 2,
    ]);
  });

  test.each([
    ['the highest version of one instant', [activated(3, 100), activated(2, 100)], 3],
    ['the later instant, also of a lower version', [activated(3, 100), activated(2, 150)], 2],
    ['the last of one version in fact order', [activated(2, 100, 'b', 5), activated(2, 100, 'a', 4)], 2],
  ])('prefers %s', (_, facts, version) => {
    expect(policyAt(regimeOf(facts), 200).configuration.version).toBe(version);
  });

  test('keeps a review until the next one, with the instant whose population it describes', () => {
    const regime = regimeOf([reviewed(200, 'r2'), reviewed(100, 'r1')]);
    expect(policyAt(regime, 99).review).toBeNull();
    expect(policyAt(regime, 100).review).toMatchObject({ eventId: 'r1', asOf: 95 });
    expect(policyAt(regime, 250).review).toMatchObject({ eventId: 'r2', asOf: 195 });
  });

  test('runs a campaign from its start until before its end, as last launched', () => {
    const regime = regimeOf([
      launched('k1', 100, 300),
      launched('k2', 150, 200),
      launched('k3', 50, 60, 'late', 9),
      launched('k3', 10, 20, 'early', 1),
      launched('k4', 400, 400),
    ]);
    const running = (at: number) => policyAt(regime, at).campaigns.map(({ campaignId }) => campaignId);
    expect([15, 50, 60, 100, 150, 200, 300, 400].map(running)).toEqual([
      [],
      ['k3'],
      [],
      ['k1'],
      ['k1', 'k2'],
      ['k1'],
      [],
      [],
    ]);
  });

  test('remembers every campaign from its start on, with the segment and the review in force then', () => {
    const segments = [{ segmentId: 's1', name: 'First', phases: ['new'] }];
    const configured = global('ConfigurationActivated', 0, 'v1', {
      version: 1,
      effectiveFrom: toIso(50),
      config: { ...defaultConfiguration, segments },
    });
    const regime = regimeOf([
      launched('k2', 200, 250),
      launched('k1', 100, 150),
      launched('k0', 10, 20),
      configured,
      activated(2, 180),
      reviewed(90, 'r1'),
      reviewed(300, 'r2'),
    ]);
    expect(
      [9, 10, 100, 199, 9e15].map((at) => policyAt(regime, at).launched.map(({ campaignId }) => campaignId)),
    ).toEqual([[], ['k0'], ['k0', 'k1'], ['k0', 'k1'], ['k0', 'k1', 'k2']]);
    expect(policyAt(regime, 400).launched).toMatchObject([
      { campaignId: 'k0', segment: null, review: null },
      { campaignId: 'k1', segment: segments[0], review: { eventId: 'r1' } },
      { campaignId: 'k2', segment: null, review: { eventId: 'r1' } },
    ]);
  });

  test('tells the next change, strictly later', () => {
    const regime = regimeOf([activated(1, 100), launched('k1', 100, 300)]);
    expect([-Infinity, 99, 100, 299, 300].map((at) => nextPolicyChange(regime, at))).toEqual([
      100,
      100,
      300,
      300,
      NEVER,
    ]);
  });
});

const arbitraryGlobals = fc.array(
  arbitraryFactOf(['ConfigurationActivated', 'PortfolioReviewed', 'CampaignLaunched']),
  {
    maxLength: 12,
  },
);

describe('any regime', () => {
  test('is the same in any order of facts; its policies ascend and the search finds each', () => {
    fc.assert(
      fc.property(arbitraryGlobals, (facts) => {
        const regime = regimeOf(facts);
        expect(JSON.stringify(regimeOf(facts.toReversed()))).toBe(JSON.stringify(regime));
        const [first, ...others] = regime.policies;
        expect(first?.since).toBe(-Infinity);
        let before = -Infinity;
        for (const policy of others) {
          expect(policy.since).toBeGreaterThan(before);
          expect(policyAt(regime, policy.since)).toBe(policy);
          expect(nextPolicyChange(regime, before)).toBe(policy.since);
          expect(nextPolicyChange(regime, policy.since - 1)).toBe(policy.since);
          for (const { startsAt, endsAt } of policy.campaigns)
            expect(startsAt <= policy.since && policy.since < endsAt).toBe(true);
          before = policy.since;
        }
      }),
      { numRuns: 50 },
    );
  });
});
