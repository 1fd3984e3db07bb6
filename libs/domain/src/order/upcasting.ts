import type { JsonRecord } from '../facts/structure';

/** Version 1 called the total `totalMinor`; version 2 says that it is net of discounts. */
export const upcastOrderPlacedFrom1 = (data: JsonRecord): JsonRecord => {
  const { totalMinor, ...rest } = data;
  return totalMinor === undefined ? data : { ...rest, totalNetMinor: totalMinor };
};
