import type { ConfiguredUser } from '@afecto/gateway';
import * as E from 'fp-ts/Either';

/** Half of what an API key must have: a password is given together with a name. */
export const MIN_PASSWORD_LENGTH = 8;

const NAME = /^[A-Za-z0-9_.-]{1,64}$/;
const PASSWORD = new RegExp(`^[\\x21-\\x2b\\x2d-\\x39\\x3b-\\x7e]{${MIN_PASSWORD_LENGTH},256}$`);
const ROLE = /^[$A-Za-z][A-Za-z0-9_-]{0,63}$/;

export const USERS_ALLOWED =
  `name:password:role1+role2, several separated by commas; a password has ${MIN_PASSWORD_LENGTH}..256 printable ` +
  'characters without comma and colon; $admins may do everything, $ops may manage subscriptions';

const readUser = (text: string, place: number): E.Either<string, ConfiguredUser> => {
  // Messages name the place and never the text: it holds a secret.
  const which = `entry ${place + 1}`;
  const [name = '', password = '', roleText, ...rest] = text.trim().split(':');
  if (rest.length > 0) return E.left(`${which} has more than three parts`);
  if (!NAME.test(name)) return E.left(`${which} has no valid name`);
  if (!PASSWORD.test(password)) return E.left(`${which} has a password of ${password.length} characters`);
  const roles = roleText === undefined || roleText === '' ? [] : roleText.split('+');
  if (!roles.every((role) => ROLE.test(role))) return E.left(`${which} has a role that is not a word`);
  return E.right({ name, password, roles });
};

/** Reads `AFECTO_GATEWAY_USERS`. Left: what is wrong, without repeating a password. */
export const readGatewayUsers = (text: string): E.Either<string, ReadonlyArray<ConfiguredUser>> => {
  const users: ConfiguredUser[] = [];
  for (const [place, part] of text.split(',').entries()) {
    const read = readUser(part, place);
    if (E.isLeft(read)) return read;
    if (users.some(({ name }) => name === read.right.name)) return E.left(`entry ${place + 1} repeats a name`);
    users.push(read.right);
  }
  return E.right(users);
};
