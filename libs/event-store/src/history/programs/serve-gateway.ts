import * as E from 'fp-ts/Either';
import type { EmbeddedEventStore } from '../../encoded-log';
import { openSqliteEventStore } from '../../sqlite/open-sqlite-event-store';
import { Random } from '../random';
import { type FaultPlan, takePlan } from './fault-actions';
import { jumpingClock } from './jumping-clock';

/** What a gateway's program is told in its first argument, as JSON. */
export interface GatewayTask {
  /** Where the gateway lies that is to be served: this library does not depend on it. */
  readonly gateway: string;
  readonly file: string;
  /** 0: any free one. */
  readonly port: number;
  readonly seed: number;
  readonly run: string;
  readonly plan: ReadonlyArray<FaultPlan>;
}

/** The part of the gateway that is used. */
interface GatewayLibrary {
  readonly startGateway: (options: {
    readonly store: EmbeddedEventStore;
    readonly host: string;
    readonly port: number;
    readonly clock: () => number;
  }) => Promise<E.Either<{ readonly message: string }, { readonly port: number }>>;
}

const main = async (): Promise<void> => {
  const { gateway, file, port, seed, run, plan }: GatewayTask = JSON.parse(process.argv[2] ?? '');
  takePlan(plan);
  const clock = jumpingClock(new Random(seed, `${run}/clock`));
  const store = openSqliteEventStore({ file, clock });
  if (E.isLeft(store)) throw new Error(store.left.message);
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- its place is told by the caller
  const { startGateway } = require(gateway) as GatewayLibrary;
  const started = await startGateway({ store: store.right, host: '127.0.0.1', port, clock });
  if (E.isLeft(started)) throw new Error(started.left.message);
  process.stdout.write(`${started.right.port}\n`);
};

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
