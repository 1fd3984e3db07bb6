import { type Claimable, type Instant, isDueBefore, keptUntil } from '@afecto/domain';
import { Heap } from './heap';

const entersBefore = (a: Claimable, b: Claimable): boolean =>
  a.enteredAt < b.enteredAt || (a.enteredAt === b.enteredAt && a.itemId < b.itemId);

/** When an item that is asleep or held can be claimed. */
const wakesAt = ({ notBefore, claimedBy }: Claimable): Instant =>
  claimedBy === null ? notBefore : Math.max(notBefore, claimedBy.leaseUntil);

const wakesBefore = (a: Claimable, b: Claimable): boolean => wakesAt(a) < wakesAt(b);

/** Taken out of heaps only when there are more of them than items, and never for few. */
const MIN_GONE = 1_000;

/** Items of one skill that age alike: among them the priority is the order of their due instants, at every instant. */
const groupOf = ({ skill, dueAt, startedAt, weight, valueFactor, riskFactor }: Claimable): string =>
  `${dueAt - startedAt} ${weight} ${valueFactor} ${riskFactor} ${skill ?? ''}`;

/**
 * The items of one queue, kept so that a claim looks at few of them. Priorities move with time, but those of
 * items with the same span and the same weights keep their order (`domain.md §11.5`): the first of each such
 * group, the first that entered and those kept for an agent are all that a claim can give.
 */
export class ClaimOrder<Item extends Claimable> {
  readonly #live = new Set<Item>();
  /** Not looked at since they were added. */
  #fresh: Item[] = [];
  /** Held or asleep, by when they can be claimed. */
  readonly #waiting = new Heap<Item>(wakesBefore);
  /** Claimable, and kept for an agent whom the customer knows. */
  readonly #kept = new Set<Item>();
  readonly #groups = new Map<string, Heap<Item>>();
  /** Claimable, by when they entered, for each skill. */
  readonly #entered = new Map<string | null, Heap<Item>>();
  #gone = 0;
  #lastAt: Instant = Number.NEGATIVE_INFINITY;
  #lastWaitMs = 0;

  get size(): number {
    return this.#live.size;
  }

  [Symbol.iterator](): Iterator<Item> {
    return this.#live.values();
  }

  add(item: Item): void {
    this.#live.add(item);
    // Only an evaluation of its customer can show it again, and that adds it anew.
    if (item.state !== 'closed' && item.visibility !== 'suppressed') this.#fresh.push(item);
  }

  remove(item: Item): void {
    if (!this.#live.delete(item)) return;
    this.#kept.delete(item);
    this.#gone += 1;
    if (this.#gone > this.#live.size + MIN_GONE) this.#compact();
  }

  /**
   * Items among which is whatever a claim at `now` gives, by priority or by age, to whichever agent.
   * `waitMs`: how long items are kept for agents whom their customers know.
   */
  *candidates(now: Instant, waitMs: number): Generator<Item> {
    // What was awake may be asleep at an earlier instant, and what was kept no longer may be kept again.
    const isFirst = this.#lastAt === Number.NEGATIVE_INFINITY;
    if (!isFirst && (now < this.#lastAt || waitMs !== this.#lastWaitMs)) this.#startAgain();
    this.#lastAt = now;
    this.#lastWaitMs = waitMs;
    this.#wake(now, waitMs);
    for (const item of this.#kept) {
      if (now >= keptUntil(item, waitMs)) {
        this.#kept.delete(item);
        this.#join(item);
      } else yield item;
    }
    for (const heap of this.#entered.values()) {
      const first = this.#firstOf(heap);
      if (first !== undefined) yield first;
    }
    for (const [group, heap] of this.#groups) {
      const first = this.#firstOf(heap);
      if (first === undefined) this.#groups.delete(group);
      else yield first;
    }
  }

  #wake(now: Instant, waitMs: number): void {
    for (const item of this.#fresh) {
      if (!this.#live.has(item)) continue;
      if (wakesAt(item) <= now) this.#show(item, now, waitMs);
      else this.#waiting.push(item);
    }
    this.#fresh = [];
    for (let item = this.#waiting.first(); item !== undefined && wakesAt(item) <= now; item = this.#waiting.first()) {
      this.#waiting.pop();
      if (this.#live.has(item)) this.#show(item, now, waitMs);
    }
  }

  #show(item: Item, now: Instant, waitMs: number): void {
    let heap = this.#entered.get(item.skill);
    if (heap === undefined) this.#entered.set(item.skill, (heap = new Heap<Item>(entersBefore)));
    heap.push(item);
    if (now < keptUntil(item, waitMs)) this.#kept.add(item);
    else this.#join(item);
  }

  #join(item: Item): void {
    const group = groupOf(item);
    let heap = this.#groups.get(group);
    if (heap === undefined) this.#groups.set(group, (heap = new Heap<Item>(isDueBefore)));
    heap.push(item);
  }

  /** The first that is still there. */
  #firstOf(heap: Heap<Item>): Item | undefined {
    let first = heap.first();
    while (first !== undefined && !this.#live.has(first)) {
      heap.pop();
      first = heap.first();
    }
    return first;
  }

  #compact(): void {
    const isLive = (item: Item): boolean => this.#live.has(item);
    this.#fresh = this.#fresh.filter(isLive);
    this.#waiting.retain(isLive);
    for (const heap of this.#entered.values()) heap.retain(isLive);
    for (const heap of this.#groups.values()) heap.retain(isLive);
    this.#gone = 0;
  }

  #startAgain(): void {
    const items = [...this.#live];
    this.#fresh = [];
    this.#waiting.retain(() => false);
    this.#kept.clear();
    this.#groups.clear();
    this.#entered.clear();
    this.#live.clear();
    this.#gone = 0;
    for (const item of items) this.add(item);
  }
}
