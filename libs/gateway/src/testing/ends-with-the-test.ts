import type { ChildProcess } from 'node:child_process';

const started = new Set<ChildProcess>();

/** Kills a process and resolves when it is gone. */
export const gone = (child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> =>
  new Promise((resolved) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolved();
    child.once('exit', () => resolved());
    child.kill(signal);
  });

/** What a test that failed leaves behind would keep the run from ending: it ends with its test file. */
export const endsWithTheTest = <T extends ChildProcess>(child: T): T => {
  started.add(child);
  child.once('exit', () => started.delete(child));
  return child;
};

afterAll(async () => {
  await Promise.all([...started].map((child) => gone(child)));
});
