import { randomUUID } from 'node:crypto';
import { Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { type Afecto, continuesList } from '@afecto/application';
import { type CommandActor, policyAt, type QueueId, toIso } from '@afecto/domain';
import { itemViewOf } from '@afecto/projections';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import * as E from 'fp-ts/Either';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Actor } from '../auth/actor';
import { jsonBody } from '../commands/read-command';
import { Metrics } from '../metrics/metrics';
import { invalidRequest, quoted } from '../problem/problem';
import { refused } from '../problem/refusals';
import { AFECTO, ReadPoint, SETTINGS } from '../request/afecto';
import { Asked, type AskedOf, whenParameters } from '../request/asked';
import { cursors, limitParameter, oneOfParameter } from '../request/parameters';
import type { CompleteSettings } from '../settings/server-settings';
import { Activity, activityOf } from './activity';
import { readClaim } from './claim-request';

const itemCursor = cursors('items');
const itemsParameters = {
  state: oneOfParameter(['open', 'claimed', 'closed'], 'Only items in this state; default open'),
  limit: limitParameter,
  after: itemCursor.parameter,
  ...whenParameters,
};

const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,128}$/;

/** What is to be done, for whom, by when (PR09). */
@ApiTags('queues')
@Controller('v1/queues')
export class QueuesController {
  constructor(
    @Inject(AFECTO) private readonly afecto: Afecto,
    @Inject(SETTINGS) private readonly settings: CompleteSettings,
    @Inject(ReadPoint) private readonly readPoint: ReadPoint,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'queueKpis', summary: 'The figures of the eight queues' })
  async kpis(@Asked(whenParameters) asked: AskedOf<typeof whenParameters>) {
    const stamp = await this.readPoint.everybody(asked);
    const kpis = await this.afecto.answers.queueKpis(asked.asOf === undefined ? {} : { asOf: asked.asOf });
    return { queues: kpis.map((kpi) => ({ activity: activityOf(kpi.queue), ...kpi })), ...stamp };
  }

  @Get(':activity')
  @ApiOperation({ operationId: 'listItems', summary: 'Work items in claim order, each with who, what, how, when, why' })
  async items(@Activity() queue: QueueId | 'all', @Asked(itemsParameters) asked: AskedOf<typeof itemsParameters>) {
    const { minPosition: _reached, ...question } = asked;
    if (asked.after !== undefined && !continuesList(asked.after, queue, question))
      throw invalidRequest([
        { path: '/query/after', message: `must be ${itemCursor.parameter.allowed}, asked with its state and asOf` },
      ]);
    const stamp = await this.readPoint.everybody(asked);
    const { items, next, asOf } = await this.afecto.answers.queue(queue, { ...question, at: Date.parse(stamp.asOf) });
    return { items, next: itemCursor.give(next), ...stamp, asOf: toIso(asOf) };
  }

  @Post(':activity/claims')
  @HttpCode(200)
  @ApiOperation({ operationId: 'claimNext', summary: 'Claim the next item; 204 when nothing is claimable' })
  async claim(
    @Activity() queue: QueueId | 'all',
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Actor() actor: CommandActor,
    @Asked({}) _nothing: AskedOf<Record<never, never>>,
  ) {
    const claim = readClaim(jsonBody(request));
    if (E.isLeft(claim)) {
      this.metrics.commandDone('ClaimNext', claim.left.code);
      throw refused(claim.left);
    }
    const { agentId, skills } = claim.right;
    const key = request.headers['idempotency-key'];
    if (key !== undefined && (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key)))
      throw invalidRequest([
        {
          path: '/header/idempotency-key',
          message: `must be 1..128 printable ASCII characters; got ${quoted(String(key))}`,
        },
      ]);
    const commandId = key ?? randomUUID();
    void reply.header('Idempotency-Key', commandId);
    const result = await this.afecto.claimNext({ queue, agentId, skills, actor, commandId });
    if (E.isLeft(result)) {
      this.metrics.commandDone('ClaimNext', result.left.code);
      throw refused(result.left);
    }
    this.metrics.commandDone('ClaimNext', result.right === null ? 'nothing' : 'accepted');
    if (result.right === null) {
      void reply.status(204);
      return undefined;
    }
    const { itemId, partyId, slot, position } = result.right;
    const { projections, readModels } = this.afecto;
    await projections.waitFor(position, this.settings.waitMs);
    const now = this.settings.now();
    const item = await readModels.item(itemId);
    const { configuration } = policyAt(projections.engine.world.regime, now);
    return {
      ...(item === null ? { itemId, who: { partyId } } : itemViewOf(partyId, item, configuration, now)),
      slot,
      ...(await this.readPoint.stamp({})),
      position: position.toString(),
    };
  }
}
