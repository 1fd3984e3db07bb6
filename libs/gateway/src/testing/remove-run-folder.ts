import { rmSync } from 'node:fs';
import { RUN_FOLDER } from './kept/compiled-workspace';

/** After the last test of a run. */
const removeRunFolder = (): void => {
  const folder = process.env[RUN_FOLDER];
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
};

export default removeRunFolder;
