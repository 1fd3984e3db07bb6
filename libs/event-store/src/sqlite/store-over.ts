import * as E from 'fp-ts/Either';
import type { EmbeddedEventStore } from '../encoded-log';
import type { AppendRequest, StoreUnavailable } from '../port';
import { visibleRecords } from '../visible-records';
import { StoreClosedError } from '../store-errors';
import type { AppendOutcome, CommitQueue } from './commit-queue';
import type { CommitSignal } from './commit-signal';
import { encodedLogOver } from './encoded-log-over';
import { encodedFormat } from './encoded-row';
import { textFormat } from './event-row';
import { LogReader } from './log-reader';
import { prepareAppend } from './prepare-append';
import { readAllPages, readStreamPages } from './read-pages';
import { subscription } from './subscription';

/** What a store has that may append. */
export interface Writing {
  readonly queue: CommitQueue;
  /** Closes the writing connection and gives the lock back. */
  readonly release: () => void;
}

/** The port over an open reader and, unless the store is read-only, an open writer. */
export const storeOver = (reader: LogReader, commits: CommitSignal, writing: Writing | null): EmbeddedEventStore => {
  const { file } = reader;
  const texts = new LogReader(reader.database, file, textFormat, reader.names);
  const records = new LogReader(reader.database, file, encodedFormat, reader.names);
  let closing: Promise<void> | null = null;
  const unavailable = (): StoreUnavailable | null => {
    if (closing !== null) return { code: 'StoreClosed', message: `The event store ${file} is closed.` };
    if (writing === null)
      return { code: 'StoreFailed', message: `Nothing was appended: the event store ${file} is open read-only.` };
    if (reader.gaps?.part != null)
      return { code: 'StoreFailed', message: `Nothing was appended: the event store ${file} holds a part of a log.` };
    return null;
  };
  const submit = (request: AppendRequest, settle: (outcome: AppendOutcome) => void): void => {
    const refused = unavailable();
    if (refused !== null) return settle(E.left(refused));
    const prepared = prepareAppend(request);
    if (E.isLeft(prepared)) return settle(prepared);
    writing?.queue.push(prepared.right, settle);
  };
  const opened = <A>(read: () => A): A => {
    if (closing !== null) throw new StoreClosedError(file);
    return read();
  };
  const close = async (): Promise<void> => {
    await writing?.queue.idle();
    commits.close();
    reader.database.close();
    writing?.release();
  };
  return {
    append: (request) => new Promise((resolve) => submit(request, resolve)),
    appendMany: (requests) =>
      new Promise((resolve) => {
        const outcomes: AppendOutcome[] = new Array<AppendOutcome>(requests.length);
        let open = requests.length;
        if (open === 0) resolve(outcomes);
        for (const [index, request] of requests.entries())
          submit(request, (outcome) => {
            outcomes[index] = outcome;
            open -= 1;
            if (open === 0) resolve(outcomes);
          });
      }),
    readStream: (streamId, options = {}) => opened(() => readStreamPages(reader, streamId, options)),
    readAll: (options = {}) => opened(() => readAllPages(reader, options)),
    readTexts: (options = {}) => opened(() => readAllPages(texts, options)),
    readRecords: (options = {}) => opened(() => visibleRecords(readAllPages(records, options))),
    subscribe: (options = {}) => opened(() => subscription(reader, commits, writing === null, options)),
    eventsAt: async (positions) => opened(() => reader.at(positions.map(Number))),
    findById: async (eventId) => opened(() => reader.findById(eventId)),
    head: async () => opened(() => BigInt(reader.head())),
    close: () => (closing ??= close()),
    encoded: encodedLogOver(reader, commits, {
      unavailable,
      push: (decision, settle) => writing?.queue.push(decision, settle),
      polls: writing === null,
    }),
  };
};
