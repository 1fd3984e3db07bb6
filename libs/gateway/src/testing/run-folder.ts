import { accessSync, constants, mkdirSync, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUN_FOLDER } from './kept/compiled-workspace';

/** Files in memory, where the system has such a folder. */
const IN_MEMORY = '/dev/shm';
const ROOM = 4 * 1024 ** 3;

/**
 * Where the files of a run go. Tests end processes and never the machine, so what a process has written
 * is there after it whatever holds it; in memory they do not wait for a disk that others use too.
 */
const place = (): string => {
  try {
    accessSync(IN_MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize >= ROOM ? IN_MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
};

/**
 * Before the first test of a run: a folder for what its test files share, whichever worker runs them.
 * Their temporary files go there too, and with it: a worker that is ended removes nothing.
 */
const makeRunFolder = (): void => {
  const folder = mkdtempSync(join(place(), 'afecto-test-run-'));
  mkdirSync(join(folder, 'tmp'));
  process.env[RUN_FOLDER] = folder;
  process.env['TMPDIR'] = join(folder, 'tmp');
};

export default makeRunFolder;
