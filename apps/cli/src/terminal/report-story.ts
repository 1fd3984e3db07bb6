import type { JsonObject } from '@afecto/projections';
import { colours } from './colours';
import { outline } from './outline';

/** Rows of a list that are shown; the rest is counted. */
const ROWS = 8;

const listOf = (value: JsonObject[string] | undefined): ReadonlyArray<JsonObject> =>
  Array.isArray(value)
    ? value.filter((entry): entry is JsonObject => typeof entry === 'object' && entry !== null && !Array.isArray(entry))
    : [];

/** A list's first rows, each without the lists in it: those are for machines. */
const shortened = (value: JsonObject[string] | undefined): JsonObject[string] => {
  const rows = listOf(value);
  if (rows.length === 0) return value ?? null;
  return rows
    .slice(0, ROWS)
    .map((row) => Object.fromEntries(Object.entries(row).filter(([, field]) => listOf(field).length === 0)));
};

/** A target of the plan: its bounds, and whether they are kept. */
const targetLine = ({ indicator, atLeast, atMost, isMet }: JsonObject): string => {
  const bounds = [
    ...(typeof atLeast === 'number' ? [`at least ${atLeast}`] : []),
    ...(typeof atMost === 'number' ? [`at most ${atMost}`] : []),
  ].join(', ');
  const state =
    isMet === null ? colours.dim('no value yet') : isMet === true ? colours.green('met') : colours.red('missed');
  return `${colours.dim(`target of ${String(indicator)}: ${bounds}`)} ${state}`;
};

/** Indicators, each with the first rows of what it says and the targets that it has. */
const indicatorLines = (indicators: JsonObject[string] | undefined): ReadonlyArray<string> =>
  listOf(indicators).map(({ label, value, targets }) => {
    const rest = listOf(value ?? null).length - ROWS;
    const more = rest > 0 ? `\n    ${colours.dim(`and ${rest} more (--json has all)`)}` : '';
    const aims = listOf(targets ?? null).map((target) => `\n    ${targetLine(target)}`);
    return `${outline({ [String(label)]: shortened(value) })}${more}${aims.join('')}`;
  });

/** A framework as a person reads it: the results, and step by step what does it and what the figures say. */
export const reportStory = (report: JsonObject): string =>
  [
    colours.bold(String(report['title'])),
    ...indicatorLines(report['results']),
    ...listOf(report['steps']).flatMap((step, index) => [
      '',
      `${colours.bold(colours.cyan(`${index + 1}. ${String(step['name'])}`))} ${colours.dim(`(${String(step['spanish'])})`)}`,
      `  ${String(step['software'])}`,
      ...indicatorLines(step['indicators']),
    ]),
  ].join('\n');
