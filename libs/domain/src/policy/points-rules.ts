import type * as t from 'io-ts';
import { id, integer } from '../facts/codec';
import { list, record } from '../facts/structure';

const MAX_RULES = 100;
const MAX_POINTS_AN_ORDER = 1_000_000;
const MAX_MINOR_A_POINT = 1_000_000_000;

/**
 * How an order earns points for a member of a programme (`domain.md §8.2`, §18 row 92): so many for each order
 * (frequency), and one for each whole `minorPerPoint` of its net amount in the reporting currency (value).
 */
export const pointsRules = list(
  record(
    { programId: id, pointsPerOrder: integer(0, MAX_POINTS_AN_ORDER) },
    { minorPerPoint: integer(1, MAX_MINOR_A_POINT) },
  ),
  0,
  MAX_RULES,
);
export type PointsRules = t.TypeOf<typeof pointsRules>;

/** What the rules give for an order, by programme. */
export interface OrderPoints {
  readonly programId: string;
  readonly points: number;
}

const MAX_POINTS = 1_000_000_000;

/** The points of an order of this net amount, minor units; programmes without any are left out. */
export const pointsFor = (rules: PointsRules | undefined, netMinor: number): ReadonlyArray<OrderPoints> => {
  if (rules === undefined || rules.length === 0) return none;
  const earned = rules.flatMap(({ programId, pointsPerOrder, minorPerPoint }) => {
    const byValue = minorPerPoint === undefined ? 0 : Math.floor(Math.max(0, netMinor) / minorPerPoint);
    const points = Math.min(MAX_POINTS, pointsPerOrder + byValue);
    return points === 0 ? [] : [{ programId, points }];
  });
  return earned.length === 0 ? none : earned;
};

const none: ReadonlyArray<OrderPoints> = [];
