import { once } from 'node:events';
import { open, rename, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { classesOfExport, EVERYBODY, openReadOnlyStore } from '@afecto/application';
import { isFactType, readCloudEvent } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { counted, rate } from '../terminal/numbers';
import { progressLine, type ProgressLine } from '../terminal/progress';
import { denied, done, failed, interrupted, json, type Outcome, refused } from './outcome';
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
  out: Writable,
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
      if (!out.write(`${JSON.stringify(fact.right)}\n`)) await once(out, 'drain');
    }
    line.update(Number(page.at(-1)?.position ?? 0n), head, `${counted(facts, 'fact')}, ${rate(facts, started)}`);
    if (signal.aborted) break;
  }
  return { facts, unreadable };
};

/** What is left out is no success, however much is written. */
const leftOut = (unreadable: number): string =>
  `${counted(unreadable, 'event')} left out, because this program cannot read ${unreadable === 1 ? 'it' : 'them'}; see: afecto dead-letters`;

/** Under another name until it is complete and durable. */
const exportToFile = async (
  settings: CommandSettings,
  store: EventStore,
  file: string,
  signal: AbortSignal,
): Promise<Outcome> => {
  const part = `${file}.part`;
  const line = progressLine('export', !settings.json);
  let complete = false;
  try {
    const handle = await open(part, 'w');
    const out = handle.createWriteStream({ flush: true });
    const ended = once(out, 'close');
    const { facts, unreadable } = await writeFacts(store, out, line, signal);
    out.end();
    await ended;
    if (signal.aborted) return interrupted(`Interrupted: ${file} was not written.`);
    await rename(part, file);
    complete = true;
    const end = unreadable === 0 ? done : refused;
    const written = `${counted(facts, 'fact')} in ${file}`;
    if (settings.json) return end(json({ facts, file, ...(unreadable === 0 ? {} : { unreadable }) }));
    return end(unreadable === 0 ? written : `${written}\n${leftOut(unreadable)}`);
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return failed(`${file} cannot be written: ${error.message}`);
  } finally {
    line.end();
    if (!complete) await rm(part, { force: true });
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
    const unwritten = await onRecord('afecto export', new Map([[EVERYBODY, classesOfExport]]), settings);
    if (unwritten !== null) return failed(unwritten);
    if (file !== undefined && file !== '-') return await exportToFile(settings, store, file, signal);
    const { facts, unreadable } = await writeFacts(store, process.stdout, progressLine('export', false), signal);
    if (signal.aborted) return interrupted(`Interrupted after ${counted(facts, 'fact')}.`);
    return unreadable === 0 ? done('') : denied(leftOut(unreadable));
  } finally {
    await store.close();
  }
};
