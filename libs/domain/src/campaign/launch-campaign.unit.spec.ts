import * as fc from 'fast-check';
import { given, hours, iso, past, run } from '../command/given-when-then';
import { type Step, walk } from '../command/walks';
import { type Configuration, defaultConfiguration } from '../policy/configuration';
import type { SegmentStatistics } from '../value/segments';
import { launchCampaign } from './launch-campaign';

const segmentIds = ['many', 'some', 'few'];
const configuration: Configuration = {
  ...defaultConfiguration,
  segments: segmentIds.map((segmentId) => ({ segmentId, name: segmentId })),
  propositions: [{ propositionId: 'tea-club', segmentId: 'many', statement: 'Tea at home every month' }],
};
const campaign = {
  campaignId: 'spring',
  name: 'Spring tea',
  objective: 'acquisition',
  segmentId: 'many',
  propositionId: 'tea-club',
  channels: ['email', 'phone'],
  startsAt: iso(hours(24)),
  endsAt: iso(hours(48)),
  budgetMinor: 100_000,
  holdoutPct: 10,
} as const;
const fact = { ...campaign, warningAcknowledged: false };

const segment = (segmentId: string, size: number, reachable: number, meanCm365Minor: number): SegmentStatistics => ({
  segmentId,
  size,
  reachable,
  meanCm365Minor,
});
/** The fixture of domain.md §6.4: the largest is the poorest. */
const poorMajority = [segment('many', 1_000, 500, 100), segment('some', 300, 150, 900), segment('few', 50, 25, 5_000)];
const richMajority = [segment('many', 1_000, 500, 9_000), segment('some', 300, 150, 900), segment('few', 50, 25, 50)];
const reviewed = (segmentStats: ReadonlyArray<SegmentStatistics>) => ({ configuration, knowledge: { segmentStats } });

describe('LaunchCampaign', () => {
  it('launches a campaign about no party in a stream of its own', () => {
    const outcome = given().when(launchCampaign, campaign, { configuration });
    outcome.then(['CampaignLaunched', fact, []]);
    expect(outcome.streamId).toBe('campaign-spring');
  });

  it.each([
    ['ends before it starts', { endsAt: iso(hours(24) - 1) }, 'InvalidInterval', '/endsAt'],
    ['ends when it starts', { endsAt: iso(hours(24)) }, 'InvalidInterval', '/endsAt'],
    ['is for an unknown segment', { segmentId: 'nobody' }, 'UnknownSegment', '/segmentId'],
    ['promises an unknown proposition', { propositionId: 'gold' }, 'UnknownProposition', '/propositionId'],
    ['holds out more than half', { holdoutPct: 51 }, 'ValidationFailed', '/holdoutPct'],
    ['has a negative budget', { budgetMinor: -1 }, 'ValidationFailed', '/budgetMinor'],
    ['has no channel', { channels: [] }, 'ValidationFailed', '/channels'],
  ] as const)('is refused when it %s', (_, change, code, path) => {
    given()
      .when(launchCampaign, { ...campaign, ...change }, { configuration })
      .thenRefused(code, { path });
  });

  it('lasts a millisecond at least', () => {
    given()
      .when(launchCampaign, { ...campaign, endsAt: iso(hours(24) + 1) }, { configuration })
      .thenAccepted();
  });

  it('says nothing new when it is launched again, whatever is known by then', () => {
    const launched = past('CampaignLaunched', fact, -hours(1), []);
    given(launched).when(launchCampaign, campaign, reviewed(poorMajority)).thenNothing();
    given(launched).when(launchCampaign, campaign).thenNothing();
    given(launched)
      .when(launchCampaign, { ...campaign, budgetMinor: 1 }, { configuration })
      .thenRefused('InvalidState', { path: '/campaignId' });
  });
});

describe('LaunchCampaign and the majority fallacy (domain.md §6.4)', () => {
  // coverage: 65
  it('warns where the largest segment is the poorest, and names the better ones', () => {
    given()
      .when(launchCampaign, campaign, reviewed(poorMajority))
      .thenRefused('MajorityFallacyNotAcknowledged', {
        path: '/acknowledgeWarning',
        details: { chosen: 'many', betterSegments: ['few', 'some'] },
      });
  });

  it('launches it once the warning is acknowledged, and remembers that', () => {
    given()
      .when(launchCampaign, { ...campaign, acknowledgeWarning: true }, reviewed(poorMajority))
      .then(['CampaignLaunched', { ...fact, warningAcknowledged: true }, []]);
    given()
      .when(launchCampaign, { ...campaign, acknowledgeWarning: false }, reviewed(poorMajority))
      .thenRefused('MajorityFallacyNotAcknowledged');
  });

  // coverage: 65
  it('is silent where the largest is also the richest: then there was no warning to acknowledge', () => {
    for (const acknowledgeWarning of [true, false])
      given()
        .when(launchCampaign, { ...campaign, acknowledgeWarning }, reviewed(richMajority))
        .then(['CampaignLaunched', fact, []]);
  });

  it('is silent for a segment that is neither the largest nor the best reached', () => {
    const unreached = [segment('many', 1_000, 500, 900), segment('some', 300, 1, 100), segment('few', 50, 25, 5_000)];
    given()
      .when(launchCampaign, { ...campaign, segmentId: 'some' }, reviewed(unreached))
      .thenAccepted();
  });

  it('warns of the best reached segment as well', () => {
    const reached = [segment('many', 1_000, 500, 900), segment('some', 300, 300, 100), segment('few', 50, 25, 5_000)];
    given()
      .when(launchCampaign, { ...campaign, segmentId: 'some' }, reviewed(reached))
      .thenRefused('MajorityFallacyNotAcknowledged', { details: { chosen: 'some', betterSegments: ['few', 'many'] } });
  });

  it('has nothing to warn of before the first review, and forgets segments that are given up', () => {
    given().when(launchCampaign, campaign, reviewed([])).thenAccepted();
    const givenUp = [segment('many', 10, 5, 100), segment('gone-1', 1, 0, 9_000), segment('gone-2', 1, 0, 9_000)];
    given().when(launchCampaign, campaign, reviewed(givenUp)).thenAccepted();
  });
});

/** Launched once as it is; asked again with the same words nothing happens, with others it is refused. */
interface Model {
  readonly launchedBudget: number | null;
}

const launch = (
  said: { readonly budgetMinor: number; readonly acknowledgeWarning: boolean },
  warned: boolean,
): Step<Model> => ({
  name: `launch ${JSON.stringify({ warned, ...said })}`,
  ask: (facts, occurredAt, now) =>
    run(launchCampaign, { ...campaign, ...said }, facts, {
      occurredAt,
      now,
      ...reviewed(warned ? poorMajority : richMajority),
    }).decision,
  expected: ({ launchedBudget }) => {
    if (launchedBudget !== null) return launchedBudget === said.budgetMinor ? { launchedBudget } : 'InvalidState';
    if (warned && !said.acknowledgeWarning) return 'MajorityFallacyNotAcknowledged';
    return { launchedBudget: said.budgetMinor };
  },
});

describe('the campaign as a state machine', () => {
  it('is launched once, and stays as it was launched', () => {
    const said = fc.record({ budgetMinor: fc.constantFrom(1, 2), acknowledgeWarning: fc.boolean() });
    walk<Model>(
      {
        start: { launchedBudget: null },
        steps: [fc.tuple(said, fc.boolean()).map((launched) => launch(...launched))],
        agrees: ({ launchedBudget }, facts) => {
          const budgets = facts.flatMap((one) => (one.type === 'CampaignLaunched' ? [one.data.budgetMinor] : []));
          expect(budgets).toEqual(launchedBudget === null ? [] : [launchedBudget]);
        },
      },
      60,
    );
  });
});
