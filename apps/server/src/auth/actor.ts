import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { CommandActor } from '@afecto/domain';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { invalidRequest, ProblemException, quoted } from '../problem/problem';
import { actorKinds, type Caller, localCaller, SYSTEM_ROLE } from './caller';

const callers = new WeakMap<object, Caller>();

export const rememberCaller = (request: FastifyRequest, caller: Caller): void => {
  callers.set(request.raw, caller);
};

/** Whose credentials a request came with. */
export const callerOf = (request: FastifyRequest): Caller => callers.get(request.raw) ?? localCaller;

const ACTOR = /^([a-z]+):([\x21-\x7e]{1,256})$/;
const AN_ACTOR = `KIND:ID, where KIND is one of ${actorKinds.join(', ')} and ID 1..256 printable characters`;

/**
 * Who acts: the caller, or the one for whom it acts by `Afecto-Actor: customer:c1`. Roles are the
 * caller's own and only an agent has them; acting as the system needs the role for it.
 */
export const actorOf = (
  { actor, mayBeSystem }: Caller,
  header: string | ReadonlyArray<string> | undefined,
): CommandActor => {
  if (header === undefined) return actor;
  const match = typeof header === 'string' ? ACTOR.exec(header) : null;
  const kind = actorKinds.find((known) => known === match?.[1]);
  const id = match?.[2];
  if (kind === undefined || id === undefined)
    throw invalidRequest([
      { path: '/header/afecto-actor', message: `must be ${AN_ACTOR}; got ${quoted(String(header))}` },
    ]);
  if (kind === 'system' && !mayBeSystem)
    throw new ProblemException('Forbidden', `only a key with the role ${SYSTEM_ROLE} acts as the system`, {
      errors: [{ path: '/header/afecto-actor', message: `needs the role ${SYSTEM_ROLE}` }],
    });
  return { kind, id, roles: kind === 'agent' ? actor.roles : [] };
};

/** The one who acts in this request. */
export const Actor = createParamDecorator(
  (_data: undefined, context: ExecutionContext) => {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    return actorOf(callerOf(request), request.headers['afecto-actor']);
  },
  [
    (target, key) => {
      const descriptor = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
      if (key === undefined || descriptor === undefined) return;
      ApiHeader({ name: 'Afecto-Actor', required: false, description: `Who acts: ${AN_ACTOR}` })(
        target,
        key,
        descriptor,
      );
    },
  ],
);
