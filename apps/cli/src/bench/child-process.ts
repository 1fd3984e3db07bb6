import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Task, TaskResult } from './tasks';

interface Told {
  readonly result?: TaskResult;
  readonly error?: string;
}

const message = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a process of the measurements ended with ${code}`));
    child.once('exit', ended);
    child.once('error', reject);
    child.once('message', (told) => {
      child.off('exit', ended);
      resolve(told);
    });
  });

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  if (child.connected) child.disconnect();
  else child.kill('SIGTERM');
  await gone;
};

const whileRunning = async <A>(child: ChildProcess, signal: AbortSignal, work: () => Promise<A>): Promise<A> => {
  const abort = (): void => {
    child.kill('SIGKILL');
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    return await work();
  } finally {
    signal.removeEventListener('abort', abort);
    await end(child);
  }
};

/** `npm run afecto` has it: a heap that grows to one and a half of what lives in it, and not to four times as much. */
const OF_COMMANDS = '--heap-growing-percent=50';

/** Performs a task in a process of its own; the signal kills it. */
export const inProcess = async (task: Task, signal: AbortSignal): Promise<TaskResult> => {
  const child = fork(join(__dirname, 'task-process.js'), { execArgv: [...process.execArgv, OF_COMMANDS] });
  return whileRunning(child, signal, async () => {
    child.send(task);
    const { result, error } = (await message(child)) as Told;
    if (result === undefined) throw new Error(error ?? 'a task gave no result');
    return result;
  });
};

const GATEWAY = join(__dirname, '..', '..', '..', '..', 'libs', 'gateway', 'src', 'bench', 'serve.js');

/** A gateway over a store file, in a process of its own, while `work` runs. */
export const withGateway = async <A>(
  file: string,
  signal: AbortSignal,
  work: (url: string) => Promise<A>,
): Promise<A> => {
  const child = fork(GATEWAY, [file]);
  return whileRunning(child, signal, async () => work(`esdb://127.0.0.1:${Number(await message(child))}?tls=false`));
};
