import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '@afecto/domain';
import { gatewayOver, type GatewayOver } from '../../../../libs/gateway/src/testing/gateway-process';
import { type ServerSettings, startServer } from '../index';
import { isOnServer, temporaryFolder } from './ground';

export { isOnServer, temporaryFolder } from './ground';

export const NOW = Date.parse('2026-03-10T12:00:00.000Z');

/** An answer as a test reads it. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

const read = async (response: Response): Promise<Answered> => {
  const text = await response.text();
  const body: unknown = text === '' ? {} : JSON.parse(text);
  return { status: response.status, headers: response.headers, body: Object.assign({}, body) };
};

export interface GivenServer {
  readonly url: string;
  readonly folder: string;
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Answered>;
  readonly post: (path: string, body: unknown, headers?: Readonly<Record<string, string>>) => Promise<Answered>;
  /** Sends bytes as they are. */
  readonly raw: (path: string, init: RequestInit) => Promise<Answered>;
  /** Sends facts as one batch; resolves to the answer. */
  readonly facts: (...facts: ReadonlyArray<unknown>) => Promise<Answered>;
  /** Stops and starts again on the same files. */
  readonly close: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

export const settingsIn = (folder: string): ServerSettings => ({
  eventStore: `sqlite:${join(folder, 'log.db')}`,
  readModels: join(folder, 'read-models.db'),
  quarantine: join(folder, 'quarantine.db'),
  now: () => NOW,
  waitMs: 2_000,
});

interface Served {
  readonly eventStore: string;
  readonly gateway: GatewayOver;
  /** What the clock of the log shows from now on. */
  readonly setClock: (at: Instant) => void;
}

/** The log of a folder, served by another process. */
const served = async (folder: string, now: Instant): Promise<Served> => {
  const clockFile = join(folder, 'clock');
  const setClock = (at: Instant): void => writeFileSync(clockFile, at.toString());
  setClock(now);
  const gateway = await gatewayOver(join(folder, 'log.db'), clockFile);
  return { eventStore: `esdb://127.0.0.1:${gateway.port}?tls=false`, gateway, setClock };
};

/** A server on a free port of this machine, over files in a folder of its own, with a clock that stands at `NOW`. */
export const givenServer = async (
  overrides: Partial<ServerSettings> = {},
  folder = temporaryFolder(),
): Promise<GivenServer> => {
  const now = overrides.now ?? (() => NOW);
  const log = isOnServer && overrides.eventStore === undefined ? await served(folder, now()) : null;
  const running = await startServer({
    ...settingsIn(folder),
    ...(log === null ? {} : { eventStore: log.eventStore }),
    ...overrides,
  });
  const { url } = running;
  const close = async (): Promise<void> => {
    try {
      await running.close();
    } finally {
      await log?.gateway.close();
    }
  };
  const raw = async (path: string, init: RequestInit): Promise<Answered> => {
    if (init.method === 'POST') log?.setClock(now());
    return read(await fetch(url + path, init));
  };
  const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answered> =>
    raw(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  return {
    url,
    folder,
    raw,
    post,
    get: (path, headers = {}) => raw(path, { headers }),
    facts: (...facts) => post('/v1/events', facts, { 'Content-Type': 'application/cloudevents-batch+json' }),
    close,
    remove: async () => {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
