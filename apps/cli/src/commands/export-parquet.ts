import { openReadOnlyStore } from '@afecto/application';
import type { EncodedRecord } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { keptIn, keptRecords } from '../export/kept-records';
import { partyEventsIn } from '../export/party-events';
import { writeParquet } from '../export/write-parquet';
import type { CommandSettings } from '../settings';
import { counted, rate } from '../terminal/numbers';
import { progressLine } from '../terminal/progress';
import { done, failed, interrupted, json, type Outcome, unwritten } from './outcome';
import { existingStore } from './store-file';

export interface ExportParquetOptions {
  readonly file?: string;
  /** One party's events instead of all. */
  readonly party?: string;
  readonly signal: AbortSignal;
}

async function* chosen(
  pages: AsyncIterable<ReadonlyArray<EncodedRecord>>,
  isChosen: (record: EncodedRecord) => boolean,
): AsyncGenerator<ReadonlyArray<EncodedRecord>, void, void> {
  for await (const page of pages) yield page.filter(isChosen);
}

/** Writes the events of the log for analysts, one Parquet file without personal fields. */
export const exportParquet = async (
  settings: CommandSettings,
  { file, party, signal }: ExportParquetOptions,
): Promise<Outcome> => {
  if (file === undefined || file === '-') return failed('Parquet is written to a file: name it.');
  const existing = existingStore(settings);
  if (E.isLeft(existing)) return failed(existing.left.message);
  const opened = await openReadOnlyStore(settings);
  if (E.isLeft(opened)) return failed(opened.left.message);
  const store = opened.right;
  const line = progressLine('export', !settings.json);
  try {
    const kept = keptIn(store);
    const head = await kept.head();
    const of = party === undefined ? null : await partyEventsIn(kept, party);
    const started = performance.now();
    const records = keptRecords(kept, head);
    const events = await writeParquet(file, of === null ? records : chosen(records, of.isAbout), {
      signal,
      onProgress: (written, position) =>
        line.update(Number(position), Number(head), `${counted(written, 'event')}, ${rate(written, started)}`),
    });
    if (events === null) return interrupted(`Interrupted: ${file} was not written.`);
    line.end();
    return done(
      settings.json ? json({ events, file }) : `${counted(events, 'event')} in ${file}, without personal fields`,
    );
  } catch (error) {
    return unwritten(error);
  } finally {
    line.end();
    await store.close();
  }
};
