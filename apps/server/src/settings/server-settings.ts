import { isIPv4 } from 'node:net';
import type { Settings } from '@afecto/application';
import type { ConfiguredUser } from '@afecto/gateway';
import { type Limits, limitsOfThisMachine } from '../admission/limits';
import type { ApiKey } from './api-keys';

/** What is said about the HTTP rim; all of it may be left out. */
export interface RimSettings {
  /** Address to listen on, default 127.0.0.1. Another one than loopback needs `apiKeys`. */
  readonly host: string;
  /** Default 0: any free one. */
  readonly port: number;
  /** How long a query waits for its `minPosition`, in milliseconds; default 2 000. */
  readonly waitMs: number;
  /** Default none: everybody is let in as the local agent, on loopback only. */
  readonly apiKeys: ReadonlyArray<ApiKey>;
  /** Default null: off. */
  readonly gateway: GatewaySettings | null;
  /** When a signed checkpoint of the log is taken. */
  readonly checkpoints: CheckpointSettings;
  /** How often an event stream sends a sign of life, in milliseconds; default 15 000. */
  readonly heartbeatMs: number;
  /** How long a shutdown waits for requests under way, in milliseconds; default 10 000. */
  readonly drainMs: number;
  /** What is taken on at once; default: what fits into the memory of this machine. */
  readonly limits: Limits;
}

/** A checkpoint is due after so many events or so many seconds, whichever comes first. */
export interface CheckpointSettings {
  readonly events: number;
  readonly seconds: number;
}

export const DEFAULT_CHECKPOINTS: CheckpointSettings = { events: 10_000, seconds: 3_600 };

/** The embedded log served over the EventStoreDB protocol (`libs/gateway`). */
export interface GatewaySettings {
  /** 0: any free one; EventStoreDB's own is 2113. It listens on the host of the server. */
  readonly port: number;
  /** None: everybody is an administrator, on loopback only. Users need `tls`: clients keep credentials from a plain connection. */
  readonly users: ReadonlyArray<ConfiguredUser>;
  /** Files in PEM form; null: plain HTTP/2. */
  readonly tls: { readonly certificateFile: string; readonly keyFile: string } | null;
}

export interface ServerSettings extends Settings, Partial<RimSettings> {}
export interface CompleteSettings extends Settings, RimSettings {}

const defaults: Omit<RimSettings, 'limits'> = {
  host: '127.0.0.1',
  port: 0,
  waitMs: 2_000,
  apiKeys: [],
  gateway: null,
  checkpoints: DEFAULT_CHECKPOINTS,
  heartbeatMs: 15_000,
  drainMs: 10_000,
};

export const withDefaults = (settings: ServerSettings): CompleteSettings => ({
  ...defaults,
  limits: limitsOfThisMachine(),
  ...settings,
});

/** Whether only this machine can reach the address. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
