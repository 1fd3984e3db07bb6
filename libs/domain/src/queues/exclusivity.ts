import type { QueueId, WorkItem } from '../customer/standing';
import type { Instant } from '../time/calendar';

/** Proactive queues, the strongest first (`domain.md §11.4`). */
const precedence: ReadonlyArray<QueueId> = ['Q2', 'Q7', 'Q5', 'Q8', 'Q3'];

/** What decides which items are shown, besides the items themselves. */
export interface Circumstances {
  readonly inDefection: boolean;
  /** A complaint not closed by its follow-up, whether or not an item of Q1 is open for it. */
  readonly complaintInRecovery: boolean;
}

const byPrecedence = (a: WorkItem, b: WorkItem): number =>
  precedence.indexOf(a.queue) - precedence.indexOf(b.queue) ||
  // Inside a queue the more urgent trigger; spans outlive suppression, so the order cannot swing.
  a.dueAt - a.startedAt - (b.dueAt - b.startedAt) ||
  a.enteredAt - b.enteredAt ||
  (a.itemId < b.itemId ? -1 : 1);

const isOpenProactive = ({ queue, state }: WorkItem): boolean => state !== 'closed' && precedence.includes(queue);

/**
 * The one proactive item that may be shown, or null when all are suppressed (`domain.md §11.4`):
 * precedence Q2 > Q7 > Q5 > Q8 > Q3; none while an item of Q1 is open; no Q8 and Q3 while an item of
 * Q6 is open, a complaint is in recovery or the zone is defection. The item keeps its place while it
 * is snoozed: the customer belongs to that activity until it ends.
 */
export const proactiveItemToShow = (
  items: ReadonlyArray<WorkItem>,
  { inDefection, complaintInRecovery }: Circumstances,
): WorkItem | null => {
  const open = items.filter(isOpenProactive);
  if (open.length === 0) return null;
  const has = (queue: QueueId) => items.some((item) => item.queue === queue && item.state !== 'closed');
  if (has('Q1')) return null;
  const noSelling = inDefection || complaintInRecovery || has('Q6');
  const candidates = noSelling ? open.filter(({ queue }) => queue !== 'Q8' && queue !== 'Q3') : open;
  return candidates.reduce<WorkItem | null>(
    (best, item) => (best === null || byPrecedence(item, best) < 0 ? item : best),
    null,
  );
};

/**
 * The item as it returns from suppression at `asOf`: its span starts anew, because suppressed time does
 * not count as ageing (`domain.md §11.4`). `notBefore` is the first moment for a contact from then on.
 */
export const unsuppressed = (item: WorkItem, notBefore: Instant, asOf: Instant): WorkItem => ({
  ...item,
  visibility: 'visible',
  suppressedSince: null,
  startedAt: asOf,
  dueAt: asOf + item.dueAt - item.startedAt,
  notBefore: Math.max(item.notBefore, notBefore),
});

/** The item as it is hidden at `asOf`; the same object when it already is. */
export const suppressed = (item: WorkItem, asOf: Instant): WorkItem =>
  item.visibility === 'suppressed' ? item : { ...item, visibility: 'suppressed', suppressedSince: asOf };

/** An item that is not suppressed is visible once its moment has come; the same object when it already is. */
export const withSnooze = (item: WorkItem, asOf: Instant): WorkItem => {
  const visibility = item.notBefore > asOf ? 'snoozed' : 'visible';
  return item.visibility === visibility ? item : { ...item, visibility };
};
