import { isIPv4 } from 'node:net';
import type { Settings } from '@afecto/application';
import type { ApiKey } from './api-keys';

export interface ServerSettings extends Settings {
  /** Address to listen on. Another one than loopback needs `apiKeys`. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** How long a query waits for its `minPosition`, in milliseconds. */
  readonly waitMs: number;
  /** Empty: everybody is let in as the local agent, on loopback only. */
  readonly apiKeys: ReadonlyArray<ApiKey>;
  /** Silence after which an event stream sends a sign of life, in milliseconds; default 15 000. */
  readonly heartbeatMs?: number;
  /** How long a shutdown waits for requests under way, in milliseconds; default 10 000. */
  readonly drainMs?: number;
}

/** Whether only this machine can reach the address. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
