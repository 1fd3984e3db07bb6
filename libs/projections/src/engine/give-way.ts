import { performance } from 'node:perf_hooks';

/** Resolves after so many milliseconds, or as soon as the signal says that nobody waits any more. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { once: true });
  });

/** Callers who have just been answered come back within so many idle milliseconds, or not soon. */
const IDLE_MS = 3;

/**
 * Leaves the event loop to others until they have worked for `milliseconds`, or have had nothing to do for a
 * while. Resolves to how long they worked: what the loop waited is not their time, for they did not ask for it.
 */
export const giveWay = async (milliseconds: number, signal: AbortSignal): Promise<number> => {
  const before = performance.eventLoopUtilization();
  let others = performance.eventLoopUtilization(before);
  while (others.active < milliseconds && others.idle < IDLE_MS && !signal.aborted) {
    await pause(1, signal);
    others = performance.eventLoopUtilization(before);
  }
  return others.active;
};
