import { initialStanding } from '../customer/judgement';
import type { WorkItem } from '../customer/standing';
import { regimeOf } from '../policy/fold-regime';
import { workItem } from '../queues/arbitrary-item';
import type { Announced } from './announced';
import { claimIdOf, type Notification, notificationEventOf } from './notification';
import { type After, type Before, notificationsBetween, takenBackAfter } from './notifications-between';
import { notificationToCloudEvent } from './published';

const DAY = 86_400_000;

const customer = (announced: Partial<Announced>, items: ReadonlyArray<WorkItem> = []): After => ({
  partyId: 'p1',
  facts: 7,
  announced: { zones: [], phases: [], tier: null, breaches: [], ...announced },
  standing: { ...initialStanding, items },
});
const inPhases = (...phases: Announced['phases']): After => customer({ phases });
const before = ({ announced, standing: { items } }: After, takenBack: ReadonlyArray<string> = []): Before => ({
  announced,
  items,
  takenBack,
});
const tell = (was: Before | null, is: After, mayBeKnown = false): ReadonlyArray<Notification> =>
  notificationsBetween(was, is, regimeOf([]), { worldFacts: 0, mayBeKnown, fromTheBeginning: false });
const only = (told: ReadonlyArray<Notification>): Notification => {
  const [one, ...others] = told;
  if (one === undefined || others.length > 0) throw new Error(`${told.length} were told`);
  return one;
};

describe('phases (domain.md §14.3)', () => {
  const [wasNew, lost, wonBack] = [['new', DAY] as const, ['lost', 9 * DAY] as const, ['won_back', 12 * DAY] as const];

  it('are told with the one before, a loss and a return also by name', () => {
    const told = tell(null, inPhases(wasNew, lost, wonBack));
    expect(told.map(({ type, at, data }) => [type, at / DAY, data])).toEqual([
      ['LifecyclePhaseChanged', 1, { phase: 'new', previousPhase: null }],
      ['LifecyclePhaseChanged', 9, { phase: 'lost', previousPhase: 'new' }],
      ['CustomerLost', 9, { phase: 'lost', previousPhase: 'new' }],
      ['LifecyclePhaseChanged', 12, { phase: 'won_back', previousPhase: 'lost' }],
      ['CustomerWonBack', 12, { phase: 'won_back', previousPhase: 'lost' }],
    ]);
  });

  it('that a late fact moves stand each for the one in its place, and the last for those left over', () => {
    const was = inPhases(wasNew, ['repeat', 3 * DAY], ['loyal', 5 * DAY], ['at_risk', 7 * DAY]);
    const claims = tell(null, was).map(claimIdOf);
    const supersedes = (is: After) => tell(before(was), is).map((told) => told.supersedes);
    expect(supersedes(inPhases(wasNew, ['repeat', 4 * DAY], ['loyal', 6 * DAY]))).toEqual([
      [claims[1]],
      [claims[2], claims[3]],
    ]);
    expect(supersedes(inPhases(wasNew, ['repeat', 4 * DAY]))).toEqual([[claims[1], claims[2], claims[3]]]);
    const longer = inPhases(wasNew, ['repeat', 4 * DAY], ['loyal', 6 * DAY], ['at_risk', 8 * DAY], lost);
    expect(supersedes(longer).slice(0, 4)).toEqual([[claims[1]], [claims[2]], [claims[3]], []]);
  });

  it('that no longer hold are taken back by the last that does, said again', () => {
    const told = tell(before(inPhases(wasNew, lost)), inPhases(wasNew));
    expect(told).toMatchObject([
      { type: 'LifecyclePhaseChanged', at: DAY, supersedes: [expect.any(String)] },
      { type: 'LifecyclePhaseChanged', at: DAY, supersedes: [expect.any(String)] },
    ]);
    expect(tell(before(inPhases(wasNew, lost)), inPhases())).toEqual([]);
  });
});

describe('zones (domain.md §14.3)', () => {
  const zone = (name: 'unclassified' | 'affection', day: number) => ({
    zone: name,
    from: day * DAY,
    to: null,
    score: null,
    rules: [],
    causedBy: ['fact-1'],
    configVersion: 0,
  });
  const inZones = (...history: ReadonlyArray<ReturnType<typeof zone>>): After => {
    const after = customer({ zones: history.map(({ zone: name, from }) => [name, from, 'fact-1']) });
    return { ...after, standing: { ...after.standing, loyalty: { ...after.standing.loyalty, history } } };
  };

  it('that nothing was known at first is not told, that nothing is known any more is', () => {
    const told = tell(null, inZones(zone('unclassified', 1), zone('affection', 3), zone('unclassified', 9)));
    expect(told.map(({ at, data }) => [at / DAY, data['zone'], data['previousZone']])).toEqual([
      [3, 'affection', 'unclassified'],
      [9, 'unclassified', 'affection'],
    ]);
  });
});

describe('work items (domain.md §14.3)', () => {
  const open = workItem({ itemId: 'i1', enteredAt: DAY });
  const closed = (parts: Partial<WorkItem> = {}) =>
    workItem({ ...open, state: 'closed', closedAt: 2 * DAY, closedBy: 'outcome', outcome: 'recovered', ...parts });
  const withItems = (...items: ReadonlyArray<WorkItem>) => customer({ phases: [['new', 0]] }, items);

  it.each<[string, Partial<WorkItem>]>([
    ['at another instant', { closedAt: 3 * DAY }],
    ['with another outcome', { outcome: 'not_recovered' }],
  ])('a closing %s stands for the one that was told', (_, parts) => {
    const [, closing] = tell(null, withItems(closed())).filter(({ type }) => type.startsWith('WorkItem'));
    const told = only(tell(before(withItems(closed())), withItems(closed(parts))));
    expect(told).toMatchObject({ type: 'WorkItemClosed', supersedes: [closing && claimIdOf(closing)] });
  });

  it('one that a late fact opens again is told as opened, and stands for its closing', () => {
    const [, closing] = tell(null, withItems(closed())).filter(({ type }) => type.startsWith('WorkItem'));
    const told = only(tell(before(withItems(closed())), withItems(open)));
    expect(told).toMatchObject({ type: 'WorkItemOpened', supersedes: [closing && claimIdOf(closing)] });
  });

  it('what happened is told in its order, whatever it is about', () => {
    const other = workItem({ itemId: 'i2', enteredAt: DAY + 1 });
    const is = customer({ phases: [['new', 0]], breaches: [['r1', DAY + 2]] }, [closed(), other]);
    expect(tell(null, is).map(({ type }) => type)).toEqual([
      'LifecyclePhaseChanged',
      'WorkItemOpened',
      'WorkItemOpened',
      'ServiceLevelBreached',
      'WorkItemClosed',
    ]);
  });
});

describe('what was taken back (domain.md §14.3)', () => {
  const [first, second] = [inPhases(['new', DAY]), inPhases(['new', DAY], ['repeat', 5 * DAY])];
  const repeated = only(tell(before(first), second));
  const undone = tell(before(second), first);

  it('is remembered until it holds again', () => {
    expect(takenBackAfter([], [repeated])).toEqual([]);
    expect(takenBackAfter(['other'], [])).toEqual(['other']);
    const takenBack = takenBackAfter([], undone);
    expect(takenBack).toEqual([claimIdOf(repeated)]);
    expect(takenBackAfter(takenBack, [repeated])).toEqual([]);
    expect(takenBackAfter(['other', ...takenBack], [repeated])).toEqual(['other']);
  });

  it('and holds again is the same claim, told as another event', () => {
    const again = only(tell(before(first, takenBackAfter([], undone)), second));
    expect([repeated.again, again.again]).toEqual([false, true]);
    expect(claimIdOf(again)).toBe(claimIdOf(repeated));
    expect(notificationEventOf(again).id).not.toBe(notificationEventOf(repeated).id);
    expect(only(tell(before(first, ['other']), second)).again).toBe(false);
  });

  it('may be known where the customer was part of another one for a while', () => {
    expect(only(tell(before(first), second, true)).again).toBe(true);
  });
});

describe('the event that tells it (interfaces.md, derived events)', () => {
  const [first, second] = [inPhases(['new', DAY]), inPhases(['new', DAY], ['repeat', 5 * DAY])];
  const repeated = only(tell(before(first), second));
  const publishedOf = (notification: Notification) =>
    notificationToCloudEvent({
      ...notificationEventOf(notification),
      streamId: 'derived-p1',
      recordedAt: 0,
      position: 7n,
    });

  it('has the id of its claim while it stands for nothing else, and names the customer', () => {
    const event = notificationEventOf(repeated);
    expect(event).toMatchObject({
      id: claimIdOf(repeated),
      data: { partyId: 'p1', phase: 'repeat', previousPhase: 'new' },
      metadata: { subjects: ['p1'], claim: claimIdOf(repeated), derived: true },
    });
    expect(event.metadata).not.toHaveProperty('supersedes');
    expect(publishedOf(repeated)).toMatchObject({ subject: 'p1', derived: true, data: { partyId: 'p1' } });
    expect(publishedOf(repeated)).not.toHaveProperty('supersedes');
    expect(publishedOf(repeated)).not.toHaveProperty('causedby');
  });

  it('names the claims that it stands for', () => {
    const again = only(tell(before(second), first));
    expect(notificationEventOf(again).metadata).toMatchObject({ supersedes: [claimIdOf(repeated)] });
    expect(publishedOf(again)).toMatchObject({ supersedes: claimIdOf(repeated) });
  });

  it('is none when only its name is that of a notification, or not even that', () => {
    const event = { ...notificationEventOf(repeated), streamId: 's', recordedAt: 0, position: 7n };
    expect(notificationToCloudEvent({ ...event, type: 'OrderPlaced' })).toBeNull();
    expect(notificationToCloudEvent({ ...event, metadata: {} })).toBeNull();
  });
});
