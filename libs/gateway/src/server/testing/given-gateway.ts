import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventStore, type EmbeddedEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { startGateway, type GatewayOptions } from '../start-gateway';
import type { TlsOptions } from '../shared-port';

const tlsFolder = join(__dirname, 'tls');

/** File with the authority that clients must trust. */
export const AUTHORITY_FILE = join(tlsFolder, 'authority.pem');

/** Certificate and key for `localhost`; how they were made is in `tls/README.md`. */
export const TEST_TLS: TlsOptions = {
  certificate: readFileSync(join(tlsFolder, 'certificate.pem'), 'utf8'),
  key: readFileSync(join(tlsFolder, 'key.pem'), 'utf8'),
};

/** A store in a folder of its own. */
export interface TestStore {
  readonly store: EmbeddedEventStore;
  readonly remove: () => Promise<void>;
}

export const givenStore = (): TestStore => {
  const folder = mkdtempSync(join(tmpdir(), 'afecto-gateway-'));
  const store = openSqliteEventStore({ file: join(folder, 'events.db'), clock: Date.now });
  if (E.isLeft(store)) throw new Error(store.left.message);
  return {
    store: store.right,
    remove: async () => {
      await store.right.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** A gateway for one test, over a store of its own. */
export interface TestGateway {
  readonly port: number;
  /** `esdb://127.0.0.1:port?tls=false`. */
  readonly url: string;
  readonly store: EmbeddedEventStore;
  /** Closes the gateway and leaves the store. */
  readonly close: () => Promise<void>;
  /** Closes both and removes the store. */
  readonly stop: () => Promise<void>;
}

/** Starts a real gateway on a free port over a real store file. */
export const givenGateway = async (options: Partial<GatewayOptions> = {}): Promise<TestGateway> => {
  const { store, remove } = givenStore();
  const gateway = await startGateway({ store, host: '127.0.0.1', port: 0, clock: Date.now, ...options });
  if (E.isLeft(gateway)) throw new Error(gateway.left.message);
  const { port, close } = gateway.right;
  return {
    port,
    url: `esdb://127.0.0.1:${port}?tls=false`,
    store,
    close,
    stop: async () => {
      await close();
      await remove();
    },
  };
};
