import type { Evidence } from '../customer/evidence';
import type { QueueId, Standing, WorkItem } from '../customer/standing';
import type { Configuration } from '../policy/configuration';
import type { Policy } from '../policy/regime';
import type { Instant } from '../time/calendar';
import type { Soonest } from './soonest';

/** What a rule may look at: facts, judgements already taken at this instant, and the items so far. */
export interface QueueContext {
  readonly evidence: Evidence;
  readonly standing: Pick<Standing, 'value' | 'loyalty' | 'lifecycle'>;
  readonly policy: Policy;
  readonly configuration: Configuration;
  readonly asOf: Instant;
  /** All items of the party, those opened at this instant by earlier queues included. */
  readonly items: ReadonlyArray<WorkItem>;
}

/** A trigger that holds and has no item yet. */
export interface Opening {
  readonly triggerKey: string;
  readonly dueAt: Instant;
  /** When the obligation began; ageing counts from it when it was due before the item could open. */
  readonly obligedSince: Instant;
  readonly weight: number;
  readonly skill: string | null;
  readonly what: string;
  readonly how: string;
  readonly why: string;
  readonly causedBy: ReadonlyArray<string>;
  readonly retentionKind: WorkItem['retentionKind'];
}

/** `exits` closes the item without an outcome, `expired` with that outcome. */
export type Review = 'stays' | 'exits' | 'expired';

/** What an outcome does to its item: close it, try again later (up to a number of attempts) or go on. */
export type Consequence =
  | { readonly then: 'closes' }
  | { readonly then: 'continues' }
  | {
      readonly then: 'retries';
      readonly afterMs: number;
      readonly maxAttempts: number;
      /** Whether the agent may agree another instant with the customer (nextActionAt). */
      readonly agreeable: boolean;
    };

export const closes: Consequence = { then: 'closes' };
export const continues: Consequence = { then: 'continues' };

/** One queue of `domain.md §11.3`. All functions are pure. */
export interface QueueRule {
  readonly queue: QueueId;
  /** Proactive items obey exclusivity, quiet hours and contact caps; reactive ones never wait for them. */
  readonly proactive: boolean;
  /** The outcomes that `WorkItemCompleted` may state, each with its consequence by the terms of that instant. */
  readonly outcomes: Readonly<Record<string, (terms: Pick<Configuration, 'queues'>) => Consequence>>;
  /** Triggers that hold now and have no item. */
  readonly openings: (context: QueueContext) => ReadonlyArray<Opening>;
  /** Whether an item that is not closed still has its trigger. */
  readonly review: (item: WorkItem, context: QueueContext) => Review;
  /** The due instant that the facts set now; null leaves the item's as it is. */
  readonly currentDue: (item: WorkItem, context: QueueContext) => Instant | null;
  /** Whether trying again later moves the due instant that the facts set. */
  readonly isDueMovedByRetry: boolean;
  /** When the present round of the matter began: what put the item to sleep before is over; -Infinity in the first. */
  readonly roundSince: (item: WorkItem, context: QueueContext) => Instant;
  /** The skill that the item needs now. */
  readonly currentSkill: (item: WorkItem, context: QueueContext) => string | null;
  /** How to contact the party now. */
  readonly currentHow: (item: WorkItem, context: QueueContext) => string;
  /** Until when past outcomes keep this queue quiet; -Infinity when they do not, Infinity for ever. */
  readonly quietUntil: (context: QueueContext) => Instant;
  /** Reports the instants at which time alone could open or close an item of this queue. */
  readonly nextChange: (context: QueueContext, soonest: Soonest) => void;
}

/** Parts of a rule that most queues share. */
export const plainRule = {
  currentDue: (): Instant | null => null,
  isDueMovedByRetry: true,
  roundSince: (): Instant => Number.NEGATIVE_INFINITY,
  currentSkill: (item: WorkItem): string | null => item.skill,
  currentHow: (item: WorkItem): string => item.how,
  quietUntil: (): Instant => Number.NEGATIVE_INFINITY,
};

export const nothing: ReadonlyArray<Opening> = [];

/** Up to so many items are looked through one by one. */
const FEW_ITEMS = 16;

/** Where the items of a list are, by trigger. A list only grows, and what is at a place keeps queue and trigger. */
interface Places {
  /** Of each trigger, the place in each queue. */
  readonly byTrigger: Map<string, Map<QueueId, number>>;
  /** Items taken in. */
  known: number;
}

const placesOf = new WeakMap<ReadonlyArray<WorkItem>, Places>();

const placesIn = (items: ReadonlyArray<WorkItem>): Places => {
  let places = placesOf.get(items);
  if (places === undefined) placesOf.set(items, (places = { byTrigger: new Map(), known: 0 }));
  for (; places.known < items.length; places.known++) {
    const item = items[places.known];
    if (item === undefined) continue;
    const inQueues = places.byTrigger.get(item.triggerKey);
    if (inQueues === undefined) places.byTrigger.set(item.triggerKey, new Map([[item.queue, places.known]]));
    else if (!inQueues.has(item.queue)) inQueues.set(item.queue, places.known);
  }
  return places;
};

/**
 * A copy of a list to work on. It takes over what is known of the places in it: `other` is looked through anew,
 * because two lists that begin alike may grow apart.
 */
export const takenOver = (other: ReadonlyArray<WorkItem>): WorkItem[] => {
  const items = other.slice();
  movePlaces(other, items);
  return items;
};

/** `from` is not used any more; `to` begins with the same triggers. */
export const movePlaces = (from: ReadonlyArray<WorkItem>, to: ReadonlyArray<WorkItem>): void => {
  const places = placesOf.get(from);
  if (places === undefined) return;
  placesOf.delete(from);
  if (places.known <= to.length) placesOf.set(to, places);
};

/** The item that a trigger has or had (`domain.md §11.2`: one trigger, at most one item ever). */
export const itemOf = (items: ReadonlyArray<WorkItem>, queue: QueueId, triggerKey: string): WorkItem | undefined => {
  if (items.length > FEW_ITEMS) {
    const place = placesIn(items).byTrigger.get(triggerKey)?.get(queue);
    return place === undefined ? undefined : items[place];
  }
  for (const item of items) if (item.queue === queue && item.triggerKey === triggerKey) return item;
  return undefined;
};

export const hasItem = (items: ReadonlyArray<WorkItem>, queue: QueueId, triggerKey: string): boolean =>
  itemOf(items, queue, triggerKey) !== undefined;

/** Whether an item of the queue is not closed. */
export const hasOpenItem = (items: ReadonlyArray<WorkItem>, queue: QueueId): boolean => {
  for (const item of items) if (item.queue === queue && item.state !== 'closed') return true;
  return false;
};

/** Whether the party placed an order after the item opened. */
export const hasOrderedSince = ({ enteredAt }: WorkItem, { placedOrders }: Evidence): boolean => {
  const last = placedOrders.at(-1)?.placedAt ?? null;
  return last !== null && last > enteredAt;
};

/**
 * When the cool-downs of a queue's closed items end: `lengthMs` gives how long an outcome keeps the
 * queue quiet, 0 for outcomes that do not.
 */
export const coolDownEnd = (
  items: ReadonlyArray<WorkItem>,
  queue: QueueId,
  lengthMs: (outcome: string) => number,
): Instant => {
  let end = Number.NEGATIVE_INFINITY;
  for (const item of items) {
    if (item.queue !== queue || item.closedAt === null || item.outcome === null) continue;
    const length = lengthMs(item.outcome);
    if (length > 0) end = Math.max(end, item.closedAt + length);
  }
  return end;
};
