import { statSync } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { openIntakeOnly } from '@afecto/application';
import { DAY_MS } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import {
  formatReport,
  type ImportReport,
  type ImportSource,
  openNdjson,
  openOnlineRetail,
  openSuperstore,
  superstorePath,
} from '../import';
import type { Format } from '../import';
import type { CommandSettings } from '../settings';
import { count, counted } from '../terminal/numbers';
import { done, failed, interrupted, json, type Outcome, refused } from './outcome';
import { project, type Projected } from './project';
import { type Imported, takeIn } from './take-in';

export interface ImportOptions {
  readonly file?: string;
  readonly format: Format;
  readonly reportingCurrency?: string;
  readonly exchangeRate?: number;
  readonly signal: AbortSignal;
}

const CURRENCIES: Readonly<Record<Format, string>> = { ndjson: 'GBP', superstore: 'USD', 'online-retail': 'GBP' };

/** Data that ends longer ago than this is history: its zones of today say little. */
const HISTORY_DAYS = 180;

const cannotRead = (file: string): string | null => {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return `There is no file ${file}.`;
  return found.isDirectory() ? `${file} is a folder, not a file.` : null;
};

const open = (options: ImportOptions): E.Either<{ readonly message: string }, ImportSource<unknown>> => {
  const { format, exchangeRate } = options;
  const file = options.file ?? (format === 'superstore' ? superstorePath() : undefined);
  if (file === undefined) return E.left({ message: 'import needs a FILE, or - for standard input.' });
  if (format === 'ndjson' && (options.reportingCurrency ?? exchangeRate) !== undefined)
    return E.left({
      message: '--reporting-currency and --exchange-rate are for CSV: a fact says its currency itself.',
    });
  const problem = file === '-' ? null : cannotRead(file);
  if (problem !== null) return E.left({ message: problem });
  // Whoever writes to standard input may pause: the end of the wish to read is not waited for there.
  const input = file === '-' ? { stream: addAbortSignal(options.signal, process.stdin) } : { path: file };
  const currency = {
    reportingCurrency: options.reportingCurrency ?? CURRENCIES[format],
    ...(exchangeRate === undefined ? {} : { exchangeRate }),
  };
  if (format === 'superstore') return openSuperstore(input, currency);
  return format === 'online-retail' ? openOnlineRetail(input, currency) : E.right(openNdjson(input));
};

/** Lines that are no fact, or no line of the format, at all: each is one refused. What a format has no fact for is not. */
const unreadableLines = ({ format, unmapped }: ImportReport): number =>
  unmapped.reduce((sum, { code, lines }) => (format === 'ndjson' || code === 'unreadable' ? sum + lines : sum), 0);

const textOf = (
  settings: CommandSettings,
  report: ImportReport,
  result: Omit<Imported, 'endsAt'>,
  projected: Projected | null,
  inQuarantine: number,
): string => {
  const { accepted, duplicates, rejected, reasons, seconds } = result;
  const lines = [
    formatReport(report),
    '',
    `${counted(accepted, 'fact')} accepted, ${count(duplicates)} were here before, ${count(rejected)} refused, in ${seconds.toFixed(1)} s`,
  ];
  for (const { id, code, message } of reasons) lines.push(`  refused ${id ?? '(no id)'}: ${code}, ${message}`);
  if (rejected > reasons.length) lines.push(`  and ${count(rejected - reasons.length)} more`);
  if (rejected > 0)
    lines.push(`Refused facts are kept with their reason in ${settings.quarantine} (${count(inQuarantine)} in all)`);
  if (projected !== null)
    lines.push(`projected in ${projected.seconds.toFixed(1)} s: ${counted(projected.customers, 'customer')}`);
  lines.push(`${memoryMiB()} MiB resident at most`);
  const { endsAt } = report;
  if (endsAt !== null && projected !== null && settings.now() - Date.parse(endsAt) > HISTORY_DAYS * DAY_MS)
    lines.push(`These facts are history. To see the customers as they were then, add --as-of ${endsAt}`);
  return lines.join('\n');
};

const memoryMiB = (): number => Math.round(process.resourceUsage().maxRSS / 1_024);

/**
 * An import makes much garbage that dies at once. Left alone, V8 answers with a nursery of some hundred
 * MiB, which stays resident for nothing: the store, not the collector, sets the pace.
 */
const keepNurserySmall = (): void => setFlagsFromString('--semi-space-growth-factor=1');

/** Takes a file in and brings the read models up to it. Exit 1 when anything was refused or disagrees. */
export const importFile = async (settings: CommandSettings, options: ImportOptions): Promise<Outcome> => {
  keepNurserySmall();
  const source = open(options);
  if (E.isLeft(source)) return failed(source.left.message);
  const opened = await openIntakeOnly(settings);
  if (E.isLeft(opened)) return failed(opened.left.message);
  const { intake, quarantine, close } = opened.right;
  const shown = !settings.json;
  const taken = await takeIn(intake, source.right, { shown, signal: options.signal });
  const inQuarantine = quarantine.count();
  await close();
  if (E.isLeft(taken)) return failed(taken.left.message);

  const { endsAt, ...result } = taken.right;
  const projected = result.interrupted ? null : await project(settings, { shown, signal: options.signal });
  if (projected !== null && E.isLeft(projected)) return failed(projected.left.message);
  const report = { ...source.right.report(), endsAt };
  const quarantineFile = result.rejected > 0 ? settings.quarantine : null;
  const text = settings.json
    ? json({
        ...result,
        interrupted: options.signal.aborted,
        quarantineFile,
        projected: projected?.right ?? null,
        memoryMiB: memoryMiB(),
        report: result.interrupted ? null : report,
      })
    : '';
  if (result.interrupted)
    return interrupted(
      `Interrupted: ${counted(result.accepted, 'new fact')} are in the store, whole. The same command goes on where it stopped.`,
      text,
    );
  if (options.signal.aborted)
    return interrupted('Interrupted: all facts are in the store; the next command finishes the read models.', text);
  const end = result.rejected > 0 || unreadableLines(report) > 0 || !report.agrees ? refused : done;
  return end(settings.json ? text : textOf(settings, report, result, projected?.right ?? null, inQuarantine));
};
