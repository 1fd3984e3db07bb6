import { flushCompileCache } from 'node:module';
import { run } from '../run';

/** A command, in a folder, with a temporary folder of its own. */
export interface Line {
  readonly words: ReadonlyArray<string>;
  readonly folder: string;
  readonly temporary: string;
}

/**
 * A process that runs one command line after another, for tests that ask what a command answers and not
 * how a process begins and ends: the modules are loaded once. It takes lines as messages and answers
 * each with what the command wrote and its exit code.
 */
const capture = (stream: NodeJS.WriteStream): { readonly taken: () => string } => {
  let text = '';
  const write: typeof stream.write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    const written = rest.at(-1);
    if (typeof written === 'function') process.nextTick(() => void written());
    return true;
  };
  stream.write = write;
  return {
    taken: () => {
      const taken = text;
      text = '';
      return taken;
    },
  };
};

const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)];

process.on('message', ({ words, folder, temporary }: Line) => {
  process.exitCode = 0;
  process.chdir(folder);
  process.env['TMPDIR'] = temporary;
  void run(words, new AbortController().signal).then(() => {
    process.send?.({
      code: Number(process.exitCode ?? 0),
      signal: null,
      stdout: stdout.taken(),
      stderr: stderr.taken(),
    });
  });
});
// Tests end it with -9: what it has compiled is to be there for the next one all the same.
flushCompileCache();
process.on('disconnect', () => process.exit(0));
