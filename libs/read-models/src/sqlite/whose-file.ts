import { closeSync, openSync, readSync } from 'node:fs';
import { APPLICATION_ID } from './schema';

/** The header of a SQLite file: what it begins with, and where the number of its application is (sqlite.org/fileformat2, 1.3). */
const HEADER = { bytes: 100, magic: 'SQLite format 3\0', applicationId: 68 };

/**
 * What the first bytes of a file say, before anything is changed in it. `ours`: it may be dropped, and built again
 * from the log. `unknown`: a database that may say whose it is only in the log beside it, as after a crash; SQLite
 * must be asked. `nobody`: it is no database.
 */
export const whoseFile = (file: string): 'new' | 'ours' | 'unknown' | 'nobody' => {
  const header = Buffer.alloc(HEADER.bytes);
  let length = 0;
  try {
    const descriptor = openSync(file, 'r');
    try {
      length = readSync(descriptor, header);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'new';
    throw error;
  }
  if (length === 0) return 'new';
  if (length < HEADER.bytes || !header.toString('latin1').startsWith(HEADER.magic)) return 'nobody';
  return header.readUInt32BE(HEADER.applicationId) === APPLICATION_ID ? 'ours' : 'unknown';
};

/** Whether a file is a database, of whatever application. */
export const isDatabaseFile = (file: string): boolean => {
  const whose = whoseFile(file);
  return whose === 'ours' || whose === 'unknown';
};
