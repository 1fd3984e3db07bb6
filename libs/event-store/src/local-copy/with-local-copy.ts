import * as E from 'fp-ts/Either';
import { eventTexts } from '../event-texts';
import { isAt } from '../is-at';
import type { EventStore, Position, StoredEvent, SubscriptionMessage } from '../port';
import { cannotOpen, type OpenError } from '../sqlite/open-error';
import { messageOf } from '../sqlite/sqlite-failure';
import { takeWriterLock } from '../sqlite/writer-lock';
import { CopiedEvents, type LogIdentity } from './copied-events';

export interface LocalCopyOptions {
  /** The file of the copy; `<file>.lock` and `<file>.holder.json` lie beside it. Its folder must exist. */
  readonly file: string;
  /** Milliseconds since 1970, for the name of the holder. */
  readonly now: number;
  /** Read an existing copy beside its writer, and keep nothing. */
  readonly readOnly?: boolean;
}

const identityOf = async (store: EventStore): Promise<LogIdentity> => {
  const head = await store.head();
  for await (const [first] of store.readAll({ limit: 1 })) return { origin: first?.id ?? '', head };
  return { origin: '', head };
};

/** A log that began alike may have gone another way since: an older copy put back, a copy with other positions. */
const isOf = async (store: EventStore, copy: CopiedEvents): Promise<boolean> => {
  const newest = copy.newest();
  return newest === null || isAt(store, newest);
};

/** The copy for the one who keeps it: begun anew when it is of another log. Left: no file can be there. */
const ownCopy = async (
  store: EventStore,
  file: string,
  log: LogIdentity,
): Promise<E.Either<OpenError, CopiedEvents>> => {
  const opened = E.tryCatch(
    () => CopiedEvents.openForWriting(file, log),
    (error) => cannotOpen(file, messageOf(error)),
  );
  if (E.isLeft(opened) || (await isOf(store, opened.right))) return opened;
  opened.right.close();
  return E.tryCatch(
    () => CopiedEvents.begin(file, log),
    (error) => cannotOpen(file, messageOf(error)),
  );
};

async function* kept(
  pages: AsyncIterable<ReadonlyArray<StoredEvent>>,
  copy: CopiedEvents,
): AsyncGenerator<ReadonlyArray<StoredEvent>, void, void> {
  for await (const page of pages) {
    copy.add(page);
    yield page;
  }
}

async function* keptMessages(
  messages: AsyncIterable<SubscriptionMessage>,
  copy: CopiedEvents,
): AsyncGenerator<SubscriptionMessage, void, void> {
  for await (const message of messages) {
    if (message.kind === 'events') copy.add(message.events);
    yield message;
  }
}

const eventsFrom = async (
  store: EventStore,
  copy: CopiedEvents,
  positions: ReadonlyArray<Position>,
  keeps: boolean,
): Promise<ReadonlyArray<StoredEvent>> => {
  const found = copy.find(positions);
  const missing = positions.filter((position) => !found.has(position));
  const fetched = new Map<Position, StoredEvent>();
  if (missing.length > 0) {
    const events = await store.eventsAt(missing);
    if (keeps) copy.add(events);
    for (const event of events) fetched.set(event.position, event);
  }
  return positions.flatMap((position) => {
    const event = found.get(position) ?? fetched.get(position);
    return event === undefined ? [] : [event];
  });
};

/**
 * A store on another machine, with a copy of what has been read of it here: a projection that folds a
 * customer again asks for events by position, and a question over the wire costs as much as folding a
 * hundred of them. Whatever is read in order is kept; what is not kept is asked for. One process keeps
 * a copy, others read it: `StoreHeld` names the one that does.
 */
export const withLocalCopy = async (
  store: EventStore,
  { file, now, readOnly = false }: LocalCopyOptions,
): Promise<E.Either<OpenError, EventStore>> => {
  const log = await identityOf(store);
  if (readOnly) {
    const copy = CopiedEvents.openForReading(file, log);
    if (copy === null) return E.right(store);
    if (!(await isOf(store, copy))) {
      copy.close();
      return E.right(store);
    }
    return E.right({
      ...store,
      eventsAt: (positions) => eventsFrom(store, copy, positions, false),
      close: async () => {
        await store.close();
        copy.close();
      },
    });
  }
  const lock = takeWriterLock(file, now);
  if (E.isLeft(lock)) return lock;
  const opened = await ownCopy(store, file, log);
  if (E.isLeft(opened)) {
    lock.right.release();
    return opened;
  }
  const copy = opened.right;
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await store.close();
    copy.close();
    lock.right.release();
  };
  return E.right({
    ...store,
    readAll: (options) => kept(store.readAll(options), copy),
    readTexts: (options) => eventTexts(kept(store.readAll(options), copy)),
    subscribe: (options) => keptMessages(store.subscribe(options), copy),
    eventsAt: (positions) => eventsFrom(store, copy, positions, true),
    close: () => (closing ??= close()),
  });
};
