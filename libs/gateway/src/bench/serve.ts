import { openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { startGateway } from '../server/start-gateway';
import { startBareServer } from './bare-server';

/**
 * The server side of the measurements, a process of its own: a gateway over the store file of the
 * first argument or, without one, the bare server. Writes its port when it listens; tells the
 * processor time it has taken, in microseconds, to whoever sends a message.
 */
const clock = (): number => Date.now();

const right = <A>(outcome: E.Either<unknown, A>): A => {
  if (E.isLeft(outcome)) throw new Error(JSON.stringify(outcome.left));
  return outcome.right;
};

const serve = async (file: string): Promise<number> => {
  const store = right(openSqliteEventStore({ file, clock }));
  return right(await startGateway({ store, host: '127.0.0.1', port: 0, clock })).port;
};

const main = async (): Promise<void> => {
  const [, , file] = process.argv;
  const port = await (file === undefined ? startBareServer() : serve(file));
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
  });
  process.once('disconnect', () => process.exit(0));
  process.send?.(port);
};

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
