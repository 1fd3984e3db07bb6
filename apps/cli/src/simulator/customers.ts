import { DAY_MS, type FactData, type Instant } from '@afecto/domain';
import type { CloudEvent } from '../import/cloud-event';
import { Random } from './random';

export interface PastOrder {
  readonly orderId: string;
  readonly placedAt: Instant;
  /** Null when the data does not say. */
  readonly deliveredAt: Instant | null;
  /** Event of the delivery: source and id. */
  readonly fulfilment: { readonly source: string; readonly id: string } | null;
  readonly isLate: boolean;
  readonly waitDays: number;
  /** Fraction of the list price that was let off. */
  readonly discountShare: number;
  readonly totalMinor: number;
  readonly productLines: ReadonlyArray<string>;
}

type ContactChannel = 'phone' | 'email' | 'chat' | 'web' | 'social';

/** A customer of the imported data with the character that the simulator gives. */
export interface Customer {
  readonly partyId: string;
  /** Ascending by placedAt, at least one. */
  readonly orders: readonly [PastOrder, ...PastOrder[]];
  /** How content by nature, 0..1. */
  readonly temper: number;
  readonly channel: ContactChannel;
  /** The agent whom the customer usually meets. */
  readonly agentId: string;
  readonly allowsSurveys: boolean;
  readonly random: Random;
}

const AGENTS = 12;
export const anyAgent = (random: Random): string => `agent-${String(random.whole(1, AGENTS)).padStart(2, '0')}`;

/** Half are content, a third lukewarm, the rest hard to please. */
const temperOf = (random: Random): number => {
  const group = random.next();
  if (group < 0.52) return random.between(0.78, 1);
  return group < 0.85 ? random.between(0.45, 0.78) : random.between(0, 0.4);
};

const orderOf = (
  placedAt: Instant,
  { orderId, promisedAt, totalNetMinor, lines }: FactData['OrderPlaced'],
  fulfilled: Extract<CloudEvent, { type: 'OrderFulfilled' }> | undefined,
): PastOrder => {
  const deliveredAt = fulfilled === undefined ? null : Date.parse(fulfilled.data.deliveredAt);
  const listMinor = lines.reduce((sum, line) => sum + line.listMinor, 0);
  return {
    orderId,
    placedAt,
    deliveredAt,
    fulfilment: fulfilled === undefined ? null : { source: fulfilled.source, id: fulfilled.id },
    isLate: deliveredAt !== null && promisedAt !== undefined && deliveredAt > Date.parse(promisedAt),
    waitDays: deliveredAt === null ? 0 : (deliveredAt - placedAt) / DAY_MS,
    discountShare: listMinor > 0 ? 1 - totalNetMinor / listMinor : 0,
    totalMinor: totalNetMinor,
    productLines: [...new Set(lines.map(({ productLine }) => productLine))],
  };
};

/** The customers of imported orders, by party id. Facts other than orders and deliveries are ignored. */
export const customersOf = (facts: Iterable<CloudEvent>, seed: number): ReadonlyArray<Customer> => {
  const deliveries = new Map<string, Extract<CloudEvent, { type: 'OrderFulfilled' }>>();
  const placed: Extract<CloudEvent, { type: 'OrderPlaced' }>[] = [];
  for (const fact of facts) {
    if (fact.type === 'OrderFulfilled') deliveries.set(fact.data.orderId, fact);
    else if (fact.type === 'OrderPlaced') placed.push(fact);
  }
  const byParty = new Map<string, PastOrder[]>();
  for (const { time, data } of placed) {
    const order = orderOf(Date.parse(time), data, deliveries.get(data.orderId));
    const orders = byParty.get(data.partyId);
    if (orders === undefined) byParty.set(data.partyId, [order]);
    else orders.push(order);
  }
  return [...byParty]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([partyId, orders]) => {
      orders.sort((a, b) => a.placedAt - b.placedAt);
      const [first, ...rest] = orders;
      if (first === undefined) return [];
      const random = new Random(seed, partyId);
      return [
        {
          partyId,
          orders: [first, ...rest] as const,
          temper: temperOf(random),
          channel: random.pick<ContactChannel>(['phone', 'phone', 'email', 'email', 'chat', 'web', 'social']),
          agentId: anyAgent(random),
          allowsSurveys: random.chance(0.85),
          random,
        } satisfies Customer,
      ];
    });
};

/** How one order felt, 0..1: nature, less for lateness and waiting, a little more for a discount. */
export const experienceOf = ({ temper, random }: Customer, order: PastOrder): number => {
  const felt =
    temper -
    (order.isLate ? 0.35 : 0) -
    0.02 * Math.max(0, order.waitDays - 2) +
    0.15 * order.discountShare +
    random.between(-0.12, 0.12);
  return Math.min(1, Math.max(0, felt));
};
