import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { invalidRequest, quoted } from '../problem/problem';
import { AN_ID, ID_PATTERN, isIdText } from './parameters';

/** A named part of the path. */
export const pathPart = (request: FastifyRequest, name: string): string => {
  const { params } = request;
  const value: unknown =
    typeof params === 'object' && params !== null ? Object.getOwnPropertyDescriptor(params, name)?.value : undefined;
  return typeof value === 'string' ? value : '';
};

/** The party of the path; 400 when it cannot be a party's id (`domain.md §1`). */
export const PartyId = createParamDecorator(
  (_data: undefined, context: ExecutionContext) => {
    const partyId = pathPart(context.switchToHttp().getRequest<FastifyRequest>(), 'partyId');
    if (isIdText(partyId)) return partyId;
    throw invalidRequest([{ path: '/path/partyId', message: `must be ${AN_ID}; got ${quoted(partyId)}` }]);
  },
  [
    (target, key) => {
      const descriptor = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
      if (key !== undefined && descriptor !== undefined)
        ApiParam({ name: 'partyId', schema: { type: 'string', pattern: ID_PATTERN } })(target, key, descriptor);
    },
  ],
);
