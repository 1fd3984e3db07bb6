import type { FiguresSource } from '../figures/definition';
import { type Count, partsOf, prefixOf } from '../tally/contribute';
import { knownKey } from '../tally/known-key';

/**
 * Durations of which percentiles are asked exactly. A duration lies in a step: from one power of two of
 * milliseconds to the next. How many lie in each step is counted by month; so a percentile needs the few
 * steps, and then only the durations of one of them. These are counted to the millisecond, under a
 * bucket that ascends by month and then by duration.
 */
const MONTH = 2 ** 38;
/** Longer ones, of more than eight years, count as this. */
const LONGEST_MS = MONTH - 1;

/** The step of a duration in whole milliseconds; −1 for none at all. */
export const stepOf = (ms: number): number => (ms < 1 ? -1 : Math.floor(Math.log2(ms)));

/** Counts a duration of a group in a month (months since year 0). */
export const countDuration = (count: Count, report: string, group: string, month: number, ms: number): void => {
  const duration = Math.min(ms, LONGEST_MS);
  const step = stepOf(duration);
  count(knownKey(report, 'duration', group, step), month * MONTH + duration);
  count(knownKey(report, 'durations', group, step), month);
};

/** In milliseconds, by the nearest rank: a duration that there was; null without any. */
export interface Percentiles {
  readonly count: number;
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  readonly p99Ms: number | null;
}

export const NO_DURATIONS: Percentiles = { count: 0, p50Ms: null, p90Ms: null, p99Ms: null };

type Tallies = Pick<FiguresSource, 'tallySums' | 'tallyBuckets'>;

interface Months {
  readonly from: number;
  readonly to: number;
}

type Steps = Map<number, number>;

/** The durations of groups in one step, ascending. */
const durationsIn = async (
  readModels: Tallies,
  report: string,
  groups: ReadonlyArray<string>,
  step: number,
  { from, to }: Months,
): Promise<ReadonlyArray<readonly [ms: number, many: number]>> => {
  const range = { from: from * MONTH, to: (to + 1) * MONTH - 1 };
  const found: (readonly [number, number])[] = [];
  for (const group of groups)
    for (const [bucket, many] of await readModels.tallyBuckets(knownKey(report, 'duration', group, step), range))
      found.push([bucket % MONTH, many]);
  return found.sort(([a], [b]) => a - b);
};

/** Percentiles of durations in the months `from`..`to`, of all groups and of each. */
export const percentilesByGroup = async (
  readModels: Tallies,
  report: string,
  months: Months,
): Promise<{
  readonly of: (...groups: ReadonlyArray<string>) => Promise<Percentiles>;
  readonly groups: ReadonlyArray<string>;
}> => {
  const byGroup = new Map<string, Steps>();
  for (const [key, many] of await readModels.tallySums(prefixOf(report, 'durations'), months)) {
    const [, group = '', step = ''] = partsOf(key);
    const steps: Steps = byGroup.get(group) ?? new Map<number, number>();
    byGroup.set(group, steps.set(Number(step), many));
  }
  const of = async (...groups: ReadonlyArray<string>): Promise<Percentiles> => {
    const steps: Steps = new Map();
    for (const group of groups)
      for (const [step, many] of byGroup.get(group) ?? []) steps.set(step, (steps.get(step) ?? 0) + many);
    const ascending = [...steps].sort(([a], [b]) => a - b);
    const count = ascending.reduce((sum, [, many]) => sum + many, 0);
    const known = new Map<number, ReadonlyArray<readonly [number, number]>>();
    const at = async (percent: number): Promise<number | null> => {
      let rank = Math.ceil((percent * count) / 100);
      for (const [step, many] of ascending) {
        if (rank > many) {
          rank -= many;
          continue;
        }
        const durations = known.get(step) ?? (await durationsIn(readModels, report, groups, step, months));
        known.set(step, durations);
        for (const [ms, times] of durations) {
          if (rank <= times) return ms;
          rank -= times;
        }
      }
      return null;
    };
    return { count, p50Ms: await at(50), p90Ms: await at(90), p99Ms: await at(99) };
  };
  return { of, groups: [...byGroup.keys()] };
};
