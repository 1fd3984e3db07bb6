import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUN_FOLDER } from './compiled-workspace';

/** Before the first test of a run: a folder for what its test files share, whichever worker runs them. */
const makeRunFolder = (): void => {
  process.env[RUN_FOLDER] = mkdtempSync(join(tmpdir(), 'afecto-test-run-'));
};

export default makeRunFolder;
