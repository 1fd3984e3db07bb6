import { conformanceCases } from './cases';
import type { ConformanceCase, Subject, Verdict } from './subject';

export interface ConformanceResult {
  readonly area: string;
  readonly name: string;
  readonly verdict: Verdict;
  readonly milliseconds: number;
}

export interface ConformanceProgress {
  readonly done: number;
  readonly of: number;
  readonly differing: number;
  readonly last: ConformanceResult;
}

/** Runs the cases one after the other against the subject and reports each; never rejects for a broken promise. */
export const runConformance = async (
  subject: Subject,
  onProgress: (progress: ConformanceProgress) => void = () => undefined,
  cases: ReadonlyArray<ConformanceCase> = conformanceCases,
): Promise<ReadonlyArray<ConformanceResult>> => {
  const results: ConformanceResult[] = [];
  let differing = 0;
  for (const { area, name, run } of cases) {
    const start = performance.now();
    const verdict = await run(subject);
    const result: ConformanceResult = { area, name, verdict, milliseconds: performance.now() - start };
    results.push(result);
    if (verdict.kind === 'differs') differing += 1;
    onProgress({ done: results.length, of: cases.length, differing, last: result });
  }
  return results;
};

const line = (cells: ReadonlyArray<string>, widths: ReadonlyArray<number>): string =>
  cells
    .map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0)))
    .join('  ');

/** A table by area, then each case that differs with what was expected and what came. */
export const conformanceTable = (results: ReadonlyArray<ConformanceResult>): string => {
  const areas = [...Map.groupBy(results, ({ area }) => area)].map(([area, within]) => {
    const count = (kind: Verdict['kind']): string =>
      String(within.filter(({ verdict }) => verdict.kind === kind).length);
    const seconds = within.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1_000;
    return [area, count('held'), count('differs'), count('notOffered'), seconds.toFixed(1)];
  });
  const table = [['area', 'held', 'differs', 'not offered', 'seconds'], ...areas];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const differing = results.flatMap(({ area, name, verdict }) =>
    verdict.kind === 'differs'
      ? [`\n${area}: ${name}\n  expected ${verdict.expected}\n  came     ${verdict.came}`]
      : [],
  );
  return [...table.map((row) => line(row, widths)), ...differing].join('\n');
};
