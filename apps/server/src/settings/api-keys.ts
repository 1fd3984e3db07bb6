import * as E from 'fp-ts/Either';

/** A caller that is let in: its secret, and as whom it acts. */
export interface ApiKey {
  readonly key: string;
  readonly actorId: string;
  readonly roles: ReadonlyArray<string>;
}

export const MIN_KEY_LENGTH = 16;

const KEY = new RegExp(`^[\\x21-\\x2b\\x2d-\\x39\\x3b-\\x7e]{${MIN_KEY_LENGTH},256}$`);
const ACTOR = /^[A-Za-z0-9_-]{1,64}$/;
const ROLE = /^[a-z][a-z0-9_]{0,63}$/;

export const KEYS_ALLOWED =
  `key:actorId:role1+role2, several separated by commas; a key has ${MIN_KEY_LENGTH}..256 printable characters ` +
  'without comma and colon, an actor id 1..64 of A-Z a-z 0-9 _ -, roles are words such as front_office';

const readKey = (text: string, place: number): E.Either<string, ApiKey> => {
  // Messages name the place and never the text: it holds a secret.
  const which = `entry ${place + 1}`;
  const [key = '', actorId = '', roleText, ...rest] = text.trim().split(':');
  if (rest.length > 0) return E.left(`${which} has more than three parts`);
  if (!KEY.test(key)) return E.left(`${which} has a key of ${key.length} characters`);
  if (!ACTOR.test(actorId)) return E.left(`${which} has no valid actor id`);
  const roles = roleText === undefined || roleText === '' ? [] : roleText.split('+');
  if (!roles.every((role) => ROLE.test(role))) return E.left(`${which} has a role that is not a word`);
  return E.right({ key, actorId, roles });
};

/** Reads `AFECTO_API_KEYS`. Left: what is wrong, without repeating a key. */
export const readApiKeys = (text: string): E.Either<string, ReadonlyArray<ApiKey>> => {
  const keys: ApiKey[] = [];
  for (const [place, part] of text.split(',').entries()) {
    const read = readKey(part, place);
    if (E.isLeft(read)) return read;
    if (keys.some(({ key }) => key === read.right.key)) return E.left(`entry ${place + 1} repeats a key`);
    keys.push(read.right);
  }
  return E.right(keys);
};
