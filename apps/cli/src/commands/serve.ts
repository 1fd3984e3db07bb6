import type { CommandSettings } from '../settings';

/** Serves a store over HTTP on a free loopback port until the signal. */
export const serveUntil = async (
  settings: CommandSettings,
  signal: AbortSignal,
  onReady: (url: string) => void,
): Promise<void> => {
  // Loaded here alone: the other commands start without a web framework.
  const { startServer } = await import('@afecto/server');
  const { url, close } = await startServer(settings);
  onReady(url);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await close();
};
