import { join } from 'node:path';
import { EVENTS_FILE, type ExportSummary, type LeafPlace } from '@afecto/audit';
import type { EncodedRecord } from '@afecto/event-store';
import { inClear } from './kept-records';
import { OutputFile } from './output-file';

export interface ExportOptions {
  readonly records: AsyncIterable<ReadonlyArray<EncodedRecord>>;
  /** When it is made. */
  readonly at: number;
  readonly signal: AbortSignal;
  readonly onProgress: (events: number, position: bigint) => void;
}

/** Which leaf of the log an event is; null: it is none. */
type LeafOf = (record: EncodedRecord) => LeafPlace | null;

/** An export must not hold personal data in clear, which no erasure could reach there. */
const refusedInClear = ({ id, type, position }: EncodedRecord, path: string): string =>
  `Nothing was exported: ${type} ${id} at position ${position} has a personal field in clear (${path}), ` +
  'as older programs wrote it, and an erasure could not reach it in an export.';

/**
 * Writes the events of an export into its folder. The text says why not; `interrupted`; null: done. Throws
 * `OutputError`.
 */
export const writeEvents = async (
  folder: string,
  summary: ExportSummary,
  leafOf: LeafOf,
  { records, signal, onProgress }: ExportOptions,
): Promise<string | 'interrupted' | null> => {
  const out = await OutputFile.create(join(folder, EVENTS_FILE));
  try {
    for await (const page of records) {
      for (const record of page) {
        const path = inClear(record);
        if (path !== null) return refusedInClear(record, path);
        await out.write(summary.line(record, leafOf(record)));
      }
      onProgress(summary.count.events, page.at(-1)?.position ?? 0n);
      if (signal.aborted) return 'interrupted';
    }
    await out.close();
    return null;
  } finally {
    await out.abandon();
  }
};
