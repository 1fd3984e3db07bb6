import { DAY_MS, defaultConfiguration, HOUR_MS, type WorkItem } from '@afecto/domain';
import { itemViewOf } from './item-view';

/** Value development, due in 30 days; its customer complained on the tenth. */
const suppressed: WorkItem = {
  itemId: 'a',
  queue: 'Q8',
  triggerKey: 'dev:2024-Q1',
  enteredAt: 0,
  startedAt: 0,
  dueAt: 30 * DAY_MS,
  notBefore: 8 * HOUR_MS,
  state: 'open',
  visibility: 'suppressed',
  suppressedSince: 10 * DAY_MS,
  claimedBy: null,
  firstActionAt: null,
  attempts: 0,
  closedAt: null,
  closedBy: null,
  outcome: null,
  skill: null,
  weight: 0.3,
  valueFactor: 1,
  riskFactor: 0.2,
  what: 'what',
  how: 'phone',
  why: 'why',
  causedBy: [],
  retentionKind: null,
  configVersion: 0,
};

// It aged on: lists showed work that nobody could claim as overdue, above all work that somebody could, while the
// figures of the same queue counted nothing overdue.
test('an item that is suppressed neither ages nor becomes overdue', () => {
  const { weight, valueFactor, riskFactor } = suppressed;
  const viewOn = (day: number) => itemViewOf('p1', suppressed, defaultConfiguration, day * DAY_MS);
  const priority = 300 * (10 / 30) + 200 * valueFactor + 200 * riskFactor + 300 * weight;
  expect([10, 31, 300].map((day) => viewOn(day).priority)).toEqual([
    expect.closeTo(priority, 9),
    expect.closeTo(priority, 9),
    expect.closeTo(priority, 9),
  ]);
  expect([31, 300].map((day) => viewOn(day).overdue)).toEqual([false, false]);
});
