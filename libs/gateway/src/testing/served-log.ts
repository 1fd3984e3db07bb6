import { readFileSync } from 'node:fs';
import { openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { startGateway } from '../index';

/** A store file that is served. */
export interface ServedLog {
  readonly port: number;
  /** Lets go of the file. */
  readonly close: () => Promise<void>;
}

/** Serves a store file on a port (0: any free one); `clockFile` holds what the clock shows, null: the real one. */
export const servedLog = async (file: string, port: number, clockFile: string | null): Promise<ServedLog> => {
  const clock = clockFile === null ? Date.now : () => Number(readFileSync(clockFile, 'utf8'));
  const store = openSqliteEventStore({ file, clock });
  if (E.isLeft(store)) throw new Error(store.left.message);
  const gateway = await startGateway({ store: store.right, host: '127.0.0.1', port, clock });
  if (E.isLeft(gateway)) throw new Error(gateway.left.message);
  return {
    port: gateway.right.port,
    close: async () => {
      await gateway.right.close();
      await store.right.close();
    },
  };
};
