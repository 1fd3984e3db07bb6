import { table } from '../terminal/table';
import { type Goal, lessIsBetter, type MeasuredLine, summaryOf } from './figures';

/** A line that gave no figure, and why. */
export interface FailedLine {
  readonly name: string;
  readonly error: string;
}

export interface BenchResult {
  readonly lines: ReadonlyArray<MeasuredLine>;
  readonly failed: ReadonlyArray<FailedLine>;
}

const shown = (value: number | null): string =>
  value === null ? '' : value >= 100 ? Math.round(value).toLocaleString('en-GB') : value.toFixed(value >= 10 ? 1 : 2);

const HEADS = ['', 'what', 'median', 'unit', 'min..max', 'raw', 'ratio', 'floor', 'aim', 'reached', 'note'];
const RIGHT = [2, 4, 5, 6, 7, 8];
const VERDICTS = { aim: 'aim', floor: 'floor', below: 'no' } as const;

const wanted = (goal: Goal | null, unit: string, which: 'floor' | 'aim'): string => {
  if (goal === null) return '';
  const sign = goal.of === 'value' && lessIsBetter(unit) ? '≤' : '≥';
  return `${goal.of === 'ratio' ? 'ratio ' : ''}${sign} ${shown(goal[which])}`;
};

const rowOf = (line: MeasuredLine): ReadonlyArray<string> => {
  const { name, what, unit, goal, note = '' } = line;
  const { median, least, most, raw, ratio, verdict } = summaryOf(line);
  return [
    name,
    what,
    shown(median),
    unit,
    `${shown(least)}..${shown(most)}`,
    shown(raw),
    shown(ratio),
    wanted(goal, unit, 'floor'),
    wanted(goal, unit, 'aim'),
    verdict === null ? '' : VERDICTS[verdict],
    note,
  ];
};

const failures = ({ failed }: BenchResult): string => failed.map(({ name, error }) => `\n${name}: ${error}`).join('');

/** All lines as one table for a terminal. */
export const asText = (result: BenchResult): string =>
  table([HEADS, ...result.lines.map(rowOf)], RIGHT) + failures(result);

/** The same as a table of Markdown, for `docs/performance.md`. */
export const asMarkdown = (result: BenchResult): string => {
  const row = (cells: ReadonlyArray<string>): string => `| ${cells.join(' | ')} |`;
  const rule = HEADS.map((_, column) => (RIGHT.includes(column) ? '---:' : '---'));
  return [HEADS, rule, ...result.lines.map(rowOf)].map(row).join('\n') + failures(result);
};

/** The same for machines, with every round. */
export const asJson = (result: BenchResult, at: Date): string =>
  `${JSON.stringify(
    {
      at: at.toISOString(),
      lines: result.lines.map((line) => ({ ...line, ...summaryOf(line) })),
      failed: result.failed,
    },
    null,
    2,
  )}\n`;
