import { readFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { startGateway } from '../index';

/**
 * A process that serves a store file until it is killed, and says its port when it listens.
 * Arguments: file, port (0: any free one), and the file that holds what its clock shows (default the real one).
 */
const [, , file = '', port = '0', clockFile] = process.argv;

const clock = clockFile === undefined ? Date.now : () => Number(readFileSync(clockFile, 'utf8'));

const main = async (): Promise<void> => {
  const store = openSqliteEventStore({ file, clock });
  if (E.isLeft(store)) throw new Error(store.left.message);
  const gateway = await startGateway({ store: store.right, host: '127.0.0.1', port: Number(port), clock });
  if (E.isLeft(gateway)) throw new Error(gateway.left.message);
  console.log(gateway.right.port);
  // Tests end it with -9: what it has compiled is to be there for the next one all the same.
  flushCompileCache();
};

void main();
