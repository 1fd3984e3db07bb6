import { CommanderError } from 'commander';
import { json } from './commands/outcome';
import { afecto } from './program';

/** What the environment did (a full disk, a damaged file) is told in a sentence; a bug shows where it is. */
const textOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const isOfTheEnvironment = 'code' in error || error.name === 'StoreDamagedError' || error.name === 'StoreClosedError';
  return isOfTheEnvironment ? error.message : (error.stack ?? error.message);
};

/** What commander has told a person already. */
const usageOf = ({ code, message }: CommanderError): string =>
  code === 'commander.help' ? 'No command was named; afecto --help lists them.' : message.replace(/^error: /, '');

/** Runs one command line, without the program's own name, and leaves the outcome in `process.exitCode`. */
export const run = async (words: ReadonlyArray<string>, signal: AbortSignal): Promise<void> => {
  try {
    await afecto(signal).parseAsync(words, { from: 'user' });
  } catch (error) {
    // Commander has printed its own errors; help and version are no errors.
    const isUsage = error instanceof CommanderError;
    process.exitCode = isUsage && error.exitCode === 0 ? 0 : 2;
    if (process.exitCode === 0) return;
    if (words.includes('--json'))
      process.stdout.write(`${json({ error: isUsage ? usageOf(error) : textOf(error) })}\n`);
    else if (!isUsage) process.stderr.write(`${textOf(error)}\n`);
  }
};
