import type { QueueId } from '../customer/standing';
import { DAY_MS, HOUR_MS } from '../time/calendar';
import { workItem } from './arbitrary-item';
import { queueFlowsOf, queueKpisOf, queueStockOf } from './kpis';
import { isOverdue } from './priority';

const asOf = 10 * DAY_MS;
const of = (partyId: string, parts: Parameters<typeof workItem>[0]) => ({ ...workItem(parts), partyId });

// coverage: 23
test('figures of a queue count what is open, flows of the window and outcomes', () => {
  const claim = (at: number) => ({ agentId: 'a1', at, leaseUntil: at + HOUR_MS });
  const closed = { state: 'closed', closedBy: 'outcome' } as const;
  const items = [
    of('p1', { itemId: '1', enteredAt: 9 * DAY_MS, dueAt: 9.5 * DAY_MS }),
    // Claimed within the hour, given back, and held by another since.
    of('p2', {
      itemId: '2',
      enteredAt: 9.5 * DAY_MS,
      state: 'claimed',
      claimedBy: claim(9.9 * DAY_MS),
      firstActionAt: 9.5 * DAY_MS + HOUR_MS,
    }),
    of('p3', { itemId: '3', enteredAt: 0, ...closed, closedAt: 9.1 * DAY_MS, outcome: 'recovered' }),
    of('p3', {
      itemId: '4',
      enteredAt: 9 * DAY_MS,
      ...closed,
      closedAt: 9.2 * DAY_MS,
      outcome: 'apologised',
      firstActionAt: 9 * DAY_MS + 3 * HOUR_MS,
    }),
    of('p4', { itemId: '5', queue: 'Q8', enteredAt: 9 * DAY_MS, visibility: 'suppressed' }),
  ];
  const figuresOf = (queue: QueueId) => {
    const own = items.filter((item) => item.queue === queue);
    return queueKpisOf(queue, queueStockOf(own, asOf), queueFlowsOf(own, asOf - 2 * DAY_MS, asOf), 2);
  };
  expect(figuresOf('Q1')).toEqual({
    queue: 'Q1',
    open: 2,
    claimed: 1,
    suppressed: 0,
    snoozed: 0,
    overdue: 1,
    enteredPerDay: 1.5,
    closedPerDay: 1,
    outcomes: { recovered: 1, apologised: 1 },
    successRate: 0.5,
    firstActionMs: { p50: HOUR_MS, p90: 3 * HOUR_MS },
    inTimeShare: 0.5,
    reentryRate: 1 / 3,
  });
  expect(figuresOf('Q8')).toMatchObject({ open: 1, suppressed: 1, overdue: 0, successRate: null });
});

// An order told late moves the cadence, and so the entry of an item that an agent has claimed already: its wait was
// minus a week, and the median with it.
test('nobody waits less than no time for the first action', () => {
  const item = of('p1', { itemId: '1', enteredAt: 9 * DAY_MS, firstActionAt: 2 * DAY_MS });
  expect(queueFlowsOf([item], 8 * DAY_MS, asOf).waitsMs).toEqual([0]);
});

test('flows begin after the first instant of the window and end with its last one', () => {
  const after = 8 * DAY_MS;
  const entered = [after, after + 1, asOf, asOf + 1].map((enteredAt) => of(`p${enteredAt}`, { enteredAt }));
  const closed = [after, after + 1, asOf, asOf + 1].map((closedAt) =>
    of('p1', { enteredAt: 0, state: 'closed', closedBy: 'auto', closedAt, dueAt: asOf - 1, outcome: null }),
  );
  expect(queueFlowsOf([...entered, ...closed], after, asOf)).toMatchObject({ entered: 2, ended: 2, endedInTime: 1 });
});

test('only what an agent completed has an outcome, and in time is until the instant at which it was due', () => {
  const closed = { state: 'closed', closedAt: 9 * DAY_MS } as const;
  const items = [
    of('p1', { ...closed, closedBy: 'outcome', outcome: 'recovered', dueAt: 9 * DAY_MS }),
    of('p2', { ...closed, closedBy: 'outcome', outcome: 'recovered', dueAt: 9 * DAY_MS - 1 }),
    of('p3', { ...closed, closedBy: 'auto', outcome: 'expired', dueAt: 9 * DAY_MS }),
  ];
  expect(queueFlowsOf(items, 8 * DAY_MS, asOf)).toMatchObject({ endedInTime: 2, outcomes: { recovered: 2 } });
});

test('waits ascend, and who still waits has none', () => {
  const waited = (hours: number | null) =>
    of(`p${hours}`, { enteredAt: 9 * DAY_MS, firstActionAt: hours === null ? null : 9 * DAY_MS + hours });
  expect(queueFlowsOf([waited(3), waited(null), waited(1), waited(2)], 8 * DAY_MS, asOf).waitsMs).toEqual([1, 2, 3]);
});

test('what is open is counted by how it is seen and who holds it', () => {
  const [held, asleep, hidden] = [
    { state: 'claimed', visibility: 'visible', dueAt: asOf + 1 },
    { state: 'open', visibility: 'snoozed', dueAt: asOf + 1 },
    { state: 'open', visibility: 'suppressed', dueAt: asOf + 1 },
  ] as const;
  const done = { state: 'closed', visibility: 'snoozed', dueAt: 0 } as const;
  expect(queueStockOf([held, asleep, asleep, hidden, hidden, hidden, done], asOf)).toEqual({
    open: 6,
    claimed: 1,
    suppressed: 3,
    snoozed: 2,
    overdue: 0,
  });
});

test('what is suppressed is not overdue: it begins a new span when it returns', () => {
  const item = { state: 'open', visibility: 'suppressed', dueAt: DAY_MS } as const;
  expect(isOverdue(item, 2 * DAY_MS)).toBe(false);
  expect(isOverdue({ ...item, visibility: 'snoozed' }, 2 * DAY_MS)).toBe(true);
  expect(isOverdue({ ...item, visibility: 'visible', state: 'closed' }, 2 * DAY_MS)).toBe(false);
});

test('an item is overdue from the instant at which it is due', () => {
  const overdueAt = (at: number) => queueStockOf([{ state: 'open', visibility: 'visible', dueAt: DAY_MS }], at).overdue;
  expect([DAY_MS - 1, DAY_MS, DAY_MS + 1].map(overdueAt)).toEqual([0, 1, 1]);
});
