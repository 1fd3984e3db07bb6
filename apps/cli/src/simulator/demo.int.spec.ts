import { decodeCloudEvent, type FactType, HOUR_MS } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import type { CloudEvent } from '../import';
import { openDemo } from './demo';
import { simulateTouchpoints } from './simulate';

const demoFacts = async (): Promise<ReadonlyArray<CloudEvent>> => {
  const opened = openDemo();
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  const facts: CloudEvent[] = [];
  for await (const fact of opened.right.facts) facts.push(fact);
  return facts;
};

/** What the demonstration must show, so that every queue and every zone can have members. */
const needed: ReadonlyArray<readonly [FactType, number]> = [
  ['ConfigurationActivated', 1],
  ['PartyIdentified', 900],
  ['ConsentGranted', 1_500],
  ['ConsentWithdrawn', 10],
  ['PreferenceRecorded', 300],
  ['InteractionRecorded', 3_000],
  ['SurveyAnswered', 1_500],
  ['ComplaintReceived', 100],
  ['ComplaintAcknowledged', 100],
  ['CompensationGranted', 50],
  ['ComplaintResolved', 80],
  ['ComplaintFollowedUp', 60],
  ['ServiceRequestOpened', 300],
  ['ServiceRequestEscalated', 100],
  ['ServiceRequestPaused', 10],
  ['ServiceRequestResumed', 10],
  ['ServiceRequestResolved', 300],
  ['ServiceFailureDetected', 20],
  ['PromiseMade', 100],
  ['PromiseSettled', 100],
  ['WordOfMouthObserved', 30],
  ['ReferralMade', 100],
  ['MembershipEnrolled', 100],
  ['RewardGranted', 300],
  ['WalletReported', 30],
  ['DefectionNoticeReceived', 10],
  ['DefectionDiagnosed', 5],
  ['RetentionMeasureTaken', 5],
  ['CampaignLaunched', 1],
  ['EnquiryReceived', 30],
  ['EnquiryClosed', 5],
];

describe('the simulated demonstration', () => {
  let facts: ReadonlyArray<CloudEvent> = [];
  let endsAt = '';
  const of = <T extends FactType>(type: T): ReadonlyArray<Extract<CloudEvent, { type: T }>> =>
    facts.filter((fact): fact is Extract<CloudEvent, { type: T }> => fact.type === type);

  beforeAll(async () => {
    facts = await demoFacts();
    endsAt = facts.at(-1)?.time ?? '';
  });

  it('every fact is one that the system takes', () => {
    const refused = facts
      .map((fact) => ({ fact, decoded: decodeCloudEvent(fact) }))
      .filter(({ decoded }) => E.isLeft(decoded));
    expect(refused.slice(0, 3)).toEqual([]);
  });

  it('facts come in the order of time and none lies after the data', () => {
    const times = facts.map(({ time }) => time);
    expect(times).toEqual([...times].sort());
    expect(endsAt).toBe('2018-01-05T18:52:11.000Z');
  });

  it('source and id name each fact once', () => {
    expect(new Set(facts.map(({ source, id }) => `${source} ${id}`)).size).toBe(facts.length);
  });

  it('orders are those of the file and no others', () => {
    expect(of('OrderPlaced').every(({ source }) => source === 'superstore')).toBe(true);
    expect(of('OrderPlaced')).toHaveLength(5_009);
  });

  it.each(needed)('has facts %s, at least %i', (type, count) => {
    expect(of(type).length).toBeGreaterThanOrEqual(count);
  });

  it('some complaints, requests, promises and enquiries are open at the end', () => {
    const open = (began: ReadonlyArray<string>, ended: ReadonlyArray<string>): number => {
      const done = new Set(ended);
      return began.filter((id) => !done.has(id)).length;
    };
    const openMatters = {
      complaints: open(
        of('ComplaintReceived').map(({ data }) => data.complaintId),
        of('ComplaintResolved').map(({ data }) => data.complaintId),
      ),
      requests: open(
        of('ServiceRequestOpened').map(({ data }) => data.requestId),
        of('ServiceRequestResolved').map(({ data }) => data.requestId),
      ),
      promises: open(
        of('PromiseMade').map(({ data }) => data.promiseId),
        of('PromiseSettled').map(({ data }) => data.promiseId),
      ),
      enquiries: open(
        of('EnquiryReceived').map(({ data }) => data.enquiryId),
        of('EnquiryClosed').map(({ data }) => data.enquiryId),
      ),
    };
    expect(Math.min(...Object.values(openMatters))).toBeGreaterThanOrEqual(3);
  });

  it('some orders are late, and their customers are less content', () => {
    const promised = new Map(of('OrderPlaced').map(({ data }) => [data.orderId, data.promisedAt ?? '']));
    const late = new Set(
      of('OrderFulfilled')
        .filter(({ data }) => data.deliveredAt > (promised.get(data.orderId) ?? ''))
        .map(({ data }) => data.orderId),
    );
    const mean = (scores: ReadonlyArray<number>): number =>
      scores.reduce((sum, score) => sum + score, 0) / scores.length;
    const scores = (isLate: boolean): ReadonlyArray<number> =>
      of('SurveyAnswered')
        .filter(({ data }) => data.instrument === 'csat_transactional')
        .filter(({ data }) => late.has(data.surveyId.slice('survey-csat-'.length)) === isLate)
        .map(({ data }) => data.score);
    expect(late.size).toBeGreaterThan(0);
    expect(mean(scores(true))).toBeLessThan(mean(scores(false)));
  });

  it('a follow-up gives a verdict or says that nobody was reached, and comes after a resolution', () => {
    const resolved = new Map<string, string>();
    for (const { data, time } of of('ComplaintResolved')) {
      if (!resolved.has(data.complaintId)) resolved.set(data.complaintId, time);
    }
    for (const { data, time } of of('ComplaintFollowedUp')) {
      expect(time > (resolved.get(data.complaintId) ?? '9999')).toBe(true);
    }
  });

  it('points are never redeemed beyond the balance', () => {
    const balances = new Map<string, number>();
    for (const { data } of of('RewardGranted')) {
      const membership = data.membershipId ?? '';
      const balance = (balances.get(membership) ?? 0) + data.pointsDelta;
      expect(balance).toBeGreaterThanOrEqual(0);
      balances.set(membership, balance);
    }
  });

  it('the clock stands within the hours in which customers may be contacted', () => {
    const hour = (Date.parse(endsAt) % (24 * HOUR_MS)) / HOUR_MS;
    expect(hour).toBeGreaterThanOrEqual(8);
    expect(hour).toBeLessThan(20);
  });

  it('the same seed gives the same facts; another seed gives others', () => {
    const orders = facts.filter(({ source }) => source === 'superstore').slice(0, 600);
    const run = (seed: number): string =>
      JSON.stringify(simulateTouchpoints(orders, { seed, endsAt: Date.parse(endsAt) }));
    expect(run(7)).toBe(run(7));
    expect(run(7)).not.toBe(run(8));
  });

  it('everything simulated says so', () => {
    const simulated = facts.filter(({ source }) => source !== 'superstore' && source !== 'demo');
    expect(new Set(simulated.map(({ source }) => source))).toEqual(new Set(['simulator']));
    expect(simulated.length).toBeGreaterThan(10_000);
  });
});
