import type { CloudEventOf } from './cloud-event';
import { type Exact, type ReportingAmount, toMinor } from './exact';
import { hash32, opaqueId } from './opaque-id';
import type { SuperstoreLine } from './superstore-lines';

export const SOURCE = 'superstore';
export const CURRENCY = 'USD';

const DAY_MS = 86_400_000;
const OPENING_HOUR = 9;
const CLOSING_HOUR = 17;
const SHIPPING_CLOSES = 19;

/** Customer ids of the data hold initials; the party id shows nothing of them. */
export const customerPartyId = (customerId: string): string => opaqueId('ss', customerId);

/**
 * The data knows days only. Orders are placed at a second between opening and closing that their id
 * decides, and shipped in the two hours after closing, so that facts do not all tie and shipping always
 * follows ordering.
 */
const instantWithin = (day: string, key: string, fromHour: number, toHour: number): string =>
  new Date(
    Date.parse(day) + fromHour * 3_600_000 + (hash32(key) % ((toHour - fromHour) * 3_600)) * 1_000,
  ).toISOString();

const endOfDay = (day: string, daysLater: number): string =>
  new Date(Date.parse(day) + (daysLater + 1) * DAY_MS - 1).toISOString();

/** Cost of a line: what was sold less the profit; `null` when the data would make it negative. */
export const costOf = ({ sales, profit }: SuperstoreLine): Exact | null => (profit > sales ? null : sales - profit);

export const registration = (customerId: string, name: string, at: string): CloudEventOf<'PartyRegistered'> => {
  const partyId = customerPartyId(customerId);
  return {
    specversion: '1.0',
    id: `customer-${partyId}`,
    source: SOURCE,
    type: 'PartyRegistered',
    time: at,
    subject: partyId,
    data: { partyId, kind: 'person', displayName: name, source: SOURCE },
  };
};

const orderLine = (line: SuperstoreLine) => {
  const cost = costOf(line);
  return {
    sku: line.productId,
    productLine: line.subCategory,
    qty: line.quantity,
    listMinor: toMinor(Math.round(line.sales / (1 - line.discount))),
    netMinor: toMinor(line.sales),
    ...(cost === null ? {} : { costMinor: toMinor(cost) }),
  };
};

/**
 * The order and its delivery. Each amount is rounded half up to a cent line by line; the list price is
 * Sales ÷ (1 − Discount), the cost Sales − Profit, delivery the ship date, the promise by ship mode.
 */
export const factsOfOrder = (
  { orderId, orderDate, shipDate, customerId, promisedDays }: SuperstoreLine,
  lines: ReadonlyArray<SuperstoreLine>,
  reporting: ReportingAmount,
): readonly [CloudEventOf<'OrderPlaced'>, CloudEventOf<'OrderFulfilled'>] => {
  const partyId = customerPartyId(customerId);
  const orderLines = lines.map(orderLine);
  const totalNetMinor = orderLines.reduce((total, { netMinor }) => total + netMinor, 0);
  const placedAt = instantWithin(orderDate, orderId, OPENING_HOUR, CLOSING_HOUR);
  const shippedAt = instantWithin(shipDate, `${orderId}|shipped`, CLOSING_HOUR, SHIPPING_CLOSES);
  const envelope = { specversion: '1.0', source: SOURCE, subject: partyId } as const;
  return [
    {
      ...envelope,
      id: `order-${orderId}`,
      type: 'OrderPlaced',
      time: placedAt,
      channel: 'web',
      data: {
        orderId,
        partyId,
        channel: 'web',
        lines: orderLines,
        totalNetMinor,
        currency: CURRENCY,
        ...reporting(totalNetMinor),
        promisedAt: endOfDay(orderDate, promisedDays),
        appliedPreferenceIds: [],
      },
    },
    {
      ...envelope,
      id: `shipped-${orderId}`,
      type: 'OrderFulfilled',
      time: shippedAt,
      data: { orderId, deliveredAt: shippedAt, complete: true },
    },
  ];
};
