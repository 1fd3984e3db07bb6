import { showExact } from './exact';
import type { Figure } from './figures';
import type { ImportReport } from './source';

const shown = ({ unit }: Figure, value: number): string =>
  unit === 'money' ? showExact(value) : value.toString().replace(/\B(?=(\d{3})+$)/g, ' ');

const table = (rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  return rows.map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
  );
};

/** The report for a terminal: plain text, no colours, ends without a line end. */
export const formatReport = (report: ImportReport): string => {
  const { format, lines, facts, factsByType, endsAt, figures, unmapped, remarks, agrees } = report;
  const out = [`${format}: ${lines} lines, ${facts} facts${endsAt === null ? '' : `, the last at ${endsAt}`}`];
  out.push(...table(Object.entries(factsByType).map(([type, count]) => [`  ${type}`, String(count)])));
  if (figures.length > 0) {
    out.push('', 'Figures of the file beside those of the facts');
    out.push(
      ...table([
        ['', 'file', 'facts', 'not mapped', 'rounding', ''],
        ...figures.map((figure) => [
          `  ${figure.name}`,
          shown(figure, figure.input),
          shown(figure, figure.facts),
          shown(figure, figure.unmapped),
          figure.unit === 'money' ? showExact(figure.rounding) : '',
          figure.agrees ? 'agrees' : 'DIFFERS',
        ]),
      ]),
    );
  }
  if (unmapped.length > 0) {
    out.push('', 'Not mapped');
    for (const { meaning, lines: count, parts, amount, examples } of unmapped) {
      const ofParts = parts > 0 ? ` and parts of ${parts} more` : '';
      out.push(`  ${count}${ofParts}, ${showExact(amount)}: ${meaning}`);
      for (const { line, text } of examples) out.push(`    line ${line}: ${text}`);
    }
  }
  if (remarks.length > 0) out.push('', 'Remarks', ...remarks.map((remark) => `  ${remark}`));
  if (figures.length > 0) out.push('', agrees ? 'Everything agrees.' : 'NOT EVERYTHING AGREES.');
  return out.join('\n');
};
