import type { Either } from 'fp-ts/Either';
import type { EventStore } from '../port';
import type { EventStoreDbTimings } from './timings';

export interface EventStoreDbOptions {
  /** `esdb://…` or `esdb+discover://…` with the parameters of the official clients (tls, credentials, several hosts). */
  readonly url: string;
  /**
   * File of the index by which `findById` answers, kept between starts; disposable. Default: a private
   * temporary file, built at the first question by reading the whole log.
   */
  readonly indexFile?: string;
  readonly timings?: Partial<EventStoreDbTimings>;
}

/** The connection string is not one, or no server answered in time. */
export interface EventStoreDbOpenError {
  readonly code: 'InvalidStoreUrl' | 'CannotOpen';
  /** The server, without credentials. */
  readonly url: string;
  readonly message: string;
}

/**
 * The event store on a server that speaks the EventStoreDB protocol, through `@eventstore/db-client`.
 * It promises what the embedded store promises; where the server or the client is weaker, see
 * `StreamWriter` (exact revisions, stable ids, unknown outcomes), `KnownStreams` (repeats for ever),
 * `ClientDoor` (what of the client is used) and `subscription`. An id is unique within its stream.
 *
 * Waits up to `timings.giveUpMs` for the server's first answer.
 */
export const openEventStoreDb = async (
  options: EventStoreDbOptions,
): Promise<Either<EventStoreDbOpenError, EventStore>> => {
  // The client takes 150 ms to load, which no command on an embedded store should pay. `import()` would
  // have to name the file as it is called after the compilation.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const loaded = require('./connect-event-store-db') as typeof import('./connect-event-store-db');
  return loaded.connectEventStoreDb(options);
};
