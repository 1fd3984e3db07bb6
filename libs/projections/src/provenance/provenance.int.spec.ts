import { DAY_MS, defaultConfiguration, type Fact, toIso } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import { NOW } from '../engine/testing/given-log';
import { daysAgo, isoDaysAgo, ordered, reviewed, said } from '../tally/given-customers';
import { differencesSince, type FieldProvenance, lastChanges, provenanceOf } from './provenance';
import { MOST_EVENTS_DOUBTED } from './rests-on';
import { givenHistory, type Limits, placedIn } from './testing/given-history';

const registered = (partyId: string, ago: number, displayName: string) =>
  said('PartyRegistered', ago, { partyId, kind: 'person', displayName, source: 'test' });
const nps = (ago: number, score: number) =>
  said('SurveyAnswered', ago, {
    surveyId: `s${ago}`,
    partyId: 'p1',
    instrument: 'nps',
    score,
    scaleMin: 0,
    scaleMax: 10,
  });

const historyOf = async (facts: ReadonlyArray<Fact>, partyId = 'p1', limits: Limits = { until: NOW }) => {
  const history = await givenHistory(placedIn(facts), partyId, limits);
  if (history === null) throw new Error('no history');
  return history;
};
const provenance = async (
  field: string,
  facts: ReadonlyArray<Fact>,
  partyId?: string,
  limits?: Limits,
): Promise<FieldProvenance> => {
  const found = await provenanceOf(await historyOf(facts, partyId, limits), field);
  if (found === null || E.isLeft(found)) throw new Error(JSON.stringify(found));
  return found.right;
};
/** Value, instant and cause of each change, in short. */
const told = ({ history }: FieldProvenance) =>
  history.map(({ value, since, because }) => [
    value,
    since,
    because.map((one) => ('event' in one ? `${one.kind} ${one.event.eventId}` : one.kind)).join(),
  ]);
const named = ({ restsOn }: FieldProvenance): ReadonlyArray<string> => {
  if (!restsOn.complete) throw new Error(restsOn.detail);
  return restsOn.events.map(({ event }) => event.eventId);
};

describe('where a field comes from', () => {
  it('is the fact that said it, by whom and from where, and what it was before', async () => {
    const [first, second] = [registered('p1', 300, 'Ana'), registered('p1', 100, 'Ana Ruiz')];
    const found = await provenance('/identity/displayName', [first, ordered('p1', 200, 'o1'), second]);
    expect(told(found)).toEqual([
      ['Ana', isoDaysAgo(300), `event ${first.eventId}`],
      ['Ana Ruiz', isoDaysAgo(100), `event ${second.eventId}`],
    ]);
    expect(found).toMatchObject({
      field: '/identity/displayName',
      value: 'Ana Ruiz',
      passing: false,
      rule: { section: '§14', configurationVersion: 0 },
      restsOn: { complete: true, events: [{ event: { eventId: second.eventId, position: '3' }, without: 'Ana' }] },
    });
    expect(found.history[1]?.because).toEqual([
      {
        kind: 'event',
        event: expect.objectContaining({
          type: 'PartyRegistered',
          position: '3',
          recordedAt: isoDaysAgo(100),
          source: 'test',
          actor: { kind: 'system', id: 'test' },
        }),
      },
    ]);
  });

  it('is nothing said yet, since the party is known at all', async () => {
    const order = ordered('p1', 50, 'o1');
    expect(told(await provenance('birthYear', [order]))).toEqual([[null, isoDaysAgo(50), `start ${order.eventId}`]]);
  });

  it('of a term that ended is time, to the millisecond, and what the term was counted from', async () => {
    const order = ordered('p1', 400, 'o1');
    const found = await provenance('spend365Minor', [order]);
    expect(told(found)).toEqual([
      [10_000, isoDaysAgo(400), `event ${order.eventId}`],
      [0, toIso(order.occurredAt + 365 * DAY_MS + 1), 'time'],
    ]);
    expect(found.history[1]?.because).toEqual([{ kind: 'time', deadlines: ['365 days after orders o1 placedAt'] }]);
    expect(named(found)).toEqual([order.eventId]);
  });

  it('of a measure of time is the events, and the instant asked', async () => {
    const order = ordered('p1', 45, 'o1');
    const found = await provenance('recencyRatio', [order]);
    expect(found).toMatchObject({ value: 0.5, passing: true });
    expect(told(found)).toEqual([
      [0, isoDaysAgo(45), `event ${order.eventId}`],
      [0.5, toIso(NOW), 'passing'],
    ]);
  });

  it('may be a fact about nobody: a review decides the tier', async () => {
    const review = reviewed(30);
    const order = ordered('p1', 60, 'o1', { netMinor: 10_000, costMinor: 1_000 });
    const found = await provenance('tier', [order, review]);
    expect(told(found).at(-1)).toEqual(['gold', isoDaysAgo(30), `event ${review.eventId}`]);
    expect(named(found)).toEqual([order.eventId, review.eventId]);
    expect(found.cites).toEqual([
      { event: expect.objectContaining({ eventId: review.eventId }), as: expect.any(String) },
    ]);
  });

  it('may be a configuration, from when it came into force', async () => {
    const { strategies } = defaultConfiguration.lifecycle;
    const activated = said('ConfigurationActivated', 90, {
      version: 1,
      effectiveFrom: isoDaysAgo(20),
      config: {
        ...defaultConfiguration,
        version: 1,
        lifecycle: {
          ...defaultConfiguration.lifecycle,
          strategies: { ...strategies, new: { ...strategies.new, owner: 'welcome-desk' } },
        },
      },
    });
    const found = await provenance('owner', [ordered('p1', 60, 'o1'), activated]);
    expect(told(found).at(-1)).toEqual(['welcome-desk', isoDaysAgo(20), `event ${activated.eventId}`]);
    expect(found.history.at(-1)?.configurationVersion).toBe(1);
  });

  it('may be an order of somebody else, which converts a referral', async () => {
    const referral = said('ReferralMade', 100, {
      referralId: 'r1',
      referrerId: 'p1',
      referredId: 'p9',
      channel: 'web',
    });
    const order = ordered('p9', 80, 'o9');
    const found = await provenance('/criteria/referral/converted', [referral, order]);
    expect(told(found).at(-1)).toEqual([1, isoDaysAgo(80), `event ${order.eventId}`]);
    expect(named(found)).toEqual([referral.eventId, order.eventId]);
  });

  it('may be a merge, and its undoing, from the instant of each', async () => {
    const merged = said('PartiesMerged', 50, { survivorId: 'p1', absorbedId: 'p2', matchScore: 1, reason: 'same' });
    const facts = [
      registered('p1', 200, 'Ana'),
      ordered('p2', 190, 'o2'),
      merged,
      said('PartiesSeparated', 20, {
        survivorId: 'p1',
        separatedId: 'p2',
        mergedEventId: merged.eventId,
        reason: 'not',
      }),
    ];
    const found = await provenance('orderDays', facts);
    expect(told(found).map(([value, since]) => [value, since])).toEqual([
      [0, isoDaysAgo(200)],
      [1, isoDaysAgo(50)],
      [0, isoDaysAgo(20)],
    ]);
    expect(told(await provenance('partyId', facts, 'p2')).map(([value]) => value)).toEqual(['p2', 'p1', 'p2']);
  });

  it('of facts that say the same rests on no single one of them, and says so', async () => {
    const found = await provenance('displayName', [registered('p1', 300, 'Ana'), registered('p1', 100, 'Ana')]);
    expect(named(found)).toEqual([]);
  });

  it('names what would have changed the decision when it was taken, which may not be what would change it now', async () => {
    const facts = [
      ordered('p1', 200, 'o1'),
      said('WordOfMouthObserved', 180, {
        partyId: 'p1',
        polarity: -0.9,
        reach: 'public',
        verified: true,
        platform: 'x',
      }),
      nps(170, 0),
    ];
    const found = await provenance('zone', facts);
    expect(found.value).toBe('defection');
    expect(found.beganOn).toMatchObject({
      complete: true,
      events: expect.arrayContaining([
        { event: expect.objectContaining({ eventId: facts[1]?.eventId }), without: 'indifference' },
      ]),
    });
    expect(named(found)).not.toContain(facts[1]?.eventId);
    expect(found.cites.map(({ as }) => as)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^the present zone/)]),
    );
  });

  it('as it was known then leaves out what was told later', async () => {
    const late: Fact = { ...registered('p1', 300, 'Ana Late'), recordedAt: daysAgo(10) };
    const facts = [registered('p1', 310, 'Ana'), late];
    expect((await provenance('displayName', facts, 'p1', { until: NOW, knownAt: daysAgo(20) })).value).toBe('Ana');
    expect((await provenance('displayName', facts)).value).toBe('Ana Late');
  });

  it('of a long history is told without the single events, and says from how many on', async () => {
    const orders = Array.from({ length: MOST_EVENTS_DOUBTED + 1 }, (_, index) => ordered('p1', index + 1, `o${index}`));
    const found = await provenance('orderDays', orders);
    expect(found.history).toHaveLength(MOST_EVENTS_DOUBTED + 1);
    expect(found.restsOn).toEqual({ complete: false, detail: expect.stringContaining(`up to ${MOST_EVENTS_DOUBTED}`) });
  });
});

describe('an entry of a list', () => {
  const opened = (ago: number, complaintId: string) =>
    said('ComplaintReceived', ago, { complaintId, partyId: 'p1', channel: 'phone', category: 'delivery', severity: 3 });

  it('is followed by what it is, not by its place', async () => {
    const [first, second] = [opened(50, 'c1'), opened(40, 'c2')];
    const resolved = said(
      'ComplaintResolved',
      30,
      { complaintId: 'c1', decision: 'upheld', rootCause: 'carrier', immediate: false, resolvedAt: isoDaysAgo(30) },
      'p1',
    );
    const found = await provenance('/openComplaints/0/severity', [first, second, resolved]);
    expect(told(found)).toEqual([[3, isoDaysAgo(40), `event ${second.eventId}`]]);
  });

  it('of work cites what opened it, and not what opened others', async () => {
    const [first, second] = [opened(50, 'c1'), opened(40, 'c2')];
    const found = await provenance('/openItems/0/dueAt', [first, second]);
    const other = await provenance('/openItems/1/dueAt', [first, second]);
    expect([found, other].map(({ cites }) => cites.map(({ event }) => event.eventId))).toEqual([
      [expect.any(String)],
      [expect.any(String)],
    ]);
    expect(found.cites[0]?.event.eventId).not.toBe(other.cites[0]?.event.eventId);
  });
});

describe('the name of a field', () => {
  const facts = [ordered('p1', 50, 'o1')];
  it.each([
    ['/loyalty/zone', '/loyalty/zone'],
    ['/zone', '/loyalty/zone'],
    ['zone', '/loyalty/zone'],
    ['/lifecycle/history/0/phase', '/lifecycle/history/0/phase'],
    ['rfm', '/value/rfm'],
  ])('%s means %s', async (name, pointer) => {
    expect((await provenance(name, facts)).field).toBe(pointer);
  });

  it.each([
    ['since', '"since" may be /lifecycle/since, /loyalty/since'],
    ['/value', '"/value" is made of /value/cm365Minor, /value/spend365Minor'],
    ['colour', 'there is no field "colour"; there are '],
    ['/openItems/7', 'the profile has no /openItems/7 now; ask for /openItems'],
    ['zone/length', 'the profile has no /loyalty/zone/length now'],
    ['__proto__', 'there is no field "__proto__"'],
    ['', 'there is no field ""'],
  ])('%s means none: %s', async (name, message) => {
    expect(await provenanceOf(await historyOf(facts), name)).toEqual(E.left(expect.stringContaining(message)));
  });
});

describe('the difference between two instants', () => {
  it('is told field by field, each with what changed it in between', async () => {
    const [first, second] = [ordered('p1', 100, 'o1'), ordered('p1', 40, 'o2')];
    const differences = await differencesSince(await historyOf([first, second]), daysAgo(60), [
      '/value/orderDays',
      '/fit',
    ]);
    expect(differences).toEqual([
      {
        field: '/value/orderDays',
        before: 1,
        after: 2,
        rule: { section: '§4.1', says: expect.any(String) },
        passing: false,
        changes: [expect.objectContaining({ value: 2, since: isoDaysAgo(40) })],
      },
    ]);
  });

  it('from before the party was known is everything', async () => {
    const history = await historyOf([ordered('p1', 40, 'o1')]);
    const differences = await differencesSince(history, daysAgo(60));
    expect(differences).toHaveLength((await lastChanges(history))?.length ?? 0);
    expect(differences.every((difference) => !('before' in difference))).toBe(true);
  });
});
