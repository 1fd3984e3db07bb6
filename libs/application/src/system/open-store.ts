import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { isSealed } from '@afecto/domain';
import {
  type EmbeddedEventStore,
  type EventStore,
  openEventStoreDb,
  openSqliteEventStore,
  parseStoreUrl,
  withLocalCopy,
  withoutCredentials,
} from '@afecto/event-store';
import {
  checkKeyStore,
  claimKeyStore,
  fitKeyStore,
  isSealedStore,
  KeyStore,
  personalFieldsOf,
  personalTypes,
  sealed,
  type SealedEventStore,
  settleKeys,
} from '@afecto/privacy';
import * as E from 'fp-ts/Either';
import { besideReadModels, keyFilesOf, type Settings } from './settings';

/** `message` is for the person who starts the program: what is wrong, with which file, what to do. */
export interface OpenFailure {
  readonly code: string;
  readonly message: string;
}

type StoreSettings = Pick<Settings, 'eventStore' | 'readModels' | 'keyStore' | 'masterKey' | 'now'>;
type Opened = E.Either<OpenFailure, EventStore | EmbeddedEventStore>;
type OpenedToWrite = E.Either<OpenFailure, SealedEventStore | (SealedEventStore & EmbeddedEventStore)>;

/** Whether the log begins with what was sealed under keys of somebody. */
const isSealedLog = async (store: EventStore): Promise<boolean> => {
  for await (const [first] of store.readAll({ types: personalTypes, limit: 1 }))
    if (first !== undefined) return personalFieldsOf(first).some(({ value }) => isSealed(value));
  return false;
};

/**
 * Personal fields are sealed in every log that this program writes (`domain.md §17.2`), under the keys of the
 * store that the log names: a log on a server is written from several places, and all must have the same.
 */
const sealedOver = async (
  opened: Opened,
  settings: StoreSettings,
  asks: typeof claimKeyStore,
): Promise<OpenedToWrite> => {
  if (E.isLeft(opened)) return opened;
  const files = keyFilesOf(settings);
  // New keys beside a log that is sealed under others would leave two stores of which none reads everything.
  const isOurs = settings.eventStore.startsWith('sqlite:');
  if (isOurs && !existsSync(files.keyStore) && (await isSealedLog(opened.right))) {
    await opened.right.close();
    return keyStoreMissing(settings);
  }
  const keys = KeyStore.open(files, settings.now);
  if (E.isLeft(keys)) {
    await opened.right.close();
    return keys;
  }
  const log = opened.right;
  try {
    await settleKeys(log, keys.right);
  } catch (error) {
    keys.right.close();
    await log.close();
    return E.left({
      code: 'CannotOpen',
      message: `${withoutCredentials(settings.eventStore)} cannot be read: ${String(error)}`,
    });
  }
  return E.right(sealed(log, keys.right, { maySeal: () => asks(log, keys.right) }));
};

const checked: typeof claimKeyStore = async (log, keys) => E.map(() => undefined)(await checkKeyStore(log, keys));

/** Of a log on a server the key store is named by whoever is first; an embedded one has one writer. */
const asksOf = ({ eventStore }: StoreSettings): typeof claimKeyStore =>
  eventStore.startsWith('sqlite:') ? checked : claimKeyStore;

/**
 * For whoever takes facts in: the log names our key store from now on, or does already; an embedded one may name
 * none, when what is sealed in it is ours. Left: it is another's, and the store is closed.
 */
export const withOwnKeyStore = async <Store extends SealedEventStore>(
  store: Store,
  settings: StoreSettings,
): Promise<E.Either<OpenFailure, Store>> => {
  const isOurs = settings.eventStore.startsWith('sqlite:');
  const fitting: E.Either<OpenFailure, unknown> = await (isOurs ? fitKeyStore : claimKeyStore)(store.kept, store.keys);
  if (E.isRight(fitting)) return E.right(store);
  await store.close();
  return E.left(fitting.left);
};

const keyStoreMissing = (settings: StoreSettings): E.Either<OpenFailure, never> => {
  const message = `${withoutCredentials(settings.eventStore)} is sealed, and its key store ${keyFilesOf(settings).keyStore} is missing: put it back, or name it by AFECTO_KEY_STORE`;
  return E.left({ code: 'KeyStoreMissing', message });
};

/** Where there are no keys, as in a copy for an auditor, what is sealed stays so. */
const openedBeside = async (opened: Opened, settings: StoreSettings): Promise<Opened> => {
  if (E.isLeft(opened)) return opened;
  const keys = KeyStore.openReadOnly(keyFilesOf(settings));
  if (E.isRight(keys)) return keys.right === null ? opened : E.right(sealed(opened.right, keys.right));
  await opened.right.close();
  return keys;
};

export const makeFolderOf = (file: string): E.Either<OpenFailure, null> => {
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

const openEmbedded = (file: string, { now }: StoreSettings): Opened => {
  const folder = makeFolderOf(file);
  return E.isLeft(folder) ? folder : openSqliteEventStore({ file, clock: now });
};

/**
 * The log for whoever projects it: of an embedded one the one writer, of a server the one keeper of a
 * copy beside the read models. Missing folders are made, and so are missing keys.
 */
export const openStore = async (settings: StoreSettings): Promise<OpenedToWrite> => {
  const location = parseStoreUrl(settings.eventStore);
  if (E.isLeft(location)) return location;
  const opened =
    location.right.engine === 'eventstoredb'
      ? await openServer(location.right.url, settings, false)
      : openEmbedded(location.right.file, settings);
  return sealedOver(opened, settings, asksOf(settings));
};

/** The log beside whoever projects it; an embedded one for reading only. */
export const openReadOnlyStore = async (settings: StoreSettings): Promise<Opened> => {
  const location = parseStoreUrl(settings.eventStore);
  if (E.isLeft(location)) return location;
  const opened =
    location.right.engine === 'eventstoredb'
      ? await openServer(location.right.url, settings, true)
      : openSqliteEventStore({ file: location.right.file, clock: settings.now, readOnly: true });
  return openedBeside(opened, settings);
};

/** The same, with the very keys under which the log is sealed. Left: they are missing, or those of another log. */
export const openReadOnlyStoreWithItsKeys = async (settings: StoreSettings): Promise<Opened> => {
  const opened = await openReadOnlyStore(settings);
  if (E.isLeft(opened)) return opened;
  const store = opened.right;
  const fitting: E.Either<OpenFailure, unknown> = isSealedStore(store)
    ? await fitKeyStore(store.kept, store.keys)
    : (await isSealedLog(store))
      ? keyStoreMissing(settings)
      : E.right(null);
  if (E.isRight(fitting)) return opened;
  await store.close();
  return fitting;
};

/** The log for taking facts in, without projections; a server takes them beside whoever projects it. */
export const openStoreToAppend = async (settings: StoreSettings): Promise<OpenedToWrite> => {
  const location = parseStoreUrl(settings.eventStore);
  if (E.isLeft(location) || location.right.engine === 'sqlite') return openStore(settings);
  return sealedOver(await openEventStoreDb({ url: location.right.url }), settings, asksOf(settings));
};

/** The log for copying another one into it, which brings the name of its key store along. */
export const openStoreToCopyInto = async (settings: StoreSettings): Promise<OpenedToWrite> => {
  const location = parseStoreUrl(settings.eventStore);
  if (E.isLeft(location) || location.right.engine === 'sqlite') return openStore(settings);
  return sealedOver(await openEventStoreDb({ url: location.right.url }), settings, checked);
};
