import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUN_FOLDER } from './compiled-workspace';

/**
 * Before the first test of a run: a folder for what its test files share, whichever worker runs them.
 * Their temporary files go there too, and with it: a worker that is ended removes nothing.
 */
const makeRunFolder = (): void => {
  const folder = mkdtempSync(join(tmpdir(), 'afecto-test-run-'));
  mkdirSync(join(folder, 'tmp'));
  process.env[RUN_FOLDER] = folder;
  process.env['TMPDIR'] = join(folder, 'tmp');
};

export default makeRunFolder;
