/** The most of a cause within any stretch of days, and when that was; days by their numbers. */
export interface Accumulation {
  readonly most: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Where most lie within `windowDays` days, the latest of several such stretches (`domain.md §9.3`, repeat
 * root causes). `days`: how many on which day, ascending. `endsFrom`: the first day on which a stretch may
 * end. Null without any.
 */
export const accumulationOf = (
  days: ReadonlyArray<readonly [day: number, many: number]>,
  windowDays: number,
  endsFrom: number,
): Accumulation | null => {
  let best: Accumulation | null = null;
  let first = 0;
  let within = 0;
  for (const [day, many] of days) {
    within += many;
    for (let oldest = days[first]; oldest !== undefined && day - oldest[0] >= windowDays; oldest = days[++first])
      within -= oldest[1];
    if (day >= endsFrom && (best === null || within >= best.most))
      best = { most: within, from: days[first]?.[0] ?? day, to: day };
  }
  return best;
};
