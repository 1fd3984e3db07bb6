import { type AgentLoad, type Claimable, type Instant, noLoad, type QueueId, type WorkItem } from '@afecto/domain';
import type { Batch, CustomerChange, ReplaceableReadModels } from '@afecto/read-models';
import { ClaimOrder } from './claim-order';

/** An item that is not closed, as far as a claim and the order of a list look at it. */
export interface OpenItem extends Claimable, Pick<WorkItem, 'suppressedSince'> {
  readonly partyId: string;
}

const openItem = (partyId: string, item: WorkItem): OpenItem => ({
  partyId,
  itemId: item.itemId,
  queue: item.queue,
  state: item.state,
  visibility: item.visibility,
  notBefore: item.notBefore,
  claimedBy: item.claimedBy,
  skill: item.skill,
  enteredAt: item.enteredAt,
  startedAt: item.startedAt,
  dueAt: item.dueAt,
  suppressedSince: item.suppressedSince,
  weight: item.weight,
  valueFactor: item.valueFactor,
  riskFactor: item.riskFactor,
  ...(item.namedAgents === undefined ? {} : { namedAgents: item.namedAgents }),
});

const keep = <K, V>(map: Map<K, Set<V>>, key: K, value: V): void => {
  const known = map.get(key);
  if (known) known.add(value);
  else map.set(key, new Set([value]));
};

const drop = <K, V>(map: Map<K, Set<V>>, key: K, value: V): void => {
  const known = map.get(key);
  if (known?.delete(value) === true && known.size === 0) map.delete(key);
};

const none: ReadonlyArray<never> = [];

/** Open items by what they are asked for. */
class Board {
  readonly items = new Map<string, OpenItem>();
  readonly byQueue = new Map<QueueId, ClaimOrder<OpenItem>>();
  readonly byAgent = new Map<string, Set<OpenItem>>();
  readonly #byParty = new Map<string, Set<OpenItem>>();

  put(item: OpenItem): void {
    this.#remove(item.itemId);
    this.items.set(item.itemId, item);
    const order = this.byQueue.get(item.queue);
    if (order !== undefined) order.add(item);
    else {
      const first = new ClaimOrder<OpenItem>();
      first.add(item);
      this.byQueue.set(item.queue, first);
    }
    keep(this.#byParty, item.partyId, item);
    if (item.claimedBy !== null) keep(this.byAgent, item.claimedBy.agentId, item);
  }

  apply({ customers, added = none, removed }: Batch): void {
    for (const partyId of removed) for (const itemId of this.#idsOf(partyId)) this.#remove(itemId);
    for (const customer of added) this.#change({ ...customer, dropped: none });
    for (const change of customers) this.#change(change);
  }

  #idsOf(partyId: string): ReadonlyArray<string> {
    return [...(this.#byParty.get(partyId) ?? [])].map(({ itemId }) => itemId);
  }

  #change({ customer: { partyId }, items, dropped }: Pick<CustomerChange, 'customer' | 'items' | 'dropped'>): void {
    for (const itemId of dropped === 'others' ? this.#idsOf(partyId) : dropped) this.#remove(itemId);
    for (const { itemId, state, json } of items)
      if (state === 'closed') this.#remove(itemId);
      else {
        const item: WorkItem = JSON.parse(json);
        this.put(openItem(partyId, item));
      }
  }

  #remove(itemId: string): void {
    const item = this.items.get(itemId);
    if (item === undefined) return;
    this.items.delete(itemId);
    this.byQueue.get(item.queue)?.remove(item);
    drop(this.#byParty, item.partyId, item);
    if (item.claimedBy !== null) drop(this.byAgent, item.claimedBy.agentId, item);
  }
}

interface Reading {
  readonly board: Promise<Board>;
  /** What was committed while the rows were read; null once they are. */
  missed: Batch[] | null;
  known: Board | null;
}

/**
 * All work that is not closed, in memory: reading it would cost a second for each hundred thousand. Read at
 * the first claim, then kept by what is committed, in the order in which it is given (`ClaimOrder`). Some 300
 * bytes an item.
 */
export class OpenWork {
  #reading: Reading | null = null;

  constructor(private readonly readModels: ReplaceableReadModels) {
    readModels.onChange((batch) => {
      if (batch === null) this.#reading = null;
      else if (this.#reading?.missed) this.#reading.missed.push(batch);
      else this.#reading?.known?.apply(batch);
    });
  }

  /** Items of a queue, those held by agents included. */
  async of(queue: QueueId | 'all'): Promise<Iterable<OpenItem>> {
    const { items, byQueue } = await this.#board();
    return queue === 'all' ? items.values() : (byQueue.get(queue) ?? []);
  }

  /** Few items of a queue, among which is whatever a claim at `at` gives; `waitMs` as in `ClaimOrder`. */
  async candidates(queue: QueueId | 'all', at: Instant, waitMs: number): Promise<Iterable<OpenItem>> {
    const { byQueue } = await this.#board();
    if (queue !== 'all') return byQueue.get(queue)?.candidates(at, waitMs) ?? [];
    const candidates: OpenItem[] = [];
    for (const order of byQueue.values()) candidates.push(...order.candidates(at, waitMs));
    return candidates;
  }

  /** Items that an agent holds: claimed, and the lease has not ended by `at` (`domain.md §11.6`, WIP). */
  async heldBy(agentId: string, at: Instant): Promise<number> {
    return (await this.loadAt(at))(agentId).held;
  }

  /** What agents have in hand at an instant. */
  async loadAt(at: Instant): Promise<(agentId: string) => AgentLoad> {
    const { byAgent } = await this.#board();
    return (agentId) => {
      const items = byAgent.get(agentId);
      if (items === undefined) return noLoad;
      let { held, firstLeaseEnd, lastClaimAt } = noLoad;
      for (const { claimedBy } of items) {
        if (claimedBy === null || claimedBy.leaseUntil <= at) continue;
        held += 1;
        firstLeaseEnd = Math.min(firstLeaseEnd, claimedBy.leaseUntil);
        lastClaimAt = Math.max(lastClaimAt, claimedBy.at);
      }
      return { held, firstLeaseEnd, lastClaimAt };
    };
  }

  #board(): Promise<Board> {
    this.#reading ??= this.#read();
    return this.#reading.board;
  }

  #read(): Reading {
    const reading: Reading = { board: Promise.resolve().then(() => this.#filled(reading)), missed: [], known: null };
    // A failed read is no answer for the next claim.
    reading.board.catch(() => {
      if (this.#reading === reading) this.#reading = null;
    });
    return reading;
  }

  /** A walk shows each row as it is when it comes to it; what was committed meanwhile comes on top. */
  async #filled(reading: Reading): Promise<Board> {
    const board = new Board();
    for await (const page of this.readModels.items({ states: ['open', 'claimed'] }))
      for (const { partyId, ...item } of page) board.put(openItem(partyId, item));
    for (const batch of reading.missed ?? []) board.apply(batch);
    reading.missed = null;
    reading.known = board;
    return board;
  }
}
