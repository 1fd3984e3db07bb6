import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { CommandActor } from '@afecto/domain';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Actor } from '../auth/actor';
import { Asked, type AskedOf } from '../request/asked';
import { pathPart } from '../request/party-id';
import { CommandDesk } from './command-desk';
import { readCommand } from './read-command';

/** Intentions (`interfaces.md`, Commands in). */
@ApiTags('commands')
@Controller('v1/commands')
export class CommandsController {
  constructor(@Inject(CommandDesk) private readonly desk: CommandDesk) {}

  @Post(':name')
  @HttpCode(200)
  @ApiParam({ name: 'name', schema: { type: 'string' } })
  @ApiOperation({ operationId: 'sendCommand', summary: 'Decide one command and append what it decides' })
  async send(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Actor() actor: CommandActor,
    @Asked({}) _nothing: AskedOf<Record<never, never>>,
  ) {
    const call = readCommand(pathPart(request, 'name'), request, actor);
    void reply.header('Idempotency-Key', call.commandId);
    return this.desk.send(call);
  }
}
