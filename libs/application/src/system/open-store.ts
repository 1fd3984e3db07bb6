import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  type EmbeddedEventStore,
  type EventStore,
  openEventStoreDb,
  openSqliteEventStore,
  parseStoreUrl,
  withLocalCopy,
} from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { besideReadModels, type Settings } from './settings';

/** `message` is for the person who starts the program: what is wrong, with which file, what to do. */
export interface OpenFailure {
  readonly code: string;
  readonly message: string;
}

type StoreSettings = Pick<Settings, 'eventStore' | 'readModels' | 'now'>;
type Opened = E.Either<OpenFailure, EventStore | EmbeddedEventStore>;

const makeFolderOf = (file: string): E.Either<OpenFailure, null> => {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return E.right(null);
  } catch (error) {
    return E.left({ code: 'CannotOpen', message: `folder of ${file} cannot be made: ${String(error)}` });
  }
};

const openServer = async (url: string, { readModels, now }: StoreSettings, readOnly: boolean): Promise<Opened> => {
  const copy = besideReadModels(readModels, 'log-copy');
  const folder = makeFolderOf(copy);
  if (E.isLeft(folder)) return folder;
  const store = await openEventStoreDb({
    url,
    ...(readOnly ? {} : { indexFile: besideReadModels(readModels, 'ids') }),
  });
  if (E.isLeft(store)) return store;
  const copied = await withLocalCopy(store.right, { file: copy, now: now(), readOnly });
  if (E.isLeft(copied)) await store.right.close();
  return copied;
};

/**
 * The log for whoever projects it: of an embedded one the one writer, of a server the one keeper of a
 * copy beside the read models. Missing folders are made.
 */
export const openStore = async (settings: StoreSettings): Promise<Opened> => {
  const location = parseStoreUrl(settings.eventStore);
  if (E.isLeft(location)) return location;
  if (location.right.engine === 'eventstoredb') return openServer(location.right.url, settings, false);
  const { file } = location.right;
  const folder = makeFolderOf(file);
  return E.isLeft(folder) ? folder : openSqliteEventStore({ file, clock: settings.now });
};

/** The log beside whoever projects it; an embedded one for reading only. */
export const openReadOnlyStore = async (settings: StoreSettings): Promise<Opened> => {
  const location = parseStoreUrl(settings.eventStore);
  if (E.isLeft(location)) return location;
  if (location.right.engine === 'eventstoredb') return openServer(location.right.url, settings, true);
  return openSqliteEventStore({ file: location.right.file, clock: settings.now, readOnly: true });
};

/** The log for taking facts in, without projections; a server takes them beside whoever projects it. */
export const openStoreToAppend = async (settings: StoreSettings): Promise<Opened> => {
  const location = parseStoreUrl(settings.eventStore);
  return E.isRight(location) && location.right.engine === 'eventstoredb'
    ? openEventStoreDb({ url: location.right.url })
    : openStore(settings);
};
