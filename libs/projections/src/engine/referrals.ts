import { type Fact, type Links, membersOf, NEVER, type ReferredOrder } from '@afecto/domain';
import type { EventStore, EventText } from '@afecto/event-store';
import type { ReadModels } from '@afecto/read-models';
import { byTime } from './customer-facts';
import { type PlacedFact, placedFact, storedEventOf } from './ledger-entry';

/** What a build has seen of a party that somebody referred. */
interface Referred {
  /** The first referral of it: orders are noted from here on, those before must be looked up. */
  readonly since: bigint;
  readonly orders: ReferredOrder[];
}

/**
 * Referrals and the orders of those referred, noted while a log is read in order: a referral converts
 * by an order of another customer (`domain.md §5`), and looking that one up costs as much as folding it.
 */
export class Referrals {
  readonly #referred = new Map<string, Referred>();
  readonly #byReferrer = new Map<string, Set<string>>();

  take(text: EventText, subjects: ReadonlyArray<string>): void {
    if (text.type === 'OrderPlaced') {
      if (subjects.some((subject) => this.#referred.has(subject))) this.#takeOrder(placedFact(storedEventOf(text)));
    } else if (text.type === 'ReferralMade') this.#takeReferral(placedFact(storedEventOf(text)));
  }

  #takeReferral(placed: PlacedFact | null): void {
    if (placed?.fact.type !== 'ReferralMade') return;
    const { referrerId, referredId } = placed.fact.data;
    if (referredId === undefined) return;
    if (!this.#referred.has(referredId)) this.#referred.set(referredId, { since: placed.position, orders: [] });
    const known = this.#byReferrer.get(referrerId);
    if (known) known.add(referredId);
    else this.#byReferrer.set(referrerId, new Set([referredId]));
  }

  #takeOrder(placed: PlacedFact | null): void {
    if (placed?.fact.type !== 'OrderPlaced') return;
    const { partyId, orderId } = placed.fact.data;
    this.#referred.get(partyId)?.orders.push({ referredId: partyId, orderId, at: placed.fact.occurredAt });
  }

  get referrers(): Iterable<string> {
    return this.#byReferrer.keys();
  }

  /** Orders of all parties that this one referred, once the whole log has been taken. */
  async ordersFor(
    referrerId: string,
    links: Links,
    readModels: ReadModels,
    store: EventStore,
  ): Promise<ReadonlyArray<ReferredOrder>> {
    const orders: ReferredOrder[] = [];
    for (const referredId of this.#byReferrer.get(referrerId) ?? []) {
      const noted = this.#referred.get(referredId);
      if (noted !== undefined) orders.push(...noted.orders);
      const members = membersOf(links, referredId);
      for (const member of members) {
        const places = await readModels.factsOf([member], NEVER);
        const missed = places.filter(({ position }) => member !== referredId || position < (noted?.since ?? 0n));
        if (missed.length === 0) continue;
        for (const event of await store.eventsAt(missed.map(({ position }) => position))) {
          const fact: Fact | undefined = placedFact(event)?.fact;
          if (fact?.type === 'OrderPlaced' && fact.data.partyId === member)
            orders.push({ referredId, orderId: fact.data.orderId, at: fact.occurredAt });
        }
      }
    }
    return orders.sort(byTime);
  }
}
