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
