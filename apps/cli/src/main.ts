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

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of a pipe has gone (`afecto export | head`): nobody is left to write for.
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`Standard output cannot be written: ${error.message}\n`);
  process.exit(2);
});

void run(process.argv.slice(2), interruption.signal);
