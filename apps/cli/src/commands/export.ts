import { once } from 'node:events';
import { classesOfExport, EVERYBODY, openReadOnlyStore } from '@afecto/application';
import { isFactType, readCloudEvent } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { OutputFile } from '../export/output-file';
import type { CommandSettings } from '../settings';
import { counted, rate } from '../terminal/numbers';
import { progressLine, type ProgressLine } from '../terminal/progress';
import { denied, done, failed, interrupted, json, type Outcome, refused, unwritten } from './outcome';
import { onRecord } from './privacy-record';
import { existingStore } from './store-file';

interface ExportOptions {
  readonly file?: string;
  readonly signal: AbortSignal;
}

interface Written {
  readonly facts: number;
  /** Events of a fact's type that this program cannot read: they stay in the log, and are left out here. */
  readonly unreadable: number;
}

/** Writes the facts one a line and resolves to their number; ends early at the signal. */
const writeFacts = async (
  store: EventStore,
  write: (line: string) => Promise<unknown>,
  line: ProgressLine,
  signal: AbortSignal,
): Promise<Written> => {
  const head = Number(await store.head());
  const started = performance.now();
  let facts = 0;
  let unreadable = 0;
  for await (const page of store.readAll()) {
    for (const event of page) {
      if (!isFactType(event.type)) continue;
      const fact = readCloudEvent(event);
      if (E.isLeft(fact)) {
        unreadable += 1;
        continue;
      }
      facts += 1;
      await write(`${JSON.stringify(fact.right)}\n`);
    }
    line.update(Number(page.at(-1)?.position ?? 0n), head, `${counted(facts, 'fact')}, ${rate(facts, started)}`);
    if (signal.aborted) break;
  }
  return { facts, unreadable };
};

const toStandardOutput = async (line: string): Promise<void> => {
  if (!process.stdout.write(line)) await once(process.stdout, 'drain');
};

/** What is left out is no success, however much is written. */
const leftOut = (unreadable: number): string =>
  `${counted(unreadable, 'event')} left out, because this program cannot read ${unreadable === 1 ? 'it' : 'them'}; see: afecto dead-letters`;

const exportToFile = async (
  settings: CommandSettings,
  store: EventStore,
  file: string,
  signal: AbortSignal,
): Promise<Outcome> => {
  const line = progressLine('export', !settings.json);
  const out = await OutputFile.create(file);
  try {
    const { facts, unreadable } = await writeFacts(store, (text) => out.write(Buffer.from(text)), line, signal);
    if (signal.aborted) return interrupted(`Interrupted: ${file} was not written.`);
    await out.close();
    const end = unreadable === 0 ? done : refused;
    const written = `${counted(facts, 'fact')} in ${file}`;
    if (settings.json) return end(json({ facts, file, ...(unreadable === 0 ? {} : { unreadable }) }));
    return end(unreadable === 0 ? written : `${written}\n${leftOut(unreadable)}`);
  } finally {
    line.end();
    await out.abandon();
  }
};

/**
 * Writes all facts of the log, in order, as NDJSON of CloudEvents; `import` of it into an empty store
 * gives the same facts. A file appears under its name only when it is complete.
 */
export const exportLog = async (settings: CommandSettings, { file, signal }: ExportOptions): Promise<Outcome> => {
  const existing = existingStore(settings);
  if (E.isLeft(existing)) return failed(existing.left.message);
  const opened = await openReadOnlyStore(settings);
  if (E.isLeft(opened)) return failed(opened.left.message);
  const store = opened.right;
  try {
    const unrecorded = await onRecord('afecto export', new Map([[EVERYBODY, classesOfExport]]), settings);
    if (unrecorded !== null) return failed(unrecorded);
    if (file !== undefined && file !== '-') return await exportToFile(settings, store, file, signal);
    const { facts, unreadable } = await writeFacts(store, toStandardOutput, progressLine('export', false), signal);
    const written = { isWritten: true } as const;
    if (signal.aborted) return { ...interrupted(`Interrupted after ${counted(facts, 'fact')}.`), ...written };
    return unreadable === 0 ? done('') : { ...denied(leftOut(unreadable)), ...written };
  } catch (error) {
    return unwritten(error);
  } finally {
    await store.close();
  }
};
