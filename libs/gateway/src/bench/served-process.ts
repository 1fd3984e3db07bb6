import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A server of the measurements in a process of its own. */
export interface ServedProcess {
  readonly port: number;
  /** Processor time it has taken so far, in microseconds. */
  readonly processorTime: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

const nextNumber = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('A server of the measurements ended.'));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(Number(message));
    });
  });

/** Starts the compiled `serve.js`: a gateway over `file`, or the bare server without one. */
export const startServed = async (
  entry: string,
  file: string | null,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServedProcess> => {
  const child = fork(entry, file === null ? [] : [file], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
  });
  const port = await nextNumber(child);
  return {
    port,
    processorTime: () => {
      child.send('processor time');
      return nextNumber(child);
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
};
