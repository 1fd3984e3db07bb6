import { fact } from '../customer/fact-builder';
import { initialStanding } from '../customer/judgement';
import type { InconsistencyEvidence } from '../customer/evidence';
import type { QuadrantChange, Standing, WorkItem, ZonePeriod } from '../customer/standing';
import { regimeOf } from '../policy/fold-regime';
import { defaultConfiguration } from '../policy/configuration';
import { workItem } from '../queues/arbitrary-item';
import type { Announced } from './announced';
import { claimIdOf, notificationEventOf } from './notification';
import { type After, type Before, notificationsBetween, takenBackAfter } from './notifications-between';

const DAY = 86_400_000;

const period = (zone: ZonePeriod['zone'], day: number, cause: string): ZonePeriod => ({
  zone,
  from: day * DAY,
  to: null,
  score: 50,
  rules: [],
  causedBy: [cause],
  configVersion: 3,
});

const item = (given: Partial<WorkItem> = {}): WorkItem =>
  workItem({ itemId: 'item-1', enteredAt: DAY, causedBy: ['fact-1'], ...given });

/** A customer with this history of zones and these items. */
const customer = (
  zones: ReadonlyArray<ZonePeriod>,
  items: ReadonlyArray<WorkItem> = [],
  given: Partial<Announced> = {},
): After => {
  const standing: Standing = { ...initialStanding, loyalty: { ...initialStanding.loyalty, history: zones }, items };
  const announced: Announced = {
    zones: zones.map(({ zone, from, causedBy }) => [zone, from, causedBy[0] ?? null]),
    phases: [],
    tier: null,
    breaches: [],
    ...given,
  };
  return { partyId: 'p1', facts: 7, announced, standing };
};

const regime = regimeOf([]);
const before = ({ announced, standing: { items } }: After): Before => ({ announced, items, takenBack: [] });
const told = (was: After | null, is: After) =>
  notificationsBetween(was === null ? null : before(was), is, regime).map(({ type, data, supersedes }) => ({
    type,
    data,
    supersedes: supersedes.length,
  }));

describe('what is told of a customer (domain.md §14.3)', () => {
  it('given nothing, when it enters its first zone, then the zone is told with score and rules', () => {
    expect(told(null, customer([period('indifference', 1, 'fact-1')]))).toEqual([
      {
        type: 'LoyaltyZoneChanged',
        data: { zone: 'indifference', previousZone: null, score: 50, rules: [] },
        supersedes: 0,
      },
    ]);
  });

  it('given a zone, when nothing changes, then nothing is told', () => {
    const same = customer([period('indifference', 1, 'fact-1')], [item()]);
    expect(told(same, same)).toEqual([]);
  });

  it('given a zone, when another follows, then only the other is told', () => {
    const first = period('indifference', 1, 'fact-1');
    expect(told(customer([first]), customer([first, period('defection', 5, 'fact-2')]))).toEqual([
      {
        type: 'LoyaltyZoneChanged',
        data: { zone: 'defection', previousZone: 'indifference', score: 50, rules: [] },
        supersedes: 0,
      },
    ]);
  });

  it('given a zone, when a late fact puts another in its place, then that stands for the first', () => {
    const [wrong, right] = [
      customer([period('indifference', 5, 'fact-2')]),
      customer([period('defection', 3, 'fact-1')]),
    ];
    const [notification] = notificationsBetween(before(wrong), right, regime);
    const [first] = notificationsBetween(null, wrong, regime);
    if (notification === undefined || first === undefined) throw new Error('nothing was told');
    expect(notification.supersedes).toEqual([claimIdOf(first)]);
  });

  // What was undone was told as closed, and that claim was never taken back: of an item that opened after all, its
  // opening and its end as undone stood side by side.
  it('given an item that was told as undone, when it opens after all, then its opening stands for that', () => {
    const [without, withIt] = [customer([]), customer([], [item()])];
    const undone = notificationsBetween(before(withIt), without, regime);
    const takenBack = takenBackAfter([], undone);
    const opened = notificationsBetween({ ...before(without), takenBack }, withIt, regime);
    expect(undone.map(({ data }) => data['closedBy'])).toEqual(['undone']);
    expect(opened.map(({ type, supersedes }) => [type, supersedes])).toEqual([
      ['WorkItemOpened', undone.map((notification) => claimIdOf(notification))],
    ]);
    expect(takenBackAfter(takenBack, opened)).toEqual(undone.map((notification) => claimIdOf(notification)));
  });

  // The id was made of the facts of the customer alone. A policy that turns the same decision to and fro gave the
  // same id each time: the log took the first, and a subscriber never heard that it held again.
  it('given a change that a policy takes back and gives again, then each time it is told under an id of its own', () => {
    const [one, other] = [
      customer([period('indifference', 1, 'fact-1')]),
      customer([period('defection', 1, 'fact-1')]),
    ];
    const ids: string[] = [];
    let takenBack: ReadonlyArray<string> = [];
    let was: Before | null = null;
    for (const [worldFacts, is] of [one, other, one, other, one, other].entries()) {
      const told = notificationsBetween(was, is, regime, { worldFacts, mayBeKnown: false, fromTheBeginning: false });
      takenBack = takenBackAfter(takenBack, told);
      was = { ...before(is), takenBack };
      ids.push(...told.map((notification) => notificationEventOf(notification).id));
    }
    expect(ids).toHaveLength(6);
    expect(new Set(ids).size).toBe(6);
  });

  it('given two zones, when a late fact undoes the second, then the first is told again for it, under another id', () => {
    const first = period('indifference', 1, 'fact-1');
    const [again] = notificationsBetween(
      before(customer([first, period('defection', 5, 'fact-2')])),
      customer([first]),
      regime,
    );
    const [once] = notificationsBetween(null, customer([first]), regime);
    if (again === undefined || once === undefined) throw new Error('nothing was told');
    expect(again.supersedes).toHaveLength(1);
    expect(claimIdOf(again)).toBe(claimIdOf(once));
    expect(notificationEventOf(again).id).not.toBe(notificationEventOf(once).id);
  });

  it.each([
    ['opens', null, item(), ['WorkItemOpened']],
    ['closes', item(), item({ state: 'closed', closedAt: 2 * DAY, closedBy: 'auto' }), ['WorkItemClosed']],
    ['is claimed', item(), item({ state: 'claimed', claimedBy: { agentId: 'a', at: DAY, leaseUntil: 2 * DAY } }), []],
    [
      'opens and closes at once',
      null,
      item({ state: 'closed', closedAt: DAY, closedBy: 'outcome', outcome: 'solved' }),
      ['WorkItemOpened', 'WorkItemClosed'],
    ],
  ])('when an item %s', (_, was, is, types) => {
    const given = was === null ? customer([]) : customer([], [was]);
    expect(told(given, customer([], [is])).map(({ type }) => type)).toEqual(types);
  });

  it('when a late fact undoes an item, then it is told as undone and stands for its opening', () => {
    expect(told(customer([], [item()]), customer([]))).toEqual([
      {
        type: 'WorkItemClosed',
        data: { itemId: 'item-1', queue: null, closedBy: 'undone', outcome: null },
        supersedes: 1,
      },
    ]);
  });

  it('a lost customer is told as a phase and by name', () => {
    const lost = customer([], [], {
      phases: [
        ['new', DAY],
        ['lost', 9 * DAY],
      ],
    });
    expect(told(customer([], [], { phases: [['new', DAY]] }), lost).map(({ type }) => type)).toEqual([
      'LifecyclePhaseChanged',
      'CustomerLost',
    ]);
  });

  it('a broken service level is told with its exact instant', () => {
    const [breach] = notificationsBetween(
      before(customer([])),
      customer([], [], { breaches: [['r-1', 12_345]] }),
      regime,
    );
    expect(breach).toMatchObject({ type: 'ServiceLevelBreached', at: 12_345, data: { requestId: 'r-1' } });
  });

  describe('quadrants', () => {
    const quadrant = (name: QuadrantChange['quadrant'], day: number, cause: string): QuadrantChange => ({
      quadrant: name,
      at: day * DAY,
      causedBy: [cause],
    });
    const inQuadrants = (...quadrants: ReadonlyArray<QuadrantChange>): After => {
      const after = customer([]);
      const standing = { ...after.standing, loyalty: { ...after.standing.loyalty, quadrants } };
      const announced = quadrants.map(({ quadrant: name, at, causedBy }) => [name, at, causedBy[0] ?? null] as const);
      return { ...after, standing, announced: { ...after.announced, quadrants: announced } };
    };
    const [first, second] = [quadrant('hostage', 3, 'fact-1'), quadrant('loyalist', 8, 'fact-2')];

    it('each change is told with what it was before', () => {
      expect(told(null, inQuadrants(first, second))).toEqual([
        { type: 'LoyaltyQuadrantChanged', data: { quadrant: 'hostage', previousQuadrant: null }, supersedes: 0 },
        { type: 'LoyaltyQuadrantChanged', data: { quadrant: 'loyalist', previousQuadrant: 'hostage' }, supersedes: 0 },
      ]);
    });

    it('a late fact that puts another quadrant in its place takes it back', () => {
      const other = quadrant('mercenary', 8, 'fact-2');
      expect(told(inQuadrants(first, second), inQuadrants(first, other))).toEqual([
        { type: 'LoyaltyQuadrantChanged', data: { quadrant: 'mercenary', previousQuadrant: 'hostage' }, supersedes: 1 },
      ]);
    });

    // What earlier versions announced names no quadrants: without this all that ever were would be told at an upgrade.
    it('what was announced before quadrants were told is not told afterwards', () => {
      expect(told(customer([]), inQuadrants(first))).toEqual([]);
    });
  });

  describe('contradictions', () => {
    const found = (earlierEventId: string): InconsistencyEvidence => ({
      rule: 'CX2',
      eventId: 'fact-9',
      at: 9 * DAY,
      channel: 'chat',
      earlierEventId,
      earlierChannel: 'phone',
      about: ['billing'],
    });
    const contradicting = (...inconsistencies: ReadonlyArray<InconsistencyEvidence>): After =>
      customer([], [], { inconsistencies });

    it('one is told with both facts and both channels', () => {
      const [told] = notificationsBetween(null, contradicting(found('fact-4')), regime);
      expect(told).toMatchObject({
        type: 'ChannelInconsistencyDetected',
        at: 9 * DAY,
        causedBy: ['fact-4', 'fact-9'],
        data: { rule: 'CX2', channel: 'chat', earlierChannel: 'phone', about: ['billing'] },
      });
    });

    it('one that contradicts another fact now stands for the first, and one told is not told again', () => {
      const [was, is] = [contradicting(found('fact-4')), contradicting(found('fact-7'))];
      expect(told(was, is)).toMatchObject([{ type: 'ChannelInconsistencyDetected', supersedes: 1 }]);
      expect(told(is, is)).toEqual([]);
    });
  });

  // A change of phase once named the configuration of the last zone: one that was noticed late, after a
  // newer configuration had moved the zone, named that one.
  it.each([
    [DAY, 0],
    [2 * DAY - 1, 0],
    [2 * DAY, 7],
    [3 * DAY, 7],
  ])('a change at %d names configuration %d, in force at that instant, whenever it is noticed', (at, version) => {
    const activated = regimeOf([
      fact('ConfigurationActivated', 0, {
        version: 7,
        effectiveFrom: new Date(2 * DAY).toISOString(),
        config: defaultConfiguration,
      }),
    ]);
    const now = customer([period('indifference', 5, 'fact-1')], [], { phases: [['new', at]] });
    const told = notificationsBetween(null, now, activated);
    expect(told.find(({ type }) => type === 'LifecyclePhaseChanged')).toMatchObject({ at, configVersion: version });
  });
});
