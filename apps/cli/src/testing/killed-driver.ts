import { setTimeout as pause } from 'node:timers/promises';
import type { Running } from './given-program';

/** The child process of the crash tests; see there for its arguments. */
export const DRIVER = { script: 'apps/cli/src/testing/acknowledging-import.ts' };

/** The facts that a child had acknowledged when it ended. */
export const acknowledgedBy = async (running: Running): Promise<number> => {
  const { stdout } = await running.ended;
  // A last line cut off by the kill was not said whole, and counts for nothing.
  const lines = stdout.slice(0, stdout.lastIndexOf('\n') + 1).match(/(?<=^acknowledged )\d+$/gm);
  return Number(lines?.at(-1) ?? 0);
};

/** Kills the child some milliseconds after its output shows that many acknowledgements. */
export const killAfter = async (running: Running, acknowledgements: number, milliseconds: number): Promise<boolean> => {
  if (acknowledgements > 0) await running.output(new RegExp(`(acknowledged \\d+\\n){${acknowledgements}}`));
  await pause(milliseconds);
  return running.child.kill('SIGKILL');
};
