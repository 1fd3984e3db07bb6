import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
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
const ONLY_OWNER = 0o600;

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

/** A new key in a file that only its owner may read; on the disk when this returns. Throws when the file is there. */
export const makeMasterKey = (file: string): MasterKey => {
  const key = randomBytes(KEY_BYTES);
  const descriptor = openSync(file, 'wx', ONLY_OWNER);
  try {
    writeSync(descriptor, key);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return masterKeyOf(key);
};

const failed = (code: MasterKeyError['code'], message: string): E.Either<MasterKeyError, never> =>
  E.left({ code, message });

/** The key with this id, be it the present one or the one that a rotation has just put in its place. */
export const findMasterKey = (file: string, id: string): E.Either<MasterKeyError, MasterKey> => {
  const found = [file, nextMasterKeyFile(file)].map(read).find((key) => key?.id === id);
  if (found !== undefined && found !== null) return E.right(found);
  return existsSync(file)
    ? failed('MasterKeyWrong', `${file} is not the master key ${id} that wraps the keys; put that one in its place`)
    : failed(
        'MasterKeyMissing',
        `the master key ${file} is missing, without it nothing personal can be read; put it back`,
      );
};

/** The key of a store that has none yet: the file that is there, or a new one. */
export const firstMasterKey = (file: string): E.Either<MasterKeyError, MasterKey> => {
  if (existsSync(file)) {
    const found = read(file);
    return found === null
      ? failed('MasterKeyWrong', `${file} is no master key: it needs ${KEY_BYTES} bytes`)
      : E.right(found);
  }
  try {
    return E.right(makeMasterKey(file));
  } catch (error) {
    return failed('CannotOpen', `the master key ${file} cannot be made: ${String(error)}`);
  }
};

/** Ends a rotation that was interrupted: the key that wraps the keys is in `file`, and no other lies beside it. */
export const settleMasterKey = (file: string, id: string): void => {
  const next = nextMasterKeyFile(file);
  if (!existsSync(next)) return;
  if (read(next)?.id === id) renameSync(next, target(file));
  else rmSync(next, { force: true });
};
