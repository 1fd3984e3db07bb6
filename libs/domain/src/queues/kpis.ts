import type { QueueId, WorkItem } from '../customer/standing';
import type { Instant } from '../time/calendar';
import { isOverdue } from './priority';

/** Figures of one queue (`domain.md §11.6`). Times in milliseconds, shares as fractions, null without a base. */
export interface QueueKpis {
  readonly queue: QueueId;
  /** Items not closed, claimed ones included. */
  readonly open: number;
  readonly claimed: number;
  readonly suppressed: number;
  readonly snoozed: number;
  /** Shown and past their due instant. */
  readonly overdue: number;
  readonly enteredPerDay: number;
  readonly closedPerDay: number;
  /** Of the items closed in the window by an outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Of the items closed in the window by an outcome, those with a success. */
  readonly successRate: number | null;
  /** From entry to the first claim, or to a completion without one, of the items entered in the window. */
  readonly firstActionMs: { readonly p50: number | null; readonly p90: number | null };
  /** Of the items closed in the window, those closed at or before their due instant. */
  readonly inTimeShare: number | null;
  /** Of the items entered in the window, those of a party that had one in this queue before. */
  readonly reentryRate: number | null;
}

/** Outcomes of a queue that are a success (`domain.md §11.6`). */
export const successes: Readonly<Record<QueueId, ReadonlyArray<string>>> = {
  Q1: ['recovered'],
  Q2: ['won_back'],
  Q3: ['interested'],
  Q4: ['converted'],
  Q5: ['profiled', 'welcomed'],
  Q6: ['delivered', 'rescheduled_with_agreement'],
  Q7: ['saved', 'offer_made'],
  Q8: ['accepted', 'referral_given'],
};

/** Nearest-rank percentile of ascending values; null without any. */
const percentile = (ascending: ReadonlyArray<number>, share: number): number | null =>
  ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? null;

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

type PartyItem = WorkItem & { readonly partyId: string };

/** What of a queue is not closed. */
export type QueueStock = Pick<QueueKpis, 'open' | 'claimed' | 'suppressed' | 'snoozed' | 'overdue'>;

/** What came into a queue and what left it after one instant and up to another; instants in milliseconds. */
export interface QueueFlows {
  readonly entered: number;
  /** Of those, of a party that had an item in this queue before. */
  readonly enteredAgain: number;
  /**
   * From entry to the first action, of those that entered and had one; ascending. 0 where a fact told late moved the
   * entry past it.
   */
  readonly waitsMs: ReadonlyArray<number>;
  readonly ended: number;
  /** Of those, at or before their due instant. */
  readonly endedInTime: number;
  /** Of those that ended by an outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
}

export const noFlows: QueueFlows = {
  entered: 0,
  enteredAgain: 0,
  waitsMs: [],
  ended: 0,
  endedInTime: 0,
  outcomes: {},
};

export const queueStockOf = (
  items: Iterable<Pick<WorkItem, 'state' | 'visibility' | 'dueAt'>>,
  asOf: Instant,
): QueueStock => {
  let [open, claimed, suppressed, snoozed, overdue] = [0, 0, 0, 0, 0];
  for (const item of items) {
    const { state, visibility } = item;
    if (state === 'closed') continue;
    open += 1;
    if (state === 'claimed') claimed += 1;
    if (visibility === 'suppressed') suppressed += 1;
    if (isOverdue(item, asOf)) overdue += 1;
    if (visibility === 'snoozed') snoozed += 1;
  }
  return { open, claimed, suppressed, snoozed, overdue };
};

/** Of the items of one queue, all that there ever were, after `after` and up to `until`. */
export const queueFlowsOf = (items: ReadonlyArray<PartyItem>, after: Instant, until: Instant): QueueFlows => {
  const isWithin = (at: Instant | null): at is Instant => at !== null && at > after && at <= until;
  const entered = items.filter(({ enteredAt }) => isWithin(enteredAt));
  const ended = items.filter(({ closedAt }) => isWithin(closedAt));
  const firstEntry = new Map<string, Instant>();
  for (const { partyId, enteredAt } of items)
    firstEntry.set(partyId, Math.min(firstEntry.get(partyId) ?? enteredAt, enteredAt));
  const outcomes: Record<string, number> = {};
  for (const { closedBy, outcome } of ended)
    if (closedBy === 'outcome' && outcome !== null) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return {
    entered: entered.length,
    enteredAgain: entered.filter(({ partyId, enteredAt }) => (firstEntry.get(partyId) ?? enteredAt) < enteredAt).length,
    waitsMs: entered
      .flatMap(({ firstActionAt, enteredAt }) =>
        firstActionAt === null ? [] : [Math.max(0, firstActionAt - enteredAt)],
      )
      .sort((a, b) => a - b),
    ended: ended.length,
    endedInTime: ended.filter(({ closedAt, dueAt }) => closedAt !== null && closedAt <= dueAt).length,
    outcomes,
  };
};

/** Figures of a queue, flows over `windowDays` (> 0). */
export const queueKpisOf = (queue: QueueId, stock: QueueStock, flows: QueueFlows, windowDays: number): QueueKpis => {
  const { entered, enteredAgain, waitsMs, ended, endedInTime, outcomes } = flows;
  const worked = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const succeeded = successes[queue].reduce((sum, outcome) => sum + (outcomes[outcome] ?? 0), 0);
  return {
    queue,
    ...stock,
    enteredPerDay: entered / windowDays,
    closedPerDay: ended / windowDays,
    outcomes,
    successRate: share(succeeded, worked),
    firstActionMs: { p50: percentile(waitsMs, 0.5), p90: percentile(waitsMs, 0.9) },
    inTimeShare: share(endedInTime, ended),
    reentryRate: share(enteredAgain, entered),
  };
};
