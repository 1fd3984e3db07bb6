import { openIntakeOnly } from '@afecto/application';
import * as E from 'fp-ts/Either';
import {
  formatReport,
  type ImportSource,
  openNdjson,
  openOnlineRetail,
  openSuperstore,
  superstorePath,
} from '../import';
import type { Format } from '../import';
import type { CommandSettings } from '../settings';
import { count, progressLine, rate } from '../terminal/progress';
import { done, failed, json, type Outcome, refused } from './outcome';
import { project } from './project';

/** Facts handed to the store at once. */
const FACTS_A_CALL = 500;

export interface ImportOptions {
  readonly file?: string;
  readonly format: Format;
  readonly reportingCurrency?: string;
  readonly exchangeRate?: number;
  readonly signal: AbortSignal;
}

export interface Imported {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly interrupted: boolean;
  readonly seconds: number;
}

const CURRENCIES: Readonly<Record<Format, string>> = { ndjson: 'GBP', superstore: 'USD', 'online-retail': 'GBP' };

const open = (options: ImportOptions): E.Either<{ readonly message: string }, ImportSource<unknown>> => {
  const { format, file, exchangeRate } = options;
  const currency = {
    reportingCurrency: options.reportingCurrency ?? CURRENCIES[format],
    ...(exchangeRate === undefined ? {} : { exchangeRate }),
  };
  if (format === 'superstore') return openSuperstore({ path: file ?? superstorePath() }, currency);
  if (file === undefined) return E.left({ message: `--format ${format} needs a FILE (or - for standard input)` });
  const input = file === '-' ? { stream: process.stdin } : { path: file };
  return format === 'online-retail' ? openOnlineRetail(input, currency) : E.right(openNdjson(input));
};

type Intake = Extract<ReturnType<typeof openIntakeOnly>, { readonly _tag: 'Right' }>['right']['intake'];

/**
 * Takes all facts of a source in, in calls of some hundred, each durable before the next. An
 * interruption ends between two calls; the same import again continues, because repeats are harmless.
 */
export const takeIn = async (
  intake: Intake,
  source: Pick<ImportSource<unknown>, 'facts' | 'progress'>,
  {
    shown,
    signal,
    title = 'facts in',
  }: { readonly shown: boolean; readonly signal: AbortSignal; readonly title?: string },
): Promise<E.Either<{ readonly message: string }, Imported>> => {
  const started = performance.now();
  const line = progressLine(title, shown);
  let [accepted, duplicates, rejected, interrupted] = [0, 0, 0, false];
  let call: unknown[] = [];
  const flush = async (): Promise<string | null> => {
    const result = await intake.accept(call);
    call = [];
    if (E.isLeft(result)) return result.left.message;
    accepted += result.right.accepted;
    duplicates += result.right.duplicates;
    rejected += result.right.rejected.length;
    const { readBytes, totalBytes } = source.progress();
    const facts = accepted + duplicates + rejected;
    line.update(totalBytes === null ? facts : readBytes, totalBytes, `${count(facts)} facts, ${rate(facts, started)}`);
    return null;
  };
  try {
    for await (const fact of source.facts) {
      call.push(fact);
      if (call.length < FACTS_A_CALL) continue;
      const failure = await flush();
      if (failure !== null) return E.left({ message: failure });
      interrupted = signal.aborted;
      if (interrupted) break;
    }
    const failure = interrupted ? null : await flush();
    if (failure !== null) return E.left({ message: failure });
  } catch (error) {
    return E.left({ message: `the input cannot be read any further: ${String(error)}` });
  } finally {
    line.end();
  }
  return E.right({ accepted, duplicates, rejected, interrupted, seconds: (performance.now() - started) / 1_000 });
};

export const importFile = async (settings: CommandSettings, options: ImportOptions): Promise<Outcome> => {
  const source = open(options);
  if (E.isLeft(source)) return failed(source.left.message);
  const opened = openIntakeOnly(settings);
  if (E.isLeft(opened)) return failed(opened.left.message);
  const { intake, quarantine, close } = opened.right;
  const shown = !settings.json;
  const taken = await takeIn(intake, source.right, { shown, signal: options.signal });
  const inQuarantine = quarantine.count();
  await close();
  if (E.isLeft(taken)) return failed(taken.left.message);

  const result = taken.right;
  const report = source.right.report();
  const projected = result.interrupted ? null : await project(settings, { shown, signal: options.signal });
  if (projected !== null && E.isLeft(projected)) return failed(projected.left.message);
  const memory = Math.round(process.resourceUsage().maxRSS / 1_024);
  const quarantineFile = result.rejected > 0 ? settings.quarantine : null;
  const end =
    result.rejected > 0 ||
    result.interrupted ||
    !report.agrees ||
    report.unmapped.some(({ lines }) => lines > 0 && report.format === 'ndjson')
      ? refused
      : done;
  if (settings.json)
    return end(json({ ...result, quarantineFile, projected: projected?.right ?? null, memoryMiB: memory, report }));
  return end(
    [
      formatReport(report),
      '',
      `${count(result.accepted)} facts accepted, ${count(result.duplicates)} were here before, ${count(result.rejected)} refused, in ${result.seconds.toFixed(1)} s`,
      ...(projected === null
        ? []
        : [`projected in ${projected.right.seconds.toFixed(1)} s: ${count(projected.right.customers)} customers`]),
      `${memory} MiB resident at most`,
      ...(quarantineFile === null ? [] : [`refused facts are in ${quarantineFile} (${count(inQuarantine)} in all)`]),
      ...(result.interrupted ? ['interrupted; the same command goes on where it stopped'] : []),
    ].join('\n'),
  );
};
