import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { QueueId } from '@afecto/domain';
import { ApiParam } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ProblemException, quoted } from '../problem/problem';
import { pathPart } from '../request/party-id';

/** The eight activities by the names they have in paths (`interfaces.md`, Queries). */
const queueOf: Readonly<Record<string, QueueId>> = {
  'manage-dissatisfaction': 'Q1',
  'win-back': 'Q2',
  targeting: 'Q3',
  conversion: 'Q4',
  welcome: 'Q5',
  'deliver-basics': 'Q6',
  retention: 'Q7',
  'value-development': 'Q8',
};

export const ALL = 'all';
const activities = [...Object.keys(queueOf), ALL];

export const activityOf = (queue: QueueId): string =>
  Object.entries(queueOf).find(([, id]) => id === queue)?.[0] ?? queue;

/** The queue of the path; 404 with the names that exist. */
export const Activity = createParamDecorator(
  (_data: undefined, context: ExecutionContext): QueueId | 'all' => {
    const name = pathPart(context.switchToHttp().getRequest<FastifyRequest>(), 'activity');
    if (name === ALL) return ALL;
    const queue = Object.hasOwn(queueOf, name) ? queueOf[name] : undefined;
    if (queue !== undefined) return queue;
    const message = `must be one of ${activities.join(', ')}; got ${quoted(name)}`;
    throw new ProblemException('UnknownActivity', `the activity ${message}`, {
      errors: [{ path: '/path/activity', message }],
    });
  },
  [
    (target, key) => {
      const descriptor = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
      if (key !== undefined && descriptor !== undefined)
        ApiParam({ name: 'activity', schema: { type: 'string', enum: activities } })(target, key, descriptor);
    },
  ],
);
