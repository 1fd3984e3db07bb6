#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import { CommanderError } from 'commander';
import { afecto } from './program';

const interruption = new AbortController();
/** A second Ctrl-C does not wait for the step under way. What runs at `exit` (temporary folders) still runs. */
const interrupt = (): void => {
  if (interruption.signal.aborted) process.exit(130);
  interruption.abort();
};
process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);

// The reader of a pipe has gone (`afecto export | head`): nobody is left to write for.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 2);
});

/** What the environment did (a full disk, a damaged file) is told in a sentence; a bug shows where it is. */
const textOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const isOfTheEnvironment = 'code' in error || error.name === 'StoreDamagedError' || error.name === 'StoreClosedError';
  return isOfTheEnvironment ? error.message : (error.stack ?? error.message);
};

afecto(interruption.signal)
  .parseAsync()
  .catch((error: unknown) => {
    // Commander has printed its own errors; help and version are no errors.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else {
      process.stderr.write(`${textOf(error)}\n`);
      process.exitCode = 2;
    }
  });
