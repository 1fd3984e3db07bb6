import { type Evidence, type Instant, orderDaysAt, type PurchaseHistory, purchaseHistory } from '@afecto/domain';
import type { Spending } from '../spending/gamma-gamma';

/** What the models know of a customer. */
export interface Buyer {
  readonly partyId: string;
  readonly history: PurchaseHistory;
  /** Repeat order days and their mean value, minor units; null when there is none of a value above 0. */
  readonly spending: Spending | null;
}

/**
 * Whether a party could be recognised when it comes again: it was registered, holds an identifier, or
 * did come again. An order without a customer is a fresh party's (`domain.md §8.2`): that it bought
 * once says nothing about buying.
 */
export const isRecognisable = (evidence: Evidence, asOf: Instant): boolean => {
  const { registeredAt, identifiers } = evidence.person;
  return (
    (registeredAt !== null && registeredAt <= asOf) ||
    identifiers.some(({ at }) => at <= asOf) ||
    orderDaysAt(evidence, asOf).length > 1
  );
};

/** Mean of the order days after the first, each day's orders together, less what was reversed (`domain.md §13.2`). */
const spendingOf = (evidence: Evidence, asOf: Instant, firstDay: Instant): Spending | null => {
  const byDay = new Map<Instant, number>();
  for (const { placedAt, day, netMinor, reversedMinor, fullyReversed } of evidence.placedOrders) {
    if (placedAt === null || placedAt > asOf || fullyReversed || day === firstDay) continue;
    byDay.set(day, (byDay.get(day) ?? 0) + netMinor - reversedMinor);
  }
  const mean = [...byDay.values()].reduce((sum, value) => sum + value, 0) / byDay.size;
  return mean > 0 ? { repeats: byDay.size, mean } : null;
};

/** A customer as the models see it, of evidence folded to `asOf`; null without orders or when not recognisable. */
export const buyerOf = (evidence: Evidence, asOf: Instant): Buyer | null => {
  const days = orderDaysAt(evidence, asOf);
  const history = purchaseHistory(days, asOf);
  const first = days[0];
  if (history === null || first === undefined || !isRecognisable(evidence, asOf)) return null;
  return { partyId: evidence.partyId, history, spending: spendingOf(evidence, asOf, first.day) };
};
