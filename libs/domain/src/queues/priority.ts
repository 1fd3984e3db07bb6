import type { Standing, WorkItem } from '../customer/standing';
import type { Configuration } from '../policy/configuration';
import type { Instant } from '../time/calendar';

const clampToOne = (value: number): number => Math.min(1, Math.max(0, value));

type Ageing = Partial<Pick<WorkItem, 'suppressedSince'>> &
  Pick<WorkItem, 'startedAt' | 'dueAt' | 'weight' | 'valueFactor' | 'riskFactor'>;

/**
 * Priority of an item at `now`, higher first (`domain.md §11.5`): 300·U + 200·V + 200·R + 300·W +
 * min(2000, 1000·overdue/span), span from the start of ageing to the due instant. What was due before
 * it could be worked on has no span: it is as urgent and as overdue as can be. While an item is suppressed it does
 * not age (§11.4).
 */
export const priorityOf = (item: Ageing, configuration: Configuration, now: Instant): number => {
  const { urgency, value, risk, weight, overdue, overdueCap } = configuration.queues.priority;
  const span = item.dueAt - item.startedAt;
  const agedTo = Math.min(now, item.suppressedSince ?? now);
  const lateBy = Math.max(0, agedTo - item.dueAt);
  const share = span > 0 ? clampToOne((agedTo - item.startedAt) / span) : agedTo >= item.dueAt ? 1 : 0;
  const lateness = lateBy === 0 ? 0 : span > 0 ? Math.min(overdueCap, (overdue * lateBy) / span) : overdueCap;
  return urgency * share + value * item.valueFactor + risk * item.riskFactor + weight * item.weight + lateness;
};

/**
 * The instants, in whole milliseconds, between which the priority of an item grows evenly: where it is due, and where
 * lateness reaches its cap, with the milliseconds on both sides of a fraction. Of items that all grow evenly each is the
 * first for one stretch of time at most.
 */
export const unevenAgeingOf = (item: Ageing, configuration: Configuration): ReadonlyArray<Instant> => {
  const { overdue, overdueCap } = configuration.queues.priority;
  const span = item.dueAt - item.startedAt;
  if (span <= 0 || overdue <= 0) return [item.dueAt];
  const capped = item.dueAt + (overdueCap * span) / overdue;
  return [item.dueAt, Math.floor(capped), Math.ceil(capped)];
};

/** Shown and not done when it is due; what is suppressed begins a new span when it returns (`domain.md §11.4`). */
export const isOverdue = (item: Pick<WorkItem, 'state' | 'visibility' | 'dueAt'>, now: Instant): boolean =>
  item.state !== 'closed' && item.visibility !== 'suppressed' && item.dueAt <= now;

/** Of two items of the same priority the one due first comes first, then the lower id (`domain.md §11.5`). */
export const isDueBefore = (a: Pick<WorkItem, 'dueAt' | 'itemId'>, b: Pick<WorkItem, 'dueAt' | 'itemId'>): boolean =>
  a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.itemId < b.itemId);

/**
 * V of §11.5: the tier's value, else the fit as a fraction, else the default. After an objection to
 * profiling only the default counts (`domain.md §17.7`).
 */
export const valueFactorOf = (
  { tier }: Standing['value'],
  fit: () => number | null,
  objects: boolean,
  { queues }: Configuration,
): number => {
  const { tierValue } = queues.priority;
  if (objects) return tierValue.none;
  if (tier !== null && tier !== 'unranked') return tierValue[tier];
  const known = fit();
  return known === null ? tierValue.none : known / 100;
};

/** R of §11.5. After an objection to profiling the zone does not count (`domain.md §17.7`). */
export const riskFactorOf = ({ zone }: Standing['loyalty'], objects: boolean, { queues }: Configuration): number =>
  queues.priority.zoneRisk[objects ? 'unclassified' : zone];
