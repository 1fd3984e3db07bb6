import { DAY_MS, type Instant, toIso } from '@afecto/domain';
import type { CloudEvent, CloudEventOf } from '../import';
import type { Random } from '../simulator/random';
import type { Calendar } from './calendar';
import { valueAt } from './quantiles';
import { BANDS, type Shape } from './shape';

export const SOURCE = 'synthetic';
const CURRENCY = 'USD';
const PROMISED_DAYS = 5;
/** Orders that come less than this after the one before are of the same visit: no other day is looked for. */
const SAME_VISIT_DAYS = 0.5;

/** When a customer orders: as often, and with such gaps, as the shape says; none before the calendar begins. */
export const orderTimes = (random: Random, calendar: Calendar, shape: Shape): ReadonlyArray<Instant> => {
  const count = Math.max(1, Math.round(valueAt(shape.ordersOfCustomer, random.next())));
  const rhythm = shape.gapDays[BANDS.findLastIndex((atLeast) => count >= atLeast)] ?? [];
  const gaps = Array.from({ length: count - 1 }, () => valueAt(rhythm, random.next()));
  const span = gaps.reduce((sum, gap) => sum + gap, 0);
  const scale = Math.min(1, (shape.days - 1) / Math.max(1, span));
  // Round the year: whoever begins late has ordered before, so that every season has its share.
  const first = random.next();
  const times: Instant[] = [];
  let passed = 0;
  let visit: Instant | null = null;
  for (const gap of [0, ...gaps]) {
    passed += (gap * scale) / shape.days;
    const again: Instant | null = visit !== null && gap < SAME_VISIT_DAYS ? visit + gap * DAY_MS : null;
    visit = again ?? calendar.openingNear(calendar.dayAt((first + passed) % 1), random);
    times.push(Math.floor(Math.min(calendar.endsAt, Math.max(calendar.startsAt, visit))));
  }
  return times.sort((a, b) => a - b);
};

const linesOf = (random: Random, count: number, totalMinor: number) => {
  const weights = Array.from({ length: count }, () => random.between(0.2, 1.8));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let left = totalMinor;
  return weights.map((weight, index) => {
    const netMinor = index === count - 1 ? left : Math.min(left, Math.round((totalMinor * weight) / all));
    left -= netMinor;
    const article = String(random.whole(10_000, 90_214));
    const qty = random.whole(1, 24);
    return { sku: article, productLine: `family-${article.slice(0, 2)}`, qty, listMinor: netMinor, netMinor };
  });
};

const reversalOf = (
  random: Random,
  { subject, data: { orderId, totalNetMinor, partyId } }: CloudEventOf<'OrderPlaced'>,
  placedAt: Instant,
  shape: Shape,
): CloudEventOf<'OrderReversed'> => {
  const share = Math.min(1, valueAt(shape.reversedAmountShare, random.next()));
  const amountMinor = Math.max(1, Math.round(totalNetMinor * share));
  const at = Math.floor(placedAt + valueAt(shape.reversedAfterDays, random.next()) * DAY_MS) + 1_000;
  return {
    specversion: '1.0',
    id: `reversal-${orderId}`,
    source: SOURCE,
    type: 'OrderReversed',
    time: toIso(at),
    subject: subject ?? partyId,
    data: { orderId, kind: amountMinor === totalNetMinor ? 'cancelled' : 'refunded', amountMinor, reason: 'synthetic' },
  };
};

/** A customer's orders with their deliveries and what was taken back of them, in no order of time. */
export const ordersOf = (
  partyId: string,
  random: Random,
  calendar: Calendar,
  shape: Shape,
): ReadonlyArray<CloudEvent> => {
  const envelope = { specversion: '1.0', source: SOURCE, subject: partyId } as const;
  return orderTimes(random, calendar, shape).flatMap((placedAt, index) => {
    const orderId = `${partyId}-${index + 1}`;
    const count = Math.max(1, Math.round(valueAt(shape.linesOfOrder, random.next())));
    const totalNetMinor = Math.round(valueAt(shape.totalMinor, random.next()));
    const placed: CloudEventOf<'OrderPlaced'> = {
      ...envelope,
      id: `order-${orderId}`,
      type: 'OrderPlaced',
      time: toIso(placedAt),
      channel: 'web',
      data: {
        orderId,
        partyId,
        channel: 'web',
        lines: linesOf(random, count, totalNetMinor),
        totalNetMinor,
        currency: CURRENCY,
        promisedAt: toIso(placedAt + PROMISED_DAYS * DAY_MS),
        appliedPreferenceIds: [],
      },
    };
    const deliveredAt = toIso(Math.floor(placedAt + random.between(0.5, PROMISED_DAYS + 0.3) * DAY_MS));
    const fulfilled: CloudEventOf<'OrderFulfilled'> = {
      ...envelope,
      id: `shipped-${orderId}`,
      type: 'OrderFulfilled',
      time: deliveredAt,
      data: { orderId, deliveredAt, complete: true },
    };
    const isReversed = random.chance(shape.reversedShare) && totalNetMinor > 0;
    const reversed = isReversed ? [reversalOf(random, placed, placedAt, shape)] : [];
    const endsAt = toIso(calendar.endsAt);
    return [placed, fulfilled, ...reversed].filter(({ time }) => time <= endsAt);
  });
};
