import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { writeNewFile } from '@afecto/event-store';
import * as E from 'fp-ts/Either';

/** Wraps the keys of all data subjects; kept apart from them. */
export interface MasterKey {
  /** 16 hexadecimal digits that follow from the key and say nothing about it. */
  readonly id: string;
  readonly key: KeyObject;
}

export interface MasterKeyError {
  readonly code: 'MasterKeyMissing' | 'MasterKeyWrong' | 'CannotOpen';
  readonly message: string;
}

const KEY_BYTES = 32;

/** The file itself: a link to it, into a vault for example, stays a link. */
const target = (file: string): string => (existsSync(file) ? realpathSync(file) : file);

/** Where a new master key lies until every key is wrapped with it. */
export const nextMasterKeyFile = (file: string): string => `${target(file)}.next`;

const masterKeyOf = (bytes: Buffer): MasterKey => {
  const key = createSecretKey(bytes);
  return { id: createHmac('sha256', key).update('afecto master key').digest('hex').slice(0, 16), key };
};

/** Null: there is no such file, or it is no master key. */
const read = (file: string): MasterKey | null => {
  try {
    const key = readFileSync(file);
    return key.length === KEY_BYTES ? masterKeyOf(key) : null;
  } catch {
    return null;
  }
};

/** A new key in a file that only its owner may read; on the disk when this returns. Throws when it cannot be made. */
export const makeMasterKey = (file: string): MasterKey => {
  const key = randomBytes(KEY_BYTES);
  try {
    writeNewFile(file, key);
  } catch (error) {
    throw new Error(`the master key ${file} cannot be made: ${String(error)}`, { cause: error });
  }
  return masterKeyOf(key);
};

const failed = (code: MasterKeyError['code'], message: string): E.Either<MasterKeyError, never> =>
  E.left({ code, message });

/** The key with this id, be it the present one or the one that a rotation has just put in its place. */
export const findMasterKey = (file: string, id: string): E.Either<MasterKeyError, MasterKey> => {
  // The first once more: the other may have taken its place meanwhile.
  for (const place of [file, nextMasterKeyFile(file), file]) {
    const found = read(place);
    if (found?.id === id) return E.right(found);
  }
  return existsSync(file)
    ? failed('MasterKeyWrong', `${file} is not the master key ${id} that wraps the keys; put that one in its place`)
    : failed(
        'MasterKeyMissing',
        `the master key ${file} is missing, without it nothing personal can be read; put it back`,
      );
};

/** The key of a store that has none yet: the file that is there, or a new one. An empty file never held one. */
export const firstMasterKey = (file: string): E.Either<MasterKeyError, MasterKey> => {
  const present = statSync(file, { throwIfNoEntry: false });
  const isEmpty = present?.isFile() === true && present.size === 0;
  if (present !== undefined && !isEmpty) {
    const found = read(file);
    return found === null
      ? failed('MasterKeyWrong', `${file} is no master key: it needs ${KEY_BYTES} bytes`)
      : E.right(found);
  }
  try {
    const place = target(file);
    if (isEmpty) rmSync(place);
    return E.right(makeMasterKey(place));
  } catch (error) {
    return failed('CannotOpen', error instanceof Error ? error.message : String(error));
  }
};

/**
 * Ends a rotation that was interrupted: the key that wraps the keys is in `file`, and no other lies beside it.
 * @param id what the key store names, read in a transaction that writes and is not over: another process that rotates
 * beside would lose its new key
 */
export const settleMasterKey = (file: string, id: string): void => {
  const next = nextMasterKeyFile(file);
  if (!existsSync(next)) return;
  if (read(next)?.id === id) renameSync(next, target(file));
  else rmSync(next, { force: true });
};
