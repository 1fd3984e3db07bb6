import { showExact } from './exact';
import type { Figure } from './figures';
import type { ImportReport } from './source';

const grouped = (value: number): string => value.toString().replace(/\B(?=(\d{3})+$)/g, ',');

const shown = ({ unit }: Figure, value: number): string => (unit === 'money' ? showExact(value) : grouped(value));

/** What a person knows of a file and checks first; the other figures follow as they come. */
const CHECKED_FIRST = ['customers', 'invoices', 'orders', 'cancellations', 'net revenue', 'sales'];

const place = ({ name }: Figure): number => {
  const at = CHECKED_FIRST.indexOf(name);
  return at < 0 ? CHECKED_FIRST.length : at;
};

const table = (rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
};

/** What a person compares with what is known of the file, and whether all of it agrees. */
const figuresText = ({ figures, agrees }: ImportReport): ReadonlyArray<string> =>
  figures.length === 0
    ? []
    : [
        ...table([
          ['  figures', 'file', 'facts', 'not mapped', 'rounding', ''],
          ...figures
            .toSorted((a, b) => place(a) - place(b))
            .map((figure) => [
              `  ${figure.name}`,
              shown(figure, figure.input),
              shown(figure, figure.facts),
              shown(figure, figure.unmapped),
              figure.unit === 'money' ? showExact(figure.rounding) : '',
              figure.agrees ? 'agrees' : 'DIFFERS',
            ]),
        ]),
        `  ${agrees ? 'Everything agrees. (file = facts + not mapped + rounding)' : 'NOT EVERYTHING AGREES.'}`,
        '',
      ];

const unmappedText = ({ unmapped, format }: ImportReport): ReadonlyArray<string> => {
  if (unmapped.length === 0) return [];
  const out = ['', 'Not mapped'];
  for (const { meaning, lines, parts, amount, examples } of unmapped) {
    const ofParts = parts > 0 ? ` and parts of ${grouped(parts)} more` : '';
    const worth = format === 'ndjson' ? '' : `, ${showExact(amount)}`;
    out.push(`  ${grouped(lines)}${ofParts}${worth}: ${meaning}`);
    for (const { line, text } of examples) out.push(`    line ${line}: ${text}`);
  }
  return out;
};

/**
 * The report for a terminal: plain text, no colours, ends without a line end. First the figures that a
 * person checks, then the facts, then what was not mapped.
 */
export const formatReport = (report: ImportReport): string => {
  const { format, lines, facts, factsByType, endsAt, remarks, missingColumns } = report;
  const last = endsAt === null ? '' : `, the last at ${endsAt}`;
  return [
    ...(missingColumns.length > 0
      ? [`The header lacks ${missingColumns.join(', ')} (columns are separated by commas): nothing was taken in.`, '']
      : []),
    ...figuresText(report),
    `${format}: ${grouped(lines)} lines became ${grouped(facts)} facts${last}`,
    ...table(Object.entries(factsByType).map(([type, count]) => [`  ${type}`, grouped(count)])),
    ...unmappedText(report),
    ...(remarks.length > 0 ? ['', 'Remarks', ...remarks.map((remark) => `  ${remark}`)] : []),
  ].join('\n');
};
