import fc from 'fast-check';
import { fact, isoOnDay } from '../customer/fact-builder';
import type { Fact } from '../facts/envelope';
import { defaultConfiguration } from '../policy/configuration';
import { regimeOf } from '../policy/fold-regime';
import { type MajorityWarning, majorityWarnings, warningsBetween } from './majority-warnings';
import { claimIdOf, type Notification, notificationEventOf } from './notification';
import { notificationToCloudEvent } from './published';

const activated = (version: number, day: number, ...segmentIds: ReadonlyArray<string>) =>
  fact('ConfigurationActivated', day, {
    version,
    effectiveFrom: isoOnDay(day),
    config: {
      ...defaultConfiguration,
      version,
      segments: segmentIds.map((segmentId) => ({ segmentId, name: segmentId })),
    },
  });
/** Segments by size and by what a member earns. */
const reviewed = (day: number, segments: Readonly<Record<string, readonly [size: number, meanCm365Minor: number]>>) =>
  fact('PortfolioReviewed', day, {
    asOf: isoOnDay(day),
    baseSize: 0,
    rfmCuts: { r: null, f: null, m: null },
    tierCuts: { platinum: null, gold: null },
    heavyCut: null,
    medianIpiDays: null,
    segmentStats: Object.entries(segments).map(([segmentId, [size, meanCm365Minor]]) => ({
      segmentId,
      size,
      reachable: size,
      meanCm365Minor,
    })),
  });
const launched = (day: number, campaignId: string, segmentId: string) =>
  fact('CampaignLaunched', day, {
    campaignId,
    name: campaignId,
    objective: 'o',
    segmentId,
    propositionId: 'v',
    channels: ['email'],
    startsAt: isoOnDay(day + 1),
    endsAt: isoOnDay(day + 9),
    budgetMinor: 0,
    holdoutPct: 0,
    warningAcknowledged: true,
  });

const poorMajority = { many: [100, 1], some: [30, 9], few: [5, 50] } as const;
const richMajority = { many: [100, 90], some: [30, 9], few: [5, 5] } as const;
const all = activated(1, 0, 'many', 'some', 'few');

/** Everything that is told when the facts come in these batches. */
const toldOf = (...batches: ReadonlyArray<ReadonlyArray<Fact>>): ReadonlyArray<Notification> => {
  let known: ReadonlyArray<Fact> = [];
  let before: ReadonlyArray<MajorityWarning> = [];
  return batches.flatMap((batch) => {
    known = [...known, ...batch];
    const after = majorityWarnings(known, regimeOf(known));
    const fresh = new Set(batch.map(({ eventId }) => eventId));
    const told = warningsBetween(before, after, { facts: known.length, fresh });
    before = after;
    return told;
  });
};

describe('MajorityFallacyWarned (domain.md §6.4, §14.3)', () => {
  const review = reviewed(5, poorMajority);
  const launch = launched(10, 'spring', 'many');

  // coverage: 65
  it('is told of a campaign for the largest segment that is the poorest, with the better ones and what caused it', () => {
    const told = toldOf([all], [review], [launch, launched(11, 'select', 'few')]);
    expect(told).toMatchObject([
      {
        type: 'MajorityFallacyWarned',
        key: 'spring',
        at: launch.occurredAt,
        data: { campaignId: 'spring', chosen: 'many', betterSegments: ['few', 'some'] },
        causedBy: [launch.eventId, review.eventId],
        configVersion: 1,
        supersedes: [],
      },
    ]);
  });

  it('is told of nobody where the largest is also the richest, nor before the first review', () => {
    expect(toldOf([all, reviewed(5, richMajority), launch])).toEqual([]);
    expect(toldOf([all, launch, reviewed(20, poorMajority)])).toEqual([]);
  });

  it('is an event about no customer, that subscribers can read', () => {
    const [told] = toldOf([all, review, launch]);
    if (told === undefined) throw new Error('something is told');
    const event = notificationEventOf(told);
    expect(event.data).toEqual({ campaignId: 'spring', chosen: 'many', betterSegments: ['few', 'some'] });
    const stored = { ...event, streamId: 'derived-campaign-spring', revision: 0, recordedAt: 0, position: 7n };
    const published = notificationToCloudEvent(stored);
    expect(published).toMatchObject({ type: 'MajorityFallacyWarned', causedby: told.causedBy.join() });
    expect(published).not.toHaveProperty('subject');
  });

  it('is told anew when a review that comes late changes what is better, and taken back when it changes everything', () => {
    const [first, second] = toldOf([all, review, launch], [reviewed(6, { ...poorMajority, few: [5, 5] })]);
    expect(second).toMatchObject({
      data: { betterSegments: ['some', 'few'] },
      supersedes: [first && claimIdOf(first)],
    });
    const [warned, undone] = toldOf([all, review, launch], [reviewed(6, richMajority)]);
    expect(undone).toMatchObject({
      data: { betterSegments: [] },
      causedBy: [],
      supersedes: [warned && claimIdOf(warned)],
    });
  });

  // coverage: 65
  it('stands as the facts have it, however they arrive, and each is an event of its own', () => {
    const facts: ReadonlyArray<Fact> = [
      all,
      activated(2, 14, 'many', 'few'),
      review,
      reviewed(7, richMajority),
      reviewed(12, poorMajority),
      launch,
      launched(9, 'early', 'many'),
      launched(13, 'late', 'many'),
      launched(15, 'spring', 'few'),
      launched(16, 'fewer', 'many'),
    ];
    const expected = majorityWarnings(facts, regimeOf(facts)).map(({ campaignId, betterSegments }) => [
      campaignId,
      betterSegments,
    ]);
    expect(expected).toEqual([
      ['late', ['few', 'some']],
      ['fewer', ['few']],
    ]);
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...facts], { minLength: facts.length }),
        fc.integer({ min: 1, max: 4 }),
        (shuffled, size) => {
          const batches = Array.from({ length: Math.ceil(shuffled.length / size) }, (_, index) =>
            shuffled.slice(index * size, (index + 1) * size),
          );
          const told = toldOf(...batches);
          expect(new Set(told.map((one) => notificationEventOf(one).id)).size).toBe(told.length);
          const standing = new Map<string, Notification>();
          for (const one of told) {
            for (const claim of one.supersedes) standing.delete(claim);
            standing.set(claimIdOf(one), one);
          }
          expect(
            [...standing.values()]
              .filter(({ cause }) => cause !== 'undone')
              .toSorted((one, other) => one.at - other.at)
              .map(({ data }) => [data['campaignId'], data['betterSegments']]),
          ).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
  });
});
