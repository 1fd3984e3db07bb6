import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { compiledWorkspace } from './compiled-workspace';

/** Asks a process and resolves with what it answers; rejects when it ends without an answer. */
export type Ask<Question, Answer> = (question: Question) => Promise<Answer>;

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

/** A process that nobody asks anything keeps nobody from ending; it ends when its worker does. */
const letGo = (child: ChildProcess): void => {
  child.unref();
  child.channel?.unref();
};

const holdOn = (child: ChildProcess): void => {
  child.ref();
  child.channel?.ref();
};

/**
 * A process that answers one message after another with one message, compiled from `source` (as
 * `apps/cli/src/testing/resident.ts`). It starts at the first question and is there for all test files
 * of a worker: its modules are loaded and its code is compiled once. One that has ended is started again.
 */
export const askedProcess = <Question extends object, Answer>(source: string): Ask<Question, Answer> => {
  let running: ChildProcess | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const started = (): ChildProcess => {
    const { fileOf, environment } = compiledWorkspace();
    return fork(fileOf(source), {
      env: { PATH: process.env['PATH'], CI: 'true', ...environment },
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
  };
  const ask = async (question: Question): Promise<Answer> => {
    if (running === null || !isRunning(running)) running = started();
    const child = running;
    const died = new AbortController();
    const end = (): void => died.abort(new Error(`${source} ended while it was asked ${JSON.stringify(question)}`));
    child.once('exit', end);
    holdOn(child);
    try {
      const answered = once(child, 'message', { signal: died.signal });
      child.send(question);
      const [answer]: ReadonlyArray<unknown> = await answered;
      // The two ends of this channel are compiled from the same sources.
      return answer as Answer;
    } finally {
      child.off('exit', end);
      letGo(child);
    }
  };
  return (question) => {
    // One question after another: an answer does not say what it answers.
    const next = last.then(() => ask(question));
    last = next.catch(() => undefined);
    return next;
  };
};
