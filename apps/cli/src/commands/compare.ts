import { join } from 'node:path';
import type { CustomersCompared, Moved, Side } from '@afecto/projections';
import { OutputFile } from '../export/output-file';
import { buildBars } from '../terminal/build-bars';
import type { CommandSettings } from '../settings';
import type { Asking } from './asking';
import { movedParties } from './moved-parties';
import { interrupted, type Outcome, unwritten } from './outcome';
import { temporaryFolder } from './temporary-folder';

/** Which of the customers that moved are shown. */
export interface PageOptions {
  readonly limit: number;
  /** A party id: those that come after it. */
  readonly after?: string;
  /** Takes all of them, a line each (NDJSON). */
  readonly parties?: string;
}

export interface Compared extends CustomersCompared {
  /** Customers that stand otherwise on the two sides: one page, ascending by party id. */
  readonly parties: ReadonlyArray<Moved>;
  /** Party id to go on after; null: these are the last. */
  readonly next: string | null;
}

/** Rows in memory while a file of all of them is written. */
const ROWS_A_PAGE = 500;

/**
 * Compares every customer on two sides, with progress. `told`: what a line of the file says of a customer
 * that moved. The outcome instead: interrupted, or the file cannot be written.
 */
export const compareAll = async (
  asking: Asking,
  sides: { readonly before: Side; readonly after: Side },
  { limit, after, parties: file }: PageOptions,
  {
    json: asJson,
    signal,
    told,
  }: Pick<CommandSettings, 'json'> & {
    readonly signal: AbortSignal;
    readonly told: (moved: Moved) => Promise<unknown>;
  },
): Promise<Compared | Outcome> => {
  const folder = temporaryFolder('afecto-compare-');
  const moved = movedParties(join(folder.path, 'moved.db'));
  const bars = buildBars(!asJson);
  try {
    const compared = await asking.compare(sides, {
      signal,
      spillFile: join(folder.path, 'spill'),
      onProgress: bars.onProgress,
      onMoved: moved.add,
    });
    bars.end();
    if (compared === null) return interrupted('Interrupted; nothing was changed.');
    if (file !== undefined) {
      const refused = await writeAll(file, moved.page, told, signal);
      if (refused !== null) return refused;
    }
    const page = moved.page(after ?? null, limit + 1);
    const shown = page.slice(0, limit);
    return { ...compared, parties: shown, next: page.length > limit ? (shown.at(-1)?.partyId ?? null) : null };
  } finally {
    bars.end();
    moved.close();
    folder.remove();
  }
};

export const isOutcome = (compared: Compared | Outcome): compared is Outcome => 'exitCode' in compared;

/** Null: written. */
const writeAll = async (
  file: string,
  page: (after: string | null, limit: number) => ReadonlyArray<Moved>,
  told: (moved: Moved) => Promise<unknown>,
  signal: AbortSignal,
): Promise<Outcome | null> => {
  try {
    const out = await OutputFile.create(file);
    try {
      let rows = page(null, ROWS_A_PAGE);
      while (rows.length > 0 && !signal.aborted) {
        for (const row of rows) await out.write(Buffer.from(`${JSON.stringify(await told(row))}\n`));
        rows = page(rows.at(-1)?.partyId ?? null, ROWS_A_PAGE);
      }
      if (signal.aborted) return interrupted(`Interrupted: ${file} was not written.`);
      await out.close();
      return null;
    } finally {
      await out.abandon();
    }
  } catch (error) {
    return unwritten(error);
  }
};
