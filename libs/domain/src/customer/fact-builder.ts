import type { FactData, FactType } from '../facts/catalogue';
import type { FactOf } from '../facts/envelope';
import { DAY_MS, type Instant, toIso } from '../time/calendar';

/** Day 0 of test histories. */
export const START: Instant = Date.parse('2024-01-01T00:00:00.000Z');

/** The instant `days` (with a fraction) after `START`. */
export const onDay = (days: number): Instant => START + Math.round(days * DAY_MS);
export const isoOnDay = (days: number): string => toIso(onDay(days));

let made = 0;

/** A fact of a test history, `days` after `START`; ids ascend in the order of making. */
export const fact = <T extends FactType>(
  type: T,
  days: number,
  data: FactData[T],
  envelope: Partial<Pick<FactOf<T>, 'eventId' | 'source' | 'id' | 'subjects'>> = {},
): FactOf<T> => {
  made += 1;
  const id = envelope.id ?? `f${String(made).padStart(8, '0')}`;
  return {
    eventId: id,
    type,
    schemaVersion: 1,
    streamId: id,
    occurredAt: onDay(days),
    recordedAt: onDay(days),
    source: 'test',
    id,
    subjects: ['p1'],
    actor: { kind: 'system', id: 'test' },
    data,
    ...envelope,
  };
};

type OrderParts = Partial<Omit<FactData['OrderPlaced'], 'lines'>> & {
  readonly lines?: ReadonlyArray<Partial<FactData['OrderPlaced']['lines'][number]>>;
};

/** An order of p1 for 100.00 GBP, one line of product line `books` without a cost. */
export const orderPlaced = (days: number, orderId: string, parts: OrderParts = {}): FactOf<'OrderPlaced'> => {
  const { lines: stated, ...rest } = parts;
  const lines = (stated ?? [{}]).map((line) => ({
    sku: 'sku',
    productLine: 'books',
    qty: 1,
    listMinor: 10_000,
    netMinor: 10_000,
    ...line,
  }));
  const totalNetMinor = lines.reduce((sum, line) => sum + line.netMinor, 0);
  return fact('OrderPlaced', days, {
    orderId,
    partyId: 'p1',
    channel: 'web',
    totalNetMinor,
    currency: 'GBP',
    appliedPreferenceIds: [],
    ...rest,
    lines,
  });
};

export const orderReversed = (
  days: number,
  orderId: string,
  amountMinor: number,
  parts: Partial<FactData['OrderReversed']> = {},
): FactOf<'OrderReversed'> =>
  fact('OrderReversed', days, { orderId, kind: 'returned', amountMinor, reason: 'unwanted', ...parts });
