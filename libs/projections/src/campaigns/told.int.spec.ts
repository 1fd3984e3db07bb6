import { defaultConfiguration, type Fact } from '@afecto/domain';
import { ProjectionEngine } from '../engine/engine';
import { eventsOf, inMemory, logOf, NOW } from '../engine/testing/given-log';
import { isoDaysAgo, reviewed, said } from '../tally/given-customers';

const segments = ['many', 'few'].map((segmentId) => ({ segmentId, name: segmentId }));
const review = reviewed(20);
const facts: ReadonlyArray<Fact> = [
  said('ConfigurationActivated', 30, {
    version: 1,
    effectiveFrom: isoDaysAgo(30),
    config: { ...defaultConfiguration, version: 1, segments },
  }),
  {
    ...review,
    data: {
      ...review.data,
      segmentStats: [
        { segmentId: 'many', size: 100, reachable: 90, meanCm365Minor: 1 },
        { segmentId: 'few', size: 5, reachable: 1, meanCm365Minor: 500 },
      ],
    },
  },
  said('CampaignLaunched', 10, {
    campaignId: 'spring',
    name: 'Spring',
    objective: 'o',
    segmentId: 'many',
    propositionId: 'v',
    channels: ['email'],
    startsAt: isoDaysAgo(9),
    endsAt: isoDaysAgo(1),
    budgetMinor: 0,
    holdoutPct: 0,
    warningAcknowledged: true,
  }),
];

describe('what is told of campaigns (domain.md §14.3)', () => {
  it.each([1, 3])(
    'a warning of the majority rule is told with the commit of its launch, %d facts a step',
    async (size) => {
      const store = await logOf(facts);
      const readModels = inMemory();
      const engine = await ProjectionEngine.over(readModels, store);
      const events = await eventsOf(store);
      for (let from = 0; from < events.length; from += size) await engine.apply(events.slice(from, from + size), NOW);
      expect(await readModels.outgoing(10)).toMatchObject([
        {
          streamId: 'derived-campaign-spring',
          event: {
            type: 'MajorityFallacyWarned',
            data: { campaignId: 'spring', chosen: 'many', betterSegments: ['few'] },
          },
        },
      ]);
      // Whoever takes up these read models has nothing more to tell.
      const next = await ProjectionEngine.over(readModels, store);
      await next.apply(events, NOW);
      expect(await readModels.outgoing(10)).toHaveLength(1);
      await store.close();
      await readModels.close();
    },
  );
});
