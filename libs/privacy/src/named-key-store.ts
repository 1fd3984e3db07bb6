import { eventIdOf, isRecord, isSealed } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import type { KeyStore } from './key-store';
import { personalFieldsOf, personalTypes } from './personal-fields';

/** Its first event names the key store under whose keys the log is sealed; that of others opens nothing in it. */
export const KEY_STORE_STREAM = 'afecto-key-store';
const NAMED = 'KeyStoreNamed';

/** Events with personal fields in which something sealed is looked for, in a log that names no key store. */
const LOOKED_AT = 1_000;

/** The log is sealed under keys of another key store, or what names it cannot be read or written. */
export interface OtherKeyStore {
  readonly code: 'OtherKeyStore' | 'KeyStoreUnnamed';
  readonly message: string;
}

type Log = Pick<EventStore, 'append' | 'readAll' | 'readStream'>;

/** The id of the key store that a log names; null: it names none. */
export const namedKeyStore = async (log: Pick<EventStore, 'readStream'>): Promise<string | null> => {
  for await (const [first] of log.readStream(KEY_STORE_STREAM, { limit: 1 }))
    return first !== undefined && isRecord(first.data) ? String(first.data['keyStoreId']) : null;
  return null;
};

const other = (named: string | null, keys: KeyStore): E.Either<OtherKeyStore, never> =>
  E.left({
    code: 'OtherKeyStore',
    message:
      `the log is sealed under the keys of ${named === null ? 'another key store' : `key store ${named}`}, and ${keys.files.keyStore} is key store ${keys.hasId ? keys.id : '(without an id yet)'}: ` +
      'name the file of the first by AFECTO_KEY_STORE (and its master key by AFECTO_MASTER_KEY_FILE)',
  });

/** Whether the first thing that is sealed in a log is under a key that this store has or had. */
const knowsFirstKey = async (log: Pick<EventStore, 'readAll'>, keys: KeyStore): Promise<boolean> => {
  for await (const page of log.readAll({ types: personalTypes, limit: LOOKED_AT }))
    for (const { value, subject, mark } of page.flatMap(personalFieldsOf)) {
      if (!isSealed(value)) continue;
      const ring = keys.ringOf(subject);
      return ring !== null && (ring.keys.get(mark.class)?.kid === value.kid || ring.destroyed.has(value.kid));
    }
  return true;
};

/** Right: the log names this key store, or none yet. `log`: with every event as it is kept. */
export const checkKeyStore = async (
  log: Pick<EventStore, 'readStream'>,
  keys: KeyStore,
): Promise<E.Either<OtherKeyStore, { readonly isNamed: boolean }>> => {
  const named = await namedKeyStore(log);
  if (named === null) return E.right({ isNamed: false });
  return keys.hasId && named === keys.id ? E.right({ isNamed: true }) : other(named, keys);
};

/**
 * Right: the log names this key store, or names none and nothing in it speaks against this one: what is sealed there
 * is sealed under keys that it has or had.
 */
export const fitKeyStore = async (
  log: Pick<EventStore, 'readAll' | 'readStream'>,
  keys: KeyStore,
): Promise<E.Either<OtherKeyStore, { readonly isNamed: boolean }>> => {
  const checked = await checkKeyStore(log, keys);
  if (E.isLeft(checked) || checked.right.isNamed || (await knowsFirstKey(log, keys))) return checked;
  return other(null, keys);
};

/**
 * Makes the log name this key store, once for all: of two that come first one wins, and the other is refused
 * before it has sealed anything. Right when it is named already. A log from before logs named theirs is
 * named only by the store that has its keys.
 */
export const claimKeyStore = async (log: Log, keys: KeyStore): Promise<E.Either<OtherKeyStore, void>> => {
  const fitting = await fitKeyStore(log, keys);
  if (E.isLeft(fitting)) return fitting;
  if (fitting.right.isNamed) return E.right(undefined);
  const appended = await log.append({
    streamId: KEY_STORE_STREAM,
    expectedRevision: 'noStream',
    events: [
      {
        id: eventIdOf('afecto', `key store ${keys.id}`),
        type: NAMED,
        data: { keyStoreId: keys.id },
        metadata: {},
      },
    ],
  });
  if (E.isRight(appended)) return E.right(undefined);
  const named = await namedKeyStore(log);
  if (named === keys.id) return E.right(undefined);
  if (named !== null) return other(named, keys);
  const why = 'message' in appended.left ? appended.left.message : appended.left.code;
  return E.left({ code: 'KeyStoreUnnamed', message: `the log could not be made to name its key store: ${why}` });
};
