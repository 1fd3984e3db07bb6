import { CommanderError } from 'commander';
import { afecto } from './program';

/** What the environment did (a full disk, a damaged file) is told in a sentence; a bug shows where it is. */
const textOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const isOfTheEnvironment = 'code' in error || error.name === 'StoreDamagedError' || error.name === 'StoreClosedError';
  return isOfTheEnvironment ? error.message : (error.stack ?? error.message);
};

/** Runs one command line, without the program's own name, and leaves the outcome in `process.exitCode`. */
export const run = async (words: ReadonlyArray<string>, signal: AbortSignal): Promise<void> => {
  try {
    await afecto(signal).parseAsync(words, { from: 'user' });
  } catch (error) {
    // Commander has printed its own errors; help and version are no errors.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else {
      process.stderr.write(`${textOf(error)}\n`);
      process.exitCode = 2;
    }
  }
};
