import * as E from 'fp-ts/Either';
import type { EventStore, StoreUnavailable } from '../port';
import { eventTexts } from '../event-texts';
import { StoreClosedError } from '../store-errors';
import { withoutCredentials } from '../store-url';
import { Appending, type AppendOutcome } from './appending';
import { BatchAppends } from './batch-appends';
import { Connection } from './connection';
import { KnownStreams } from './known-streams';
import { LogReading } from './log-reading';
import { Lookups } from './lookups';
import { readAllPages, readRecordPages, readStreamPages } from './read-pages';
import { messageOf } from './server-failure';
import { SharedQuestion } from './shared-question';
import { subscription } from './subscription';
import type { EventStoreDbOpenError, EventStoreDbOptions } from './open-event-store-db';
import { DEFAULT_TIMINGS } from './timings';

/** The URL without user, password and parameters, for messages. */
const nameOf = (url: string): string => withoutCredentials(url).replace(/\?.*$/, '');

/** See `openEventStoreDb`. */
export const connectEventStoreDb = async (
  options: EventStoreDbOptions,
): Promise<E.Either<EventStoreDbOpenError, EventStore>> => {
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  const name = nameOf(options.url);
  const connection = new Connection(options.url, name);
  try {
    connection.door();
  } catch (error) {
    const message = `The event store ${name} has no valid connection string: ${messageOf(error)}`;
    return E.left({ code: 'InvalidStoreUrl', url: name, message });
  }
  const reading = new LogReading(connection, timings);
  try {
    await reading.head();
  } catch (error) {
    connection.close();
    return E.left({
      code: 'CannotOpen',
      url: name,
      message: `The event store ${name} cannot be used: ${messageOf(error)}`,
    });
  }
  return E.right(storeOver(reading, options.indexFile ?? ''));
};

/** The port over a connection that has answered. */
const storeOver = (reading: LogReading, indexFile: string): EventStore => {
  const { connection, timings } = reading;
  const appends = new BatchAppends(connection, timings.appendMs);
  const lookups = new Lookups(reading, indexFile);
  const known = new KnownStreams(reading);
  const appending = new Appending({
    connection,
    reading,
    appends,
    lookups,
    known,
    head: new SharedQuestion(() => reading.head()),
  });
  let closing: Promise<void> | null = null;
  const opened = <A>(read: () => A): A => {
    if (closing !== null) throw new StoreClosedError(connection.name);
    return read();
  };
  const submit = (request: Parameters<EventStore['append']>[0], settle: (outcome: AppendOutcome) => void): void => {
    const closed: StoreUnavailable = { code: 'StoreClosed', message: `The event store ${connection.name} is closed.` };
    if (closing !== null) settle(E.left(closed));
    else appending.push(request, settle);
  };
  const close = async (): Promise<void> => {
    await appending.idle();
    appends.close();
    connection.close();
    await lookups.close();
  };
  return {
    append: (request) => new Promise((resolve) => submit(request, resolve)),
    appendMany: (requests) =>
      Promise.all(requests.map((request) => new Promise<AppendOutcome>((resolve) => submit(request, resolve)))),
    readStream: (streamId, readOptions = {}) => opened(() => readStreamPages(reading, streamId, readOptions)),
    readAll: (readOptions = {}) => opened(() => readAllPages(reading, readOptions)),
    readTexts: (readOptions = {}) => opened(() => eventTexts(readAllPages(reading, readOptions))),
    readRecords: (readOptions = {}) => opened(() => readRecordPages(reading, readOptions)),
    subscribe: (subscribeOptions = {}) => opened(() => subscription(reading, subscribeOptions)),
    eventsAt: async (positions) => opened(() => lookups.eventsAt(positions)),
    findById: async (eventId) => opened(() => lookups.findById(eventId)),
    head: async () => opened(() => reading.head()),
    close: () => (closing ??= close()),
  };
};
