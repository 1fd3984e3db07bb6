import type { Evidence, OrderEvidence } from '../customer/evidence';
import { isInForce } from '../relationship/window';
import type { Instant } from '../time/calendar';

/** Points that come or go, as they were told. */
export interface PointsMovement {
  readonly at: Instant;
  /** Null: of the customer's account, outside of all programmes. */
  readonly membershipId: string | null;
  /** A reward is a fact; what orders earn and reversals take back follows from the rules in force (`domain.md §8.2`). */
  readonly source: 'order' | 'reward' | 'reversal';
  /** Of the order; null for a reward. */
  readonly orderId: string | null;
  readonly points: number;
}

/** A movement as it counts: nothing takes a balance below 0. */
export interface PointsEntry extends PointsMovement {
  readonly pointsDelta: number;
  /** Of its membership or of the account, after it. */
  readonly balance: number;
}

/** The membership of a programme that was active when the order was placed; of several the first. */
const membershipAt = ({ memberships }: Evidence, programId: string, at: Instant): string | null => {
  for (const { membershipId, programId: of, enrolledAt, validTo } of memberships.values())
    if (of === programId && enrolledAt !== null && isInForce(enrolledAt, validTo, at)) return membershipId;
  return null;
};

/** What is left of an order's points when so much of its net amount was given back. */
const keptOf = (points: number, netMinor: number, reversedMinor: number): number =>
  netMinor <= 0 ? 0 : Math.floor((points * Math.max(0, netMinor - reversedMinor)) / netMinor);

/**
 * What orders earned for memberships, and what their reversals take back in proportion, by when they
 * happened. The rule in force at the order's instant counts (`OrderEvidence.points`).
 */
export const orderPointsOf = (evidence: Evidence): ReadonlyArray<PointsMovement> => {
  if (evidence.memberships.size === 0) return none;
  const movements: PointsMovement[] = [];
  const earning = new Map<string, { readonly order: OrderEvidence; reversedMinor: number }>();
  const each = (order: OrderEvidence, see: (membershipId: string, points: number) => void): void => {
    if (order.placedAt === null) return;
    for (const { programId, points } of order.points) {
      const membershipId = membershipAt(evidence, programId, order.placedAt);
      if (membershipId !== null) see(membershipId, points);
    }
  };
  for (const order of evidence.placedOrders) {
    const { points, placedAt, orderId } = order;
    if (points.length === 0 || placedAt === null) continue;
    earning.set(orderId, { order, reversedMinor: 0 });
    each(order, (membershipId, earned) =>
      movements.push({ at: placedAt, membershipId, source: 'order', orderId, points: earned }),
    );
  }
  if (movements.length === 0) return none;
  for (const { orderId, at, amountMinor } of evidence.reversals) {
    const known = earning.get(orderId);
    if (known === undefined) continue;
    const before = known.reversedMinor;
    known.reversedMinor += amountMinor;
    const { netMinor } = known.order;
    each(known.order, (membershipId, earned) => {
      // Of an order without an amount everything is kept until the first reversal.
      const had = before === 0 && netMinor <= 0 ? earned : keptOf(earned, netMinor, before);
      const lost = had - keptOf(earned, netMinor, known.reversedMinor);
      if (lost > 0) movements.push({ at, membershipId, source: 'reversal', orderId, points: -lost });
    });
  }
  return movements.sort((one, other) => one.at - other.at);
};

const none: ReadonlyArray<PointsMovement> = [];

/** Orders first, then rewards, then what is taken back, when they happened at one instant. */
const place = { order: 0, reward: 1, reversal: 2 } as const;

export const compareMovements = (one: PointsMovement, other: PointsMovement): number =>
  one.at - other.at || place[one.source] - place[other.source];

/**
 * The ledger of a customer's points, by when they moved. A balance is never below 0: what would take more
 * than there is (a reversal after the points were spent, facts from elsewhere) takes what there is.
 */
export const pointsLedger = (evidence: Evidence): ReadonlyArray<PointsEntry> => {
  const earned = orderPointsOf(evidence);
  const movements: PointsMovement[] = [...earned];
  for (const { at, membershipId, pointsDelta } of evidence.rewards)
    if (pointsDelta !== 0) movements.push({ at, membershipId, source: 'reward', orderId: null, points: pointsDelta });
  movements.sort(compareMovements);
  const balances = new Map<string | null, number>();
  return movements.map((movement) => {
    const before = balances.get(movement.membershipId) ?? 0;
    const balance = Math.max(0, before + movement.points);
    balances.set(movement.membershipId, balance);
    return { ...movement, pointsDelta: balance - before, balance };
  });
};
