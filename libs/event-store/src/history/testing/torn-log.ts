import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Random } from '../random';

/** Layout of SQLite's write-ahead log (sqlite.org/fileformat2.html, section 4). */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

/** Where the last two transactions of a write-ahead log end, in bytes from its beginning. */
export interface LastCommits {
  readonly before: number;
  readonly last: number;
}

/** `null`: there is no transaction in it. Frames with other salts are left over from an earlier use of the file. */
export const lastCommitsOf = (log: Uint8Array): LastCommits | null => {
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength);
  if (log.length < HEADER_BYTES) return null;
  const frameBytes = FRAME_HEADER_BYTES + view.getUint32(8);
  const salts = view.getBigUint64(16);
  let before = HEADER_BYTES;
  let last = HEADER_BYTES;
  for (let start = HEADER_BYTES; start + frameBytes <= log.length; start += frameBytes) {
    if (view.getBigUint64(start + 8) !== salts) break;
    // Only the last frame of a transaction tells how large the database is after it.
    if (view.getUint32(start + 4) === 0) continue;
    before = last;
    last = start + frameBytes;
  }
  return last === HEADER_BYTES ? null : { before, last };
};

const withLog = (store: string, change: (descriptor: number, log: Buffer) => void): boolean => {
  const file = `${store}-wal`;
  if (!existsSync(file)) return false;
  const log = readFileSync(file);
  const descriptor = openSync(file, 'r+');
  try {
    change(descriptor, log);
  } finally {
    closeSync(descriptor);
  }
  return true;
};

/**
 * Tears the last transaction, as when the power goes before the disk has all of it: cut off in its middle, or
 * with garbage from there on. The caller knows that nobody was told of it. False: there is none.
 */
export const tearLastTransaction = (store: string, random: Random): boolean => {
  let torn = false;
  withLog(store, (descriptor, log) => {
    const commits = lastCommitsOf(log);
    if (commits === null) return;
    const from = commits.before + random.below(commits.last - commits.before);
    if (random.chance(0.5)) ftruncateSync(descriptor, from);
    else writeSync(descriptor, garbage(random, commits.last - from), 0, commits.last - from, from);
    torn = true;
  });
  return torn;
};

const garbage = (random: Random, bytes: number): Uint8Array =>
  // Never what lay there before: each byte is drawn.
  Uint8Array.from({ length: bytes }, () => random.below(256));

/** Puts half-written frames behind the last transaction: of pure garbage, or a page of the log once more. */
export const appendToLog = (store: string, random: Random): boolean =>
  withLog(store, (descriptor, log) => {
    const size = fstatSync(descriptor).size;
    const bytes =
      random.chance(0.5) || log.length < 10_000
        ? garbage(random, 1 + random.below(9_000))
        : log.subarray(HEADER_BYTES, HEADER_BYTES + 1 + random.below(9_000));
    writeSync(descriptor, bytes, 0, bytes.length, size);
  });
