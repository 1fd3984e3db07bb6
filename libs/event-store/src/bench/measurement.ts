import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/Either';

/** One figure beside the floor it is compared with; both per second. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly raw: number;
  /** `value / raw`: the median of the ratios of runs that lie next to each other in time. */
  readonly ratio: number;
}

/** The value of a call that cannot fail here; a failure ends the measurement. */
export const right = <A>(outcome: E.Either<unknown, A>): A => {
  if (E.isLeft(outcome)) throw new Error(`The measurement failed: ${JSON.stringify(outcome.left)}`);
  return outcome.right;
};

export const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
};

/** Runs `measure` in a folder of its own, in the folder for temporary files, and removes it. */
export const inTemporaryFolder = async <A>(measure: (folder: string) => Promise<A>): Promise<A> => {
  const folder = mkdtempSync(join(tmpdir(), 'afecto-bench-'));
  try {
    return await measure(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** How many times a second `step` does its `count` things, over about `milliseconds`. */
export const rateOf = async (milliseconds: number, step: () => number | Promise<number>): Promise<number> => {
  const start = performance.now();
  let done = 0;
  let elapsed = 0;
  do {
    const count = step();
    done += typeof count === 'number' ? count : await count;
    elapsed = performance.now() - start;
  } while (elapsed < milliseconds);
  return (done / elapsed) * 1_000;
};

/**
 * Runs ours and the floor by turns, in short runs and with either first, so that a slow moment of
 * the disk or of a shared machine meets both.
 */
export const compare = async (
  name: string,
  rounds: number,
  ours: () => Promise<number>,
  floor: () => Promise<number>,
): Promise<Measurement> => {
  const values: number[] = [];
  const raws: number[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) values.push(await ours());
    raws.push(await floor());
    if (round % 2 === 1) values.push(await ours());
  }
  return {
    name,
    value: median(values),
    raw: median(raws),
    ratio: median(values.map((value, round) => value / (raws[round] ?? Number.NaN))),
  };
};
