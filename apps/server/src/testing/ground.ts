import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Whether the tests of this run have their log on a server: the same tests run once on the embedded
 * store and once on the adapter, against a gateway in another process (`jest.config.cjs`).
 */
export const isOnServer = Reflect.get(globalThis, 'AFECTO_LOG') === 'server';

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'afecto-server-'));
