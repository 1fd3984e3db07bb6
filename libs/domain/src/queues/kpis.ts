import type { QueueId, WorkItem } from '../customer/standing';
import { DAY_MS, type Instant } from '../time/calendar';

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
  /** From entry to the present or last claim, of the items entered in the window. */
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

const kpisOf = (queue: QueueId, items: ReadonlyArray<PartyItem>, asOf: Instant, windowDays: number): QueueKpis => {
  const from = asOf - windowDays * DAY_MS;
  const open = items.filter(({ state }) => state !== 'closed');
  const entered = items.filter(({ enteredAt }) => enteredAt > from && enteredAt <= asOf);
  const ended = items.filter(({ closedAt }) => closedAt !== null && closedAt > from && closedAt <= asOf);
  const firstEntry = new Map<string, Instant>();
  for (const { partyId, enteredAt } of items)
    firstEntry.set(partyId, Math.min(firstEntry.get(partyId) ?? enteredAt, enteredAt));
  const outcomes: Record<string, number> = {};
  for (const { closedBy, outcome } of ended)
    if (closedBy === 'outcome' && outcome !== null) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const worked = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const succeeded = successes[queue].reduce((sum, outcome) => sum + (outcomes[outcome] ?? 0), 0);
  const waits = entered
    .flatMap(({ claimedBy, enteredAt }) => (claimedBy === null ? [] : [claimedBy.at - enteredAt]))
    .sort((a, b) => a - b);
  return {
    queue,
    open: open.length,
    claimed: open.filter(({ state }) => state === 'claimed').length,
    suppressed: open.filter(({ visibility }) => visibility === 'suppressed').length,
    snoozed: open.filter(({ visibility }) => visibility === 'snoozed').length,
    overdue: open.filter(({ visibility, dueAt }) => visibility !== 'suppressed' && dueAt < asOf).length,
    enteredPerDay: entered.length / windowDays,
    closedPerDay: ended.length / windowDays,
    outcomes,
    successRate: share(succeeded, worked),
    firstActionMs: { p50: percentile(waits, 0.5), p90: percentile(waits, 0.9) },
    inTimeShare: share(
      ended.filter(({ closedAt, dueAt }) => closedAt !== null && closedAt <= dueAt).length,
      ended.length,
    ),
    reentryRate: share(
      entered.filter(({ partyId, enteredAt }) => (firstEntry.get(partyId) ?? enteredAt) < enteredAt).length,
      entered.length,
    ),
  };
};

/** Figures of all eight queues at `asOf`, flows over the trailing `windowDays` (> 0). */
export const queueKpis = (
  items: ReadonlyArray<PartyItem>,
  asOf: Instant,
  windowDays: number,
): ReadonlyArray<QueueKpis> => {
  const byQueue: Record<QueueId, PartyItem[]> = { Q1: [], Q2: [], Q3: [], Q4: [], Q5: [], Q6: [], Q7: [], Q8: [] };
  for (const item of items) byQueue[item.queue].push(item);
  return (['Q1', 'Q2', 'Q3', 'Q4', 'Q5', 'Q6', 'Q7', 'Q8'] as const).map((queue) =>
    kpisOf(queue, byQueue[queue], asOf, windowDays),
  );
};
