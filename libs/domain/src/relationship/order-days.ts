import type { Evidence, OrderDay } from '../customer/evidence';
import type { Instant } from '../time/calendar';

/**
 * The order days as they stood at `asOf`. A review describes an instant that may lie before facts
 * already folded; then orders placed later and reversals made later do not count yet.
 */
export const orderDaysAt = (evidence: Evidence, asOf: Instant): ReadonlyArray<OrderDay> => {
  if (evidence.lastFactAt <= asOf) return evidence.orderDays;
  const days: OrderDay[] = [];
  for (const order of evidence.placedOrders) {
    if (order.placedAt === null || order.placedAt > asOf) continue;
    if (order.fullyReversedAt !== null && order.fullyReversedAt <= asOf) continue;
    const before = days.at(-1);
    const isSameDay = before?.day === order.day;
    const entry = {
      day: order.day,
      firstAt: isSameDay ? before.firstAt : order.placedAt,
      lastAt: order.placedAt,
      lastOrderId: order.orderId,
      lastEventId: order.eventId ?? order.orderId,
    };
    if (isSameDay) days[days.length - 1] = entry;
    else days.push(entry);
  }
  return days;
};
