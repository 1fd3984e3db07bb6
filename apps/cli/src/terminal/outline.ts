import type { JsonObject } from '@afecto/projections';
import { colours } from './colours';
import { table } from './table';

type Field = JsonObject[string];

const isObject = (value: Field | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** camelCase and snake_case as words. */
const title = (name: string): string =>
  name
    .replaceAll('_', ' ')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();

const numbers = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 4 });

const cell = (value: Field | undefined): string => {
  if (value === undefined || value === null) return '–';
  if (typeof value === 'number') return numbers.format(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  return Array.isArray(value)
    ? value.map(cell).join(', ')
    : Object.entries(value)
        .map(([name, field]) => `${title(name)} ${cell(field)}`)
        .join(', ');
};

/** Rows of one shape, a column for each field that any of them has; numbers flush right. */
const rowsOf = (rows: ReadonlyArray<JsonObject>, indent: string): string => {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const right = columns.flatMap((column, index) =>
    rows.every((row) => typeof (row[column] ?? 0) === 'number') ? [index] : [],
  );
  return table(
    [
      columns.map((column) => colours.dim(title(column))),
      ...rows.map((row) => columns.map((column) => cell(row[column]))),
    ],
    right,
  )
    .split('\n')
    .map((line) => indent + line)
    .join('\n');
};

/** An answer as a person reads it: fields below one another, lists as tables. */
export const outline = (answer: JsonObject, indent = '  '): string => {
  const lines: string[] = [];
  for (const [name, value] of Object.entries(answer)) {
    const heading = `${indent}${colours.bold(title(name))}`;
    if (isObject(value)) lines.push(heading, outline(value, `${indent}  `));
    else if (Array.isArray(value) && value.length > 0 && value.every(isObject))
      lines.push(heading, rowsOf(value, `${indent}  `));
    else if (Array.isArray(value) && value.length === 0) lines.push(`${heading}  ${colours.dim('none')}`);
    else lines.push(`${heading}  ${cell(value)}`);
  }
  return lines.join('\n');
};
