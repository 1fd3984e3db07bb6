import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from './sqlite/open-log-file';

/** Gives the file its name, unless there is one with it. */
const name = (aside: string, file: string): void => {
  try {
    linkSync(aside, file);
  } catch (error) {
    if (existsSync(file)) throw error;
    // Some file systems have no links.
    renameSync(aside, file);
  }
};

/**
 * Writes a file that is not there yet and that only its owner may read: whole and on the disk when this returns,
 * and never in part, whatever ends it. Throws when there is one, or when it cannot be written.
 */
export const writeNewFile = (file: string, content: string | Uint8Array): void => {
  const aside = `${file}.${randomBytes(6).toString('hex')}.part`;
  try {
    const descriptor = openSync(aside, 'wx', 0o600);
    try {
      writeFileSync(descriptor, content);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    name(aside, file);
  } finally {
    rmSync(aside, { force: true });
  }
  syncFolder(dirname(file));
};
