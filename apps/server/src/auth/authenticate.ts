import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { ProblemException } from '../problem/problem';
import type { ApiKey } from '../settings/api-keys';
import { type Caller, localCaller, SYSTEM_ROLE } from './caller';

const digest = (key: string): Buffer => createHash('sha256').update(key).digest();

const BEARER = /^Bearer +([^\s]+)$/i;

const presented = ({ headers }: FastifyRequest): string | null => {
  const own = headers['x-api-key'];
  if (typeof own === 'string') return own;
  return BEARER.exec(headers.authorization ?? '')?.[1] ?? null;
};

const unauthenticated = (detail: string): ProblemException =>
  new ProblemException('Unauthenticated', detail, { headers: { 'WWW-Authenticate': 'Bearer realm="afecto"' } });

export type Authenticate = (request: FastifyRequest) => Caller;

/**
 * Who sends a request, by `Authorization: Bearer KEY` or `X-Api-Key: KEY`. Keys are compared by their
 * digests and all of them each time, so that the time of the answer says nothing about any key.
 * Without configured keys everybody is the local agent.
 */
export const authenticator = (keys: ReadonlyArray<ApiKey>): Authenticate => {
  if (keys.length === 0) return () => localCaller;
  const known = keys.map(({ key, actorId, roles }) => ({
    digest: digest(key),
    caller: {
      actor: { kind: 'agent', id: actorId, roles },
      mayBeSystem: roles.includes(SYSTEM_ROLE),
    } satisfies Caller,
  }));
  return (request) => {
    const key = presented(request);
    if (key === null) throw unauthenticated('send an API key as Authorization: Bearer KEY or X-Api-Key: KEY');
    const given = digest(key);
    let caller: Caller | null = null;
    for (const entry of known) if (timingSafeEqual(entry.digest, given)) caller = entry.caller;
    if (caller === null) throw unauthenticated('the API key is unknown');
    return caller;
  };
};

const OPEN = /^\/(health\/(live|ready)|openapi\.json|docs(\/.*)?)$/;

/** Routes that need no key: they tell nothing about anybody. */
export const isOpenPath = (path: string): boolean => OPEN.test(path);
