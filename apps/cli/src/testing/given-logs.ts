import { existsSync, writeFileSync } from 'node:fs';
import { openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { gatewayOver, type GatewayOver } from '../../../../libs/gateway/src/testing/gateway-process';
import type { GivenProgram } from './given-program';

/**
 * Whether the logs of this run are on servers: the same tests run once on the embedded store and once
 * on the adapter, against gateways in other processes (`jest.config.cjs`).
 */
export const isOnServer = Reflect.get(globalThis, 'AFECTO_LOG') === 'server';

/** Facts about a store file: its holder, its damage, its folder. Those of a server are the server's own. */
export const describeStoreFile = (name: string, tests: () => void): void => {
  if (!isOnServer) describe(name, tests);
};

/** Logs by name, each in its file `NAME.db`, with read models and quarantine under its name beside it. */
export interface GivenLogs {
  /** Where the log is: the file itself, or a gateway over it that is started when it is first named. */
  readonly urlOf: (name: string) => Promise<string>;
  /** The options by which a command works on the log, at an instant. */
  readonly on: (name: string, clock: string, ...args: ReadonlyArray<string>) => Promise<ReadonlyArray<string>>;
  /** The position of the last event in the file, read beside whoever writes it; 0n before there is one. */
  readonly headOf: (name: string) => Promise<bigint>;
  readonly close: () => Promise<void>;
}

/** `serve` starts what serves a file; a test that kills it brings its own. */
export const givenLogs = (program: GivenProgram, onServer = isOnServer, serve = gatewayOver): GivenLogs => {
  const gateways = new Map<string, GatewayOver>();
  const clockFile = program.path('clock');
  const served = async (name: string): Promise<GatewayOver> => {
    const running = gateways.get(name);
    if (running !== undefined) return running;
    const started = await serve(program.path(`${name}.db`), existsSync(clockFile) ? clockFile : null);
    gateways.set(name, started);
    return started;
  };
  const urlOf = async (name: string): Promise<string> =>
    onServer ? `esdb://127.0.0.1:${(await served(name)).port}?tls=false` : `sqlite:${name}.db`;
  return {
    urlOf,
    on: async (name, clock, ...args) => {
      writeFileSync(clockFile, Date.parse(clock).toString());
      const store = ['--store', await urlOf(name), '--read-models', `${name}.read-models.db`, '--clock', clock];
      return [...store, ...args];
    },
    headOf: async (name) => {
      const file = program.path(`${name}.db`);
      const opened = openSqliteEventStore({ file, clock: Date.now, readOnly: true });
      if (E.isLeft(opened)) return 0n;
      const head = await opened.right.head();
      await opened.right.close();
      return head;
    },
    close: async () => {
      for (const gateway of gateways.values()) await gateway.close();
    },
  };
};
