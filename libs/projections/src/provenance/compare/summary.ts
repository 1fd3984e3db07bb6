import { type CustomerState, type QueueId } from '@afecto/domain';
import { nextBestActionOf } from '../../profile/profile';

/** Where a customer stands, as far as two readings of its history are compared. */
export interface Summary {
  readonly zone: string;
  readonly tier: string | null;
  readonly phase: string;
  /** The queue of the next best action; null when there is nothing to do. */
  readonly action: QueueId | null;
  /** Items that are open or claimed, by id ascending. */
  readonly items: ReadonlyArray<{ readonly itemId: string; readonly queue: QueueId }>;
}

export const summaryOf = (customer: CustomerState): Summary => {
  const { loyalty, value, lifecycle, items } = customer.standing;
  return {
    zone: loyalty.zone,
    tier: value.tier,
    phase: lifecycle.phase,
    action: nextBestActionOf(customer)?.queue ?? null,
    items: items
      .filter(({ state }) => state !== 'closed')
      .map(({ itemId, queue }) => ({ itemId, queue }))
      .sort((a, b) => (a.itemId < b.itemId ? -1 : 1)),
  };
};

/** A customer that stands otherwise on one side than on the other; null: it is none there. */
export interface Moved {
  readonly partyId: string;
  readonly before: Summary | null;
  readonly after: Summary | null;
}

/** In which respects customers are counted from → to. */
export const respects = ['zone', 'tier', 'phase', 'action'] as const;
export type Respect = (typeof respects)[number];

/** Items of one queue on both sides, by id. */
export interface QueueCounts {
  readonly queue: QueueId;
  readonly before: number;
  readonly after: number;
  /** Open on both sides. */
  readonly same: number;
}

/** How many customers stand so on one side and so on the other. `absent`: no customer there; `none`: nothing there. */
export interface Migration {
  readonly from: string;
  readonly to: string;
  readonly customers: number;
}

export type Migrations = Readonly<Record<Respect, ReadonlyArray<Migration>>>;

const NOWHERE = 'none';
const ABSENT = 'absent';
const placeIn = (summary: Summary | null, respect: Respect): string =>
  summary === null ? ABSENT : (summary[respect] ?? NOWHERE);

/** Counts of customers on two sides; sums of parts are sums of the whole. */
export class Tallied {
  customers = 0;
  moved = 0;
  readonly #migrations = new Map<string, number>();
  readonly #queues = new Map<QueueId, { before: number; after: number; same: number }>();

  add(before: Summary | null, after: Summary | null): boolean {
    this.customers += 1;
    let isMoved = false;
    for (const respect of respects) {
      const [from, to] = [placeIn(before, respect), placeIn(after, respect)];
      const key = `${respect} ${from} ${to}`;
      this.#migrations.set(key, (this.#migrations.get(key) ?? 0) + 1);
      isMoved ||= from !== to;
    }
    const old = new Set(before?.items.map(({ itemId }) => itemId));
    for (const { queue } of before?.items ?? []) this.#countsOf(queue).before += 1;
    for (const { queue, itemId } of after?.items ?? []) {
      const counts = this.#countsOf(queue);
      counts.after += 1;
      if (old.delete(itemId)) counts.same += 1;
      else isMoved = true;
    }
    isMoved ||= old.size > 0;
    if (isMoved) this.moved += 1;
    return isMoved;
  }

  merge({ customers, moved, migrations, queues }: TalliedPart): void {
    this.customers += customers;
    this.moved += moved;
    for (const [key, count] of migrations) this.#migrations.set(key, (this.#migrations.get(key) ?? 0) + count);
    for (const { queue, before, after, same } of queues) {
      const counts = this.#countsOf(queue);
      counts.before += before;
      counts.after += after;
      counts.same += same;
    }
  }

  get part(): TalliedPart {
    return { customers: this.customers, moved: this.moved, migrations: [...this.#migrations], queues: this.queues };
  }

  get queues(): ReadonlyArray<QueueCounts> {
    return [...this.#queues]
      .map(([queue, counts]) => ({ queue, ...counts }))
      .sort((a, b) => (a.queue < b.queue ? -1 : 1));
  }

  /** Of one respect, by name. */
  migrations(wanted: Respect): ReadonlyArray<Migration> {
    return [...this.#migrations]
      .map(([key, customers]) => ({ names: key.split(' '), customers }))
      .filter(({ names: [respect] }) => respect === wanted)
      .map(({ names: [, from = '', to = ''], customers }) => ({ from, to, customers }))
      .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.to < b.to ? -1 : 1));
  }

  #countsOf(queue: QueueId): { before: number; after: number; same: number } {
    const known = this.#queues.get(queue);
    if (known !== undefined) return known;
    const counts = { before: 0, after: 0, same: 0 };
    this.#queues.set(queue, counts);
    return counts;
  }
}

/** As it goes from one thread to another. */
export interface TalliedPart {
  readonly customers: number;
  readonly moved: number;
  readonly migrations: ReadonlyArray<readonly [string, number]>;
  readonly queues: ReadonlyArray<QueueCounts>;
}
