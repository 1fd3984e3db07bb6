import { DAY_MS, type Instant, type Rhythm } from '@afecto/domain';

export interface Cadence {
  readonly ipiDays: number;
  /** Gaps that it rests on, lapsed periods left out. */
  readonly gaps: number;
  /** CV of the gaps, population standard deviation over mean: 0 is a clock; null under two gaps. */
  readonly regularity: number | null;
  /** Last order + IPI; null without orders. */
  readonly nextDueAt: Instant | null;
}

/** How regularly a customer buys and when the next order is due (`domain.md §13.5`). */
export const cadenceOf = ({ ipiDays, keptGapsDays, lastAt }: Rhythm): Cadence => {
  const gaps = keptGapsDays.length;
  const mean = keptGapsDays.reduce((sum, gap) => sum + gap, 0) / Math.max(1, gaps);
  const variance = keptGapsDays.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / Math.max(1, gaps);
  return {
    ipiDays,
    gaps,
    regularity: gaps < 2 ? null : Math.sqrt(variance) / mean,
    nextDueAt: lastAt === null ? null : lastAt + ipiDays * DAY_MS,
  };
};
