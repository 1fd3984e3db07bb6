import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

/** A key that was destroyed: party ids are opaque, so nothing here is personal. */
export interface ErasedKey {
  readonly partyId: string;
  readonly class: string;
  readonly kid: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Beside the key store, so that a key store restored from a backup is erased again. */
export const erasedListFile = (keyStore: string): string => `${keyStore}.erased`;

const isErasedKey = (value: unknown): value is ErasedKey =>
  typeof value === 'object' &&
  value !== null &&
  'partyId' in value &&
  typeof value.partyId === 'string' &&
  'class' in value &&
  typeof value.class === 'string' &&
  'kid' in value &&
  typeof value.kid === 'string' &&
  'at' in value &&
  typeof value.at === 'number';

const parsed = (line: string): ReadonlyArray<ErasedKey> => {
  try {
    const value: unknown = JSON.parse(line);
    return isErasedKey(value) ? [value] : [];
  } catch {
    // A line that a crash has cut off: the key store itself has it and writes it again.
    return [];
  }
};

/** What the list says; empty when there is none. */
export const readErasedList = (file: string): ReadonlyArray<ErasedKey> =>
  existsSync(file) ? readFileSync(file, 'utf8').split('\n').flatMap(parsed) : [];

/** Adds to the list; on the disk when this returns. A line cut off before is ended first. */
export const appendErasedList = (file: string, keys: ReadonlyArray<ErasedKey>): void => {
  if (keys.length === 0) return;
  const descriptor = openSync(file, 'a');
  try {
    writeSync(descriptor, `\n${keys.map((key) => JSON.stringify(key)).join('\n')}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};
