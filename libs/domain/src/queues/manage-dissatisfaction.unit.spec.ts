import {
  acknowledged,
  claimed,
  complaint,
  completed,
  contact,
  dayOf,
  followedUp,
  hours,
  itemOn,
  itemsOn,
  released,
  resolved,
  survey,
} from './arbitrary-scenario';
import { fact, isoOnDay, onDay, orderPlaced } from '../customer/fact-builder';
import type { WorkItem } from '../customer/standing';
import type { Fact } from '../facts/envelope';

const lateMorning = 0.5;
const ms = hours(1) / 3_600_000;

// coverage: 153
describe('Q1 manage dissatisfaction', () => {
  test.each<[string, ReadonlyArray<Fact>, number, number]>([
    ['received: acknowledge within 1 h', [], 1, hours(1)],
    ['acknowledged: resolve as promised', [acknowledged(0.01, 'c1', 0.8)], 1, 0.8],
    ['resolved: follow up 7 d later', [acknowledged(0.01, 'c1', 0.8), resolved(0.5, 'c1')], 1, 7.5],
    ['not reached once: within 14 d', [resolved(0.5, 'c1'), followedUp(7, 'c1', 'unreachable')], 8, 14.5],
    ['not recovered: acknowledge again within 1 h', [resolved(0.5, 'c1'), followedUp(7, 'c1', 2)], 8, 7 + hours(1)],
  ])('a complaint is due at its current step, %s', (_, steps, asked, due) => {
    const item = itemOn(asked, 'Q1', [complaint(0, 'c1'), ...steps]);
    expect(item.state).toBe('open');
    expect(item.enteredAt).toBe(itemOn(asked, 'Q1', [complaint(0, 'c1')]).enteredAt);
    expect(dayOf(item.dueAt)).toBeCloseTo(due, 9);
  });

  test.each<[string, ReadonlyArray<Fact>, 'open' | 'closed']>([
    ['resolved only', [resolved(1, 'c1')], 'open'],
    ['verdict 3', [resolved(1, 'c1'), followedUp(8, 'c1', 3)], 'closed'],
    ['verdict 5', [resolved(1, 'c1'), followedUp(8, 'c1', 5)], 'closed'],
    ['verdict 2', [resolved(1, 'c1'), followedUp(8, 'c1', 2)], 'open'],
    ['not reached once', [resolved(1, 'c1'), followedUp(8, 'c1', 'unreachable')], 'open'],
    [
      'not reached twice',
      [resolved(1, 'c1'), followedUp(8, 'c1', 'unreachable'), followedUp(10, 'c1', 'unreachable', 2)],
      'closed',
    ],
  ])('a complaint leaves the queue only when its follow-up closes it: %s', (_, steps, state) => {
    const item = itemOn(20, 'Q1', [complaint(0, 'c1'), ...steps]);
    expect(item).toMatchObject({ state, closedBy: state === 'closed' ? 'auto' : null, outcome: null });
  });

  test('a complaint that was not recovered needs a supervisor, as the same item while it is open', () => {
    const facts = [complaint(0, 'c1'), resolved(1, 'c1'), followedUp(8, 'c1', 1)];
    expect(itemOn(9, 'Q1', facts)).toMatchObject({ skill: 'supervisor', triggerKey: 'c1', state: 'open' });
    expect(itemOn(7, 'Q1', facts)).toMatchObject({ skill: null, triggerKey: 'c1', state: 'open' });
  });

  test('a complaint and a call back need no skill before somebody could not recover them', () => {
    expect(itemOn(1, 'Q1', [complaint(0, 'c1', 4)]).skill).toBeNull();
    expect(itemOn(1, 'Q1', [survey(0, 'nps', 0)]).skill).toBeNull();
  });

  test.each([
    ['the outcome not_recovered', [completed(1, 'Q1', 'c1', 'not_recovered')]],
    [
      'a verdict ≤ 2 after the work had ended',
      [completed(1, 'Q1', 'c1', 'apologised'), resolved(2, 'c1'), followedUp(9, 'c1', 2)],
    ],
  ])('%s opens one item for the supervisor, which the follow-up closes', (_, steps) => {
    const facts = [complaint(0, 'c1'), ...steps];
    expect(itemsOn(10, 'Q1', facts)).toMatchObject([
      { triggerKey: 'c1', state: 'closed', closedBy: 'outcome' },
      { triggerKey: 'c1:supervisor', state: 'open', skill: 'supervisor' },
    ]);
    const closing = [resolved(11, 'c1'), followedUp(18, 'c1', 5)];
    expect(itemsOn(30, 'Q1', [...facts, ...closing])[1]).toMatchObject({ state: 'closed', closedBy: 'auto' });
  });

  // The supervisor's item was the last that a complaint could have: reopened after the work on it had ended, the
  // complaint was open and in nobody's queue.
  test('every further reopening opens an item for the supervisor when the work on the one before has ended', () => {
    const round = (from: number, triggerKey: string): ReadonlyArray<Fact> => [
      completed(from + 1, 'Q1', triggerKey, 'apologised'),
      resolved(from + 2, 'c1'),
      followedUp(from + 9, 'c1', 1),
    ];
    const facts = [
      complaint(0, 'c1'),
      ...round(0, 'c1'),
      ...round(10, 'c1:supervisor'),
      // Reopened at 19 and, before anybody worked on that, at 20.
      resolved(19.5, 'c1'),
      followedUp(20, 'c1', 1),
    ];
    const open = { state: 'open', visibility: 'visible', skill: 'supervisor' };
    expect(itemsOn(9.5, 'Q1', facts).slice(1)).toMatchObject([{ triggerKey: 'c1:supervisor', ...open }]);
    expect(itemsOn(19.2, 'Q1', facts).slice(2)).toMatchObject([
      { triggerKey: 'c1:supervisor:2024-01-20T00:00:00.000Z', ...open },
    ]);
    expect(itemsOn(21, 'Q1', facts)).toHaveLength(3);
    const worked = [...facts, completed(20.5, 'Q1', 'c1:supervisor:2024-01-20T00:00:00.000Z', 'not_recovered')];
    expect(itemsOn(21, 'Q1', worked)).toHaveLength(3);
    const again = [...worked, resolved(20.8, 'c1'), followedUp(20.9, 'c1', 2)];
    expect(itemsOn(21, 'Q1', again).map(({ state }) => state)).toEqual(['closed', 'closed', 'closed', 'open']);
    const closing = [resolved(22, 'c1'), followedUp(29, 'c1', 5)];
    expect(itemsOn(30, 'Q1', [...again, ...closing]).at(-1)).toMatchObject({ closedBy: 'auto' });
  });

  test('a completion that comes after the follow-up closed the item still gives it its outcome', () => {
    const facts = [complaint(0, 'c1'), resolved(1, 'c1'), claimed(8, 'Q1', 'c1'), followedUp(8.01, 'c1', 5)];
    expect(itemOn(9, 'Q1', facts)).toMatchObject({ closedBy: 'auto', outcome: null });
    expect(itemOn(9, 'Q1', [...facts, completed(8.011, 'Q1', 'c1', 'recovered')])).toMatchObject({
      closedBy: 'outcome',
      outcome: 'recovered',
      claimedBy: { agentId: 'a1' },
    });
  });

  test.each([
    [1, 0.7],
    [2, 0.8],
    [3, 0.9],
    [4, 1],
  ])('a complaint of severity %d weighs %d', (severity, weight) => {
    expect(itemOn(1, 'Q1', [complaint(0, 'c1', severity)]).weight).toBeCloseTo(weight, 12);
  });

  test.each<[Parameters<typeof survey>[1], number, boolean]>([
    ['nps', 6, true],
    ['nps', 7, false],
    ['csat_transactional', 2, true],
    ['csat_relationship', 3, false],
    ['ces', 3, true],
    ['ces', 4, false],
    ['custom', 0, false],
  ])('%s %d opens a call back within 48 h: %s', (instrument, score, opens) => {
    const items = itemsOn(1, 'Q1', [survey(lateMorning, instrument, score)]);
    expect(items.map(({ triggerKey, dueAt, weight }) => [triggerKey, dayOf(dueAt), weight])).toEqual(
      opens ? [['survey-0.5', 2.5, 0.65]] : [],
    );
  });

  test.each<[string, ReadonlyArray<Fact>, number]>([
    ['with a complaint in recovery', [complaint(0, 'c1')], 1],
    ['within 90 d of an earlier detractor item', [survey(-80, 'nps', 2), survey(-70, 'nps', 8)], 1],
    ['1 ms less than 90 d after it closed', [survey(-180, 'nps', 2), survey(lateMorning - 90 + ms, 'nps', 8)], 1],
    ['exactly 90 d after it closed', [survey(-180, 'nps', 2), survey(lateMorning - 90, 'nps', 8)], 2],
    ['within 90 d of an item about a complaint', [complaint(-9, 'c1'), resolved(-8, 'c1'), followedUp(-1, 'c1', 5)], 2],
    ['more than 90 d after it closed', [survey(-180, 'nps', 2), survey(-100, 'nps', 8)], 2],
  ])('a detractor answer %s', (_, before, items) => {
    expect(itemsOn(2, 'Q1', [...before, survey(lateMorning, 'nps', 3)])).toHaveLength(items);
  });

  test('a newer answer of at least passive closes the call back, a newer bad one does not', () => {
    const bad = survey(0, 'nps', 3);
    expect(itemOn(2, 'Q1', [bad, survey(1, 'csat_transactional', 2)])).toMatchObject({ state: 'open' });
    expect(itemOn(2, 'Q1', [bad, survey(1, 'csat_transactional', 3)])).toMatchObject({ closedBy: 'auto' });
  });

  test('unreachable tries again 48 h later and closes the item the second time', () => {
    const bad = survey(0.4, 'nps', 3);
    const once = [bad, completed(1, 'Q1', 'survey-0.4', 'unreachable')];
    const again = itemOn(1.5, 'Q1', once);
    expect(again).toMatchObject({ state: 'open', visibility: 'snoozed', attempts: 1 });
    expect([again.notBefore, again.startedAt, again.dueAt].map(dayOf)).toEqual([3, 3, 5]);
    expect(itemOn(3, 'Q1', once).visibility).toBe('visible');
    const twice = [...once, completed(3.5, 'Q1', 'survey-0.4', 'unreachable')];
    expect(itemOn(4, 'Q1', twice)).toMatchObject({ state: 'closed', outcome: 'unreachable', attempts: 2 });
  });

  // A retry began a span of the same length, and a step that was due before its end counted for nothing: who was
  // not reached for the follow-up had its due moved from 14 to 24 days after the resolution.
  test.each<[string, ReadonlyArray<Fact>, number, number]>([
    ['a follow-up', [acknowledged(0.01, 'c1', 0.8), resolved(1, 'c1'), followedUp(8, 'c1', 'unreachable')], 8.1, 15],
    ['a resolution promised meanwhile', [acknowledged(0.05, 'c1', 0.17)], 0.04, 0.17],
  ])('a retry does not move the due of a step: %s', (_, steps, retriedAt, due) => {
    const facts = [complaint(0, 'c1', 4), ...steps, completed(retriedAt, 'Q1', 'c1', 'unreachable')];
    const item = itemOn(retriedAt + hours(1), 'Q1', facts);
    expect(item.visibility).toBe('snoozed');
    expect([dayOf(item.notBefore), dayOf(item.dueAt)]).toEqual([
      expect.closeTo(retriedAt + 2, 6),
      expect.closeTo(due, 6),
    ]);
  });

  // The retry or the snooze of the round before kept a reopened complaint from the supervisor for up to two days.
  test.each<[string, Fact]>([
    ['a retry', completed(8.1, 'Q1', 'c1', 'unreachable')],
    ['a snooze', released(8.1, 'Q1', 'c1', 12)],
  ])('a complaint that is reopened is shown at once, whatever %s agreed before', (_, asleep) => {
    const facts = [complaint(0, 'c1'), resolved(1, 'c1'), claimed(8, 'Q1', 'c1'), asleep];
    expect(itemOn(8.4, 'Q1', facts)).toMatchObject({ visibility: 'snoozed' });
    const item = itemOn(8.5, 'Q1', [...facts, followedUp(8.5, 'c1', 1)]);
    expect(item).toMatchObject({ visibility: 'visible', skill: 'supervisor', state: 'open' });
    expect(item.notBefore).toBeLessThanOrEqual(onDay(8.5));
    expect(item.startedAt).toBeLessThan(item.dueAt);
    expect(dayOf(item.dueAt)).toBeCloseTo(8.5 + hours(1), 6);
    // In the new round the customer may be out of reach again.
    const again = itemOn(9, 'Q1', [...facts, followedUp(8.5, 'c1', 1), released(8.6, 'Q1', 'c1', 9.5)]);
    expect([again.visibility, dayOf(again.notBefore)]).toEqual(['snoozed', 9.5]);
  });

  test('not_recovered on a call back escalates it', () => {
    const facts = [survey(0, 'nps', 3), completed(1, 'Q1', 'survey-0', 'not_recovered')];
    expect(itemsOn(2, 'Q1', facts)[1]).toMatchObject({ triggerKey: 'survey-0:supervisor', skill: 'supervisor' });
    const again = [...facts, completed(3, 'Q1', 'survey-0:supervisor', 'not_recovered')];
    expect(itemsOn(4, 'Q1', again)).toHaveLength(2);
    expect(itemsOn(2, 'Q1', [survey(0.5, 'nps', 9), ...facts])).toHaveLength(1);
  });

  test('the extreme of the zone of defection opens an item due in 24 h with full weight', () => {
    const facts = [
      orderPlaced(0, 'o0'),
      fact('WordOfMouthObserved', 5, {
        partyId: 'p1',
        polarity: -0.9,
        reach: 'public',
        platform: 'forum',
        verified: true,
      }),
    ];
    const item = itemOn(5.5, 'Q1', facts);
    expect(item).toMatchObject({ weight: 1, retentionKind: 'reactive' });
    expect(item.triggerKey).toBe('terrorist:2024-01-06T00:00:00.000Z');
    expect(dayOf(item.dueAt)).toBe(6);
    expect(item.why).not.toContain('terrorist');
  });

  // The escalation took every item without a complaint for the call back to a detractor: the supervisor read of a survey
  // answer that nobody gave, the trigger stood where the cause belongs, and due and weight were those of a call back.
  test('what an agent did not recover of the extreme goes to the supervisor as what it is', () => {
    const badWord = { partyId: 'p1', polarity: -0.9, reach: 'public', platform: 'forum', verified: true } as const;
    const facts = [orderPlaced(0, 'o0'), fact('WordOfMouthObserved', 5, badWord)];
    const triggerKey = 'terrorist:2024-01-06T00:00:00.000Z';
    const [first, escalated] = itemsOn(6, 'Q1', [...facts, completed(5.5, 'Q1', triggerKey, 'not_recovered')]);
    expect(first).toMatchObject({ triggerKey, state: 'closed' });
    expect(escalated).toMatchObject({ triggerKey: `${triggerKey}:supervisor`, skill: 'supervisor', state: 'open' });
    const told = ({ weight, what, why, causedBy }: WorkItem) => ({ weight, what, why, causedBy });
    expect(escalated && told(escalated)).toEqual(first && told(first));
    expect(escalated && dayOf(escalated.dueAt)).toBe(6.5);
  });

  test('which closes when the extreme has passed, and when it returns another one opens', () => {
    const harm = (days: number) =>
      fact('WordOfMouthObserved', days, {
        partyId: 'p1',
        polarity: -0.9,
        reach: 'public',
        platform: 'forum',
        verified: true,
      });
    const facts = [orderPlaced(0, 'o0'), harm(5), orderPlaced(400, 'o1'), harm(405)];
    const trigger = (days: number) => `terrorist:${isoOnDay(days)}`;
    const itemsAt = (days: number) =>
      itemsOn(days, 'Q1', facts).map(({ triggerKey, closedBy }) => [triggerKey, closedBy]);
    expect(itemsAt(404)).toEqual([[trigger(5), 'auto']]);
    expect(itemsAt(405.5)).toEqual([
      [trigger(5), 'auto'],
      [trigger(405), null],
    ]);
  });

  test('an item names the fact that caused it: the complaint, or the verdict that reopened it', () => {
    const received = complaint(0, 'c1');
    const verdict = followedUp(9, 'c1', 2);
    const facts = [received, completed(1, 'Q1', 'c1', 'apologised'), resolved(2, 'c1'), verdict];
    expect(itemsOn(10, 'Q1', facts).map(({ causedBy }) => causedBy)).toEqual([[received.eventId], [verdict.eventId]]);
  });

  test('a complaint that is reopened at the instant at which work on it ends goes to the supervisor', () => {
    const facts = [
      complaint(0, 'c1'),
      resolved(2, 'c1'),
      followedUp(9, 'c1', 2),
      completed(9, 'Q1', 'c1', 'recovered'),
    ];
    expect(itemsOn(10, 'Q1', facts)).toMatchObject([
      { triggerKey: 'c1', state: 'closed' },
      { triggerKey: 'c1:supervisor', state: 'open' },
    ]);
  });

  test('all five parts of the next best action are there', () => {
    const item = itemOn(1, 'Q1', [complaint(0, 'c1'), contact(0.5, 'service')]);
    expect([item.what, item.how, item.why].every((part) => part.length > 0)).toBe(true);
    expect(item.dueAt).toBeGreaterThan(item.notBefore);
  });
});
