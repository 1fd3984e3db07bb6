import { setTimeout as after } from 'node:timers/promises';
import { EventStoreDBClient, NO_STREAM, WrongExpectedVersionError } from '@eventstore/db-client';
import { eventsOf } from './events';

const EVENTS_AN_APPEND = 100;
/** An append that is not answered by then has an unknown outcome, in milliseconds. */
const PATIENCE = 5_000;

/**
 * Appends to one stream whatever happens to the gateway: ids and expected revisions stay the same when
 * an append is tried again, so that no event is lost or comes twice.
 */
export class Writer {
  readonly #connect: () => EventStoreDBClient;
  readonly #stream: string;
  #client: EventStoreDBClient;
  written = 0;
  /** Appends whose outcome was unknown. */
  retries = 0;

  constructor(port: number, stream: string) {
    this.#connect = () => EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false`);
    this.#client = this.#connect();
    this.#stream = stream;
  }

  /** Until the stream has `count` events. */
  async write(count: number): Promise<void> {
    while (this.written < count) {
      const to = Math.min(count, this.written + EVENTS_AN_APPEND);
      const events = eventsOf(this.#stream, this.written, to);
      while (!(await this.#isAppended(events))) {
        this.retries += 1;
        await this.#client.dispose();
        await after(50);
        this.#client = this.#connect();
      }
      this.written = to;
    }
    await this.#client.dispose();
  }

  async #isAppended(events: ReturnType<typeof eventsOf>): Promise<boolean> {
    const expectedRevision = this.written === 0 ? NO_STREAM : BigInt(this.written - 1);
    const watch = new AbortController();
    try {
      return await Promise.race([
        this.#client.appendToStream(this.#stream, events, { expectedRevision }).then(() => true),
        after(PATIENCE, false, { signal: watch.signal }),
      ]);
    } catch (error) {
      // The one answer that no loss of a connection explains.
      if (error instanceof WrongExpectedVersionError) throw error;
      return false;
    } finally {
      watch.abort();
    }
  }
}
