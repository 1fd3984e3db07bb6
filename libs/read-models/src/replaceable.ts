import type { Batch, ReadModels } from './port';

/** Read models that can be replaced by others while they are asked. */
export interface ReplaceableReadModels extends ReadModels {
  /** From now on `next` answers; resolves when the former ones have answered what they were asked, and are closed. */
  readonly replaceBy: (next: ReadModels) => Promise<void>;
  /** Calls the listener after every commit with what it changed, and with null when all may have changed. */
  readonly onChange: (listener: (batch: Batch | null) => void) => void;
}

/**
 * Read models behind one door. Every answer comes from one generation whole: a walk over items that is
 * under way ends in the one in which it began.
 */
export const replaceable = (first: ReadModels): ReplaceableReadModels => {
  let current = first;
  const walks = new Map<ReadModels, number>();
  const ended = new Map<ReadModels, () => void>();

  async function* walk<A>(start: (readModels: ReadModels) => AsyncIterable<A>): AsyncGenerator<A, void, void> {
    const asked = current;
    walks.set(asked, (walks.get(asked) ?? 0) + 1);
    try {
      yield* start(asked);
    } finally {
      const left = (walks.get(asked) ?? 1) - 1;
      if (left > 0) walks.set(asked, left);
      else {
        walks.delete(asked);
        ended.get(asked)?.();
      }
    }
  }

  const listeners: ((batch: Batch | null) => void)[] = [];
  const tell = (batch: Batch | null): void => {
    for (const listener of listeners) listener(batch);
  };

  return {
    checkpoint: () => current.checkpoint(),
    commit: async (batch) => {
      try {
        await current.commit(batch);
      } catch (error) {
        // Whether it was done is not known.
        tell(null);
        throw error;
      }
      tell(batch);
    },
    makeIndex: () => current.makeIndex(),
    onChange: (listener) => {
      listeners.push(listener);
    },
    factsOf: (partyIds, until) => current.factsOf(partyIds, until),
    worldFacts: () => current.worldFacts(),
    newestFacts: (partyIds, range) => current.newestFacts(partyIds, range),
    countFacts: (partyIds) => current.countFacts(partyIds),
    partyIds: (after, limit) => current.partyIds(after, limit),
    partiesWithoutRow: (after, limit) => current.partiesWithoutRow(after, limit),
    dueCustomers: (at, limit) => current.dueCustomers(at, limit),
    expiringCustomers: (at, page) => current.expiringCustomers(at, page),
    customer: (partyId) => current.customer(partyId),
    announcementsOf: (partyIds) => current.announcementsOf(partyIds),
    outgoing: (limit) => current.outgoing(limit),
    sent: (eventIds) => current.sent(eventIds),
    customers: (filter, page) => current.customers(filter, page),
    countCustomers: (groupBy) => current.countCustomers(groupBy),
    item: (itemId) => current.item(itemId),
    closedItems: (queue, page) => current.closedItems(queue, page),
    queueFlows: (after, until) => current.queueFlows(after, until),
    items: (filter) => walk((readModels) => readModels.items(filter)),
    claimCounts: () => current.claimCounts(),
    ownersOf: (scheme, value) => current.ownersOf(scheme, value),
    referrersOf: (partyIds) => current.referrersOf(partyIds),
    tallySums: (prefix, range) => current.tallySums(prefix, range),
    tallyBuckets: (key, range) => current.tallyBuckets(key, range),
    deadLetters: (filter) => current.deadLetters(filter),
    countDeadLetters: () => current.countDeadLetters(),
    dump: (what) => walk((readModels) => readModels.dump(what)),
    shred: (thorough) => current.shred(thorough),
    close: () => current.close(),
    replaceBy: async (next) => {
      const former = current;
      current = next;
      tell(null);
      if (walks.has(former)) await new Promise<void>((resolve) => ended.set(former, resolve));
      ended.delete(former);
      await former.close();
    },
  };
};
