import { type Links, membersOf, type ReferredOrder } from '@afecto/domain';
import type { EventText } from '@afecto/event-store';
import { byTime } from './customer-facts';
import { type PlacedFact, placedFact, storedEventOf } from './ledger-entry';
import { hashOf } from './spill';

/** What a build has seen of a party that somebody referred. */
interface Referred {
  /** From the first referral of it on. */
  readonly orders: ReferredOrder[];
  /** Whether it may have ordered before. */
  readonly mayLack: boolean;
}

/** One bit for each hash, 1 MiB. */
const HASHES = 2 ** 23;

const placeOf = (partyId: string): { readonly byte: number; readonly bit: number } => {
  const place = hashOf(partyId) % HASHES;
  return { byte: place >> 3, bit: 1 << (place & 7) };
};

/**
 * Referrals and the orders of those referred, noted while a log is read in order: a referral converts
 * by an order of another customer (`domain.md §5`), and looking that one up costs as much as folding it.
 */
export class Referrals {
  readonly #referred = new Map<string, Referred>();
  readonly #byReferrer = new Map<string, Set<string>>();
  /** Who has ordered, by hashes: another party may share the bit. */
  readonly #ordered = new Uint8Array(HASHES / 8);

  take(text: EventText, subjects: ReadonlyArray<string>): void {
    if (text.type === 'OrderPlaced') {
      if (this.#referred.size > 0 && subjects.some((subject) => this.#referred.has(subject)))
        this.#takeOrder(placedFact(storedEventOf(text)));
      for (const subject of subjects) {
        const { byte, bit } = placeOf(subject);
        this.#ordered[byte] = (this.#ordered[byte] ?? 0) | bit;
      }
    } else if (text.type === 'ReferralMade') this.#takeReferral(placedFact(storedEventOf(text)));
  }

  #takeReferral(placed: PlacedFact | null): void {
    if (placed?.fact.type !== 'ReferralMade') return;
    const { referrerId, referredId } = placed.fact.data;
    if (referredId === undefined) return;
    if (!this.#referred.has(referredId))
      this.#referred.set(referredId, { orders: [], mayLack: this.#mayHaveOrdered(referredId) });
    const known = this.#byReferrer.get(referrerId);
    if (known) known.add(referredId);
    else this.#byReferrer.set(referrerId, new Set([referredId]));
  }

  #takeOrder(placed: PlacedFact | null): void {
    if (placed?.fact.type !== 'OrderPlaced') return;
    const { partyId, orderId } = placed.fact.data;
    this.#referred.get(partyId)?.orders.push({ referredId: partyId, orderId, at: placed.fact.occurredAt });
  }

  #mayHaveOrdered(partyId: string): boolean {
    const { byte, bit } = placeOf(partyId);
    return ((this.#ordered[byte] ?? 0) & bit) !== 0;
  }

  get referrers(): Iterable<string> {
    return this.#byReferrer.keys();
  }

  /**
   * Orders of all parties that this one referred, once the whole log has been taken. Null: others may count,
   * of a party that is one with a referred one, or from before the referral.
   */
  ordersFor(referrerId: string, links: Links): ReadonlyArray<ReferredOrder> | null {
    const orders: ReferredOrder[] = [];
    for (const referredId of this.#byReferrer.get(referrerId) ?? []) {
      const noted = this.#referred.get(referredId);
      if (noted === undefined || noted.mayLack || membersOf(links, referredId).length > 1) return null;
      orders.push(...noted.orders);
    }
    return orders.sort(byTime);
  }
}
