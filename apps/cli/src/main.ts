#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import { run } from './run';

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

void run(process.argv.slice(2), interruption.signal);
