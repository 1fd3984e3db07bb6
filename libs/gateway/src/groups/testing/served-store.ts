import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { accessTo } from '../../access/access';
import type { ConfiguredUser } from '../../access/credentials';
import { serverFeaturesService } from '../../features/server-features';
import { wireLogOver } from '../../log';
import type { WireLog } from '../../log/wire-log';
import { streamsService } from '../../streams/streams-service';
import { openGroups, persistentSubscriptionsService, type Groups } from '..';

/** One process over a store file: log, groups and gRPC server, for the specs of the groups. */
export interface Served {
  /** For a connection string: host, port and options. */
  readonly authority: string;
  /** Host and port. */
  readonly address: string;
  readonly log: WireLog;
  readonly groups: Groups;
  readonly stop: () => Promise<void>;
}

const opened = <A>(result: E.Either<unknown, A>): A => {
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left));
  return result.right;
};

/** A folder that goes with the test. */
export const temporaryFolder = (): { readonly file: string; readonly remove: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), 'afecto-groups-'));
  return { file: join(folder, 'log.db'), remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/**
 * Serves the file on a free port; `tickEvery` in milliseconds shortens the look at timeouts and
 * checkpoints. Without users everybody is an administrator.
 */
export const serve = async (
  file: string,
  tickEvery = 50,
  users: ReadonlyArray<ConfiguredUser> = [],
): Promise<Served> => {
  const clock = (): number => Date.now();
  const store = opened(openSqliteEventStore({ file, clock }));
  const log = wireLogOver(store.encoded, { clock });
  const groups = await openGroups(log, { clock, tickEvery });
  const access = accessTo(log, users);
  const closing = new AbortController();
  const server = new Server();
  const services = [
    streamsService({ log, access, maxAppendSize: 1_048_576, closing: closing.signal }),
    serverFeaturesService(),
    persistentSubscriptionsService(groups, access),
  ];
  for (const { definition, implementation } of services) server.addService(definition, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    authority: `127.0.0.1:${port}?tls=false`,
    log,
    groups,
    stop: async () => {
      await groups.close();
      closing.abort();
      server.forceShutdown();
      await store.close();
    },
  };
};
