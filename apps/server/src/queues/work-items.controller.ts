import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { CommandActor, CommandName } from '@afecto/domain';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Actor } from '../auth/actor';
import { CommandDesk } from '../commands/command-desk';
import { jsonBody, readCommand } from '../commands/read-command';
import { invalidRequest } from '../problem/problem';
import { Asked, type AskedOf } from '../request/asked';
import { pathPart } from '../request/party-id';

/** The body with the item of the path; the path alone says which item it is. */
const withItem = (body: unknown, itemId: string): unknown => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  if ('itemId' in body && body.itemId !== itemId)
    throw invalidRequest([{ path: '/itemId', message: 'differs from the item of the path' }]);
  return { ...body, itemId };
};

const ItemIdParam = (): MethodDecorator =>
  ApiParam({ name: 'itemId', schema: { type: 'string', pattern: '^[0-9a-f]{32}$' } });

/** How the work on an item ends (`domain.md §11`). */
@ApiTags('queues')
@Controller('v1/work-items')
export class WorkItemsController {
  constructor(@Inject(CommandDesk) private readonly desk: CommandDesk) {}

  @Post(':itemId/release')
  @HttpCode(200)
  @ItemIdParam()
  @ApiOperation({ operationId: 'releaseWorkItem', summary: 'ReleaseWorkItem: give an item back, asleep if asked' })
  release(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Actor() actor: CommandActor,
    @Asked({}) _nothing: AskedOf<Record<never, never>>,
  ) {
    return this.send('ReleaseWorkItem', request, reply, actor);
  }

  @Post(':itemId/complete')
  @HttpCode(200)
  @ItemIdParam()
  @ApiOperation({ operationId: 'completeWorkItem', summary: 'CompleteWorkItem: end the work with an outcome' })
  complete(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Actor() actor: CommandActor,
    @Asked({}) _nothing: AskedOf<Record<never, never>>,
  ) {
    return this.send('CompleteWorkItem', request, reply, actor);
  }

  private send(name: CommandName, request: FastifyRequest, reply: FastifyReply, actor: CommandActor) {
    const call = readCommand(name, request, actor, withItem(jsonBody(request), pathPart(request, 'itemId')));
    void reply.header('Idempotency-Key', call.commandId);
    return this.desk.send(call, { '/itemId': '/path/itemId' });
  }
}
