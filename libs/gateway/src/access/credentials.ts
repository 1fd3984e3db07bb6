import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Metadata } from '@grpc/grpc-js';
import * as E from 'fp-ts/Either';
import type { Caller } from './access';
import { unauthenticated, type CallStatus } from './call-status';

/** A user of the gateway; `$admins` and `$ops` are the roles with a meaning of their own. */
export interface ConfiguredUser {
  readonly name: string;
  readonly password: string;
  readonly roles: ReadonlyArray<string>;
}

const EVERYBODY_IS_ADMIN: Caller = { name: 'admin', roles: ['$admins'], isAuthenticated: true };
const ANONYMOUS: Caller = { name: 'anonymous', roles: [], isAuthenticated: false };

const BASIC = /^basic +([a-z0-9+/]+=*)$/i;

interface Credentials {
  readonly name: string;
  readonly password: string;
}

const basicCredentials = (header: string): Credentials | null => {
  const encoded = BASIC.exec(header.trim())?.[1];
  if (encoded === undefined) return null;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? null : { name: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
};

/**
 * Turns the Basic `authorization` header of a call into its caller. Passwords are compared as keyed
 * digests in constant time, and an unknown name costs the same as a wrong password.
 */
export const credentialsOf = (
  users: ReadonlyArray<ConfiguredUser>,
): ((metadata: Metadata) => E.Either<CallStatus, Caller>) => {
  if (users.length === 0) return () => E.right(EVERYBODY_IS_ADMIN);

  const key = randomBytes(32);
  const digest = (password: string): Buffer => createHmac('sha256', key).update(password).digest();
  const known = new Map(
    users.map(({ name, password, roles }) => [
      name,
      { digest: digest(password), caller: { name, roles, isAuthenticated: true } satisfies Caller },
    ]),
  );
  const nobody = randomBytes(32);

  return (metadata) => {
    const header = metadata.get('authorization')[0];
    if (header === undefined) return E.right(ANONYMOUS);
    const credentials = basicCredentials(header.toString());
    if (credentials === null) return E.left(unauthenticated('The authorization header must be Basic name:password.'));
    const user = known.get(credentials.name);
    const isRight = timingSafeEqual(digest(credentials.password), user?.digest ?? nobody);
    return user !== undefined && isRight
      ? E.right(user.caller)
      : E.left(unauthenticated('Unknown user or wrong password.'));
  };
};
