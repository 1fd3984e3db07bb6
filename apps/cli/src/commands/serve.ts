import { once } from 'node:events';
import { createServer } from 'node:net';
import { parseStoreUrl } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';

/** EventStoreDB's own, where clients look first. */
const GATEWAY_PORT = 2_113;

/** The port when nobody listens there, else 0: any free one. */
const orAnyFree = async (port: number): Promise<number> => {
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
    return port;
  } catch {
    return 0;
  } finally {
    probe.close();
  }
};

export interface Served {
  readonly url: string;
  /** Where EventStoreDB clients connect. */
  readonly gatewayUrl: string | null;
}

/**
 * Serves a store on loopback until the signal: over HTTP on a free port, and over the EventStoreDB
 * protocol on 2113 or, when that is taken, on a free one. A log on a server has its clients there.
 */
export const serveUntil = async (
  settings: CommandSettings,
  signal: AbortSignal,
  onReady: (served: Served) => void,
): Promise<void> => {
  // Loaded here alone: the other commands start without a web framework.
  const { startServer } = await import('@afecto/server');
  const location = parseStoreUrl(settings.eventStore);
  const isEmbedded = E.isRight(location) && location.right.engine === 'sqlite';
  const gateway = isEmbedded ? { port: await orAnyFree(GATEWAY_PORT), users: [], tls: null } : null;
  const { url, gatewayUrl, close } = await startServer({ ...settings, gateway });
  onReady({ url, gatewayUrl });
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await close();
};
