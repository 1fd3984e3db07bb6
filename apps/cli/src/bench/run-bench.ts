import type { BenchRun } from './bench-run';
import type { MeasuredLine } from './figures';
import type { Group } from './groups';
import type { BenchResult, FailedLine } from './present';

export interface RunOptions extends Omit<BenchRun, 'say'> {
  /** Only these lines; empty: all. */
  readonly only: ReadonlySet<string>;
  /** How many groups have been measured, of how many, and what is being done. */
  readonly onProgress: (done: number, total: number, note: string) => void;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** `profile` asks for `profile-p99` too: lines of one group that begin alike. */
const isAsked = (only: ReadonlySet<string>, name: string): boolean =>
  [...only].some((asked) => name === asked || name.startsWith(`${asked}-`));

/**
 * Measures one group after another. A group that fails is told at the end and does not keep the others
 * from being measured; after the signal nothing more is begun, and what has been measured is there.
 */
export const runBench = async (groups: ReadonlyArray<Group>, options: RunOptions): Promise<BenchResult> => {
  const { only, onProgress, signal, facts, parties } = options;
  const chosen = groups.filter(({ names }) => only.size === 0 || names.some((name) => only.has(name)));
  const lines: MeasuredLine[] = [];
  const failed: FailedLine[] = [];
  for (const [done, { names, measure }] of chosen.entries()) {
    if (signal.aborted) break;
    const say = (note: string): void => onProgress(done, chosen.length, note);
    try {
      const measured = await measure({ signal, say, facts, parties });
      lines.push(...measured.filter(({ name }) => only.size === 0 || isAsked(only, name)));
    } catch (error) {
      if (!signal.aborted) failed.push({ name: names.join(', '), error: messageOf(error) });
    }
  }
  return { lines, failed };
};
