/** The Pareto principle that the check is named after: 20 % of the customers, 80 % of the contribution. */
const topCustomers = 0.2;
const mostOfIt = 0.8;
const noise = 1e-9;

export interface ParetoCheck {
  readonly customers: number;
  /** Share 0..1 of the positive contribution that the top 20 % earn; null when nobody earns any. */
  readonly topShare: number | null;
  /** k/N: share of customers needed for 80 % of the positive contribution; null likewise. */
  readonly neededShare: number | null;
}

/** Pareto check over contributions in minor units, negative ones counting as 0 (`domain.md §6.5`). */
export const paretoCheck = (contributionsMinor: ReadonlyArray<number>): ParetoCheck => {
  const earned = Float64Array.from(contributionsMinor, (contribution) => Math.max(0, contribution))
    .sort()
    .reverse();
  const total = earned.reduce((sum, contribution) => sum + contribution, 0);
  const customers = earned.length;
  if (total === 0) return { customers, topShare: null, neededShare: null };
  const places = Math.ceil(topCustomers * customers - noise);
  let reached = 0;
  let needed = 0;
  let top = 0;
  for (const [index, contribution] of earned.entries()) {
    if (reached < mostOfIt * total) needed += 1;
    reached += contribution;
    if (index + 1 === places) top = reached;
  }
  return { customers, topShare: top / total, neededShare: needed / customers };
};

/**
 * Herfindahl–Hirschman index Σ share² of contributions by segment, 0..1, over their positive parts;
 * null when there are none (`domain.md §6.5`; the warning starts at `value.hhiWarning`).
 */
export const concentrationIndex = (contributionsMinor: ReadonlyArray<number>): number | null => {
  const total = contributionsMinor.reduce((sum, contribution) => sum + Math.max(0, contribution), 0);
  return total === 0
    ? null
    : contributionsMinor.reduce((sum, contribution) => sum + (Math.max(0, contribution) / total) ** 2, 0);
};
