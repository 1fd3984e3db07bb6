import { Controller, Get, HttpCode, Inject, Post, Req } from '@nestjs/common';
import type { Afecto, IntakeResult } from '@afecto/application';
import { toIso } from '@afecto/domain';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import * as E from 'fp-ts/Either';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../auth/actor';
import { senderOf } from '../auth/caller';
import { ticketOf } from '../admission/front-door';
import { Metrics } from '../metrics/metrics';
import { ProblemException, quoted } from '../problem/problem';
import { unavailable } from '../problem/refusals';
import { AFECTO, ReadPoint } from '../request/afecto';
import { Asked, type AskedOf } from '../request/asked';
import { bodyOf } from '../request/body';
import { limitParameter, type Parameter } from '../request/parameters';
import { pathPart } from '../request/party-id';
import { incomingEvents, isBatch } from './incoming';

const QUARANTINE_ID = /^[0-9a-f]{32}$/;

const quarantineParameters = {
  limit: limitParameter,
  after: {
    allowed: 'the `next` of an earlier page of this list',
    description: 'Cursor: `next` of the page before',
    schema: { type: 'string' },
    read: (text) => (QUARANTINE_ID.test(text) ? text : null),
  } satisfies Parameter<string>,
};

/** A call with one fact that its sender may not tell is Forbidden; in a batch it is one of those rejected. */
const answer = ({ position, ...result }: IntakeResult, isBatch: boolean) => {
  const [rejected] = result.rejected;
  if (!isBatch && rejected?.code === 'Forbidden')
    throw new ProblemException(
      'Forbidden',
      `${rejected.errors.map(({ message }) => message).join('; ')}; it waits in quarantine as ${rejected.quarantineId}`,
      { errors: rejected.errors, details: { quarantineId: rejected.quarantineId } },
    );
  return { ...result, position: position.toString() };
};

const noSuchFact = (quarantineId: string): ProblemException =>
  new ProblemException('QuarantinedFactNotFound', `there is no quarantined fact ${quoted(quarantineId)}`);

/** Facts that happened elsewhere, and those that could not be accepted (`interfaces.md`, Facts in). */
@ApiTags('facts')
@Controller('v1')
export class FactsController {
  constructor(
    @Inject(AFECTO) private readonly afecto: Afecto,
    @Inject(ReadPoint) private readonly readPoint: ReadPoint,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  @Post('events')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'sendFacts',
    summary: 'Facts in: one CloudEvent, a batch, or binary mode (ce-* headers)',
  })
  async accept(@Req() request: FastifyRequest, @Asked({}) _nothing: AskedOf<Record<never, never>>) {
    const events = incomingEvents(request, bodyOf(request));
    ticketOf(request)?.isOf(events.length);
    const result = await this.afecto.intake.accept(events, senderOf(callerOf(request)));
    if (E.isLeft(result)) throw unavailable(result.left);
    this.metrics.factsTaken(result.right);
    return answer(result.right, isBatch(request));
  }

  @Get('quarantine')
  @ApiOperation({ operationId: 'listQuarantine', summary: 'Facts that were rejected, with the reason' })
  async list(@Asked(quarantineParameters) { limit, after }: AskedOf<typeof quarantineParameters>) {
    const found = this.afecto.quarantine.list({ limit: limit + 1, ...(after === undefined ? {} : { after }) });
    const items = found.slice(0, limit).map((fact) => ({ ...fact, receivedAt: toIso(fact.receivedAt) }));
    const next = found.length > limit ? (items.at(-1)?.quarantineId ?? null) : null;
    return { items, next, count: this.afecto.quarantine.count(), ...(await this.readPoint.stamp({})) };
  }

  @Get('quarantine/:quarantineId')
  @ApiParam({ name: 'quarantineId', schema: { type: 'string', pattern: QUARANTINE_ID.source } })
  @ApiOperation({ operationId: 'getQuarantinedFact', summary: 'One rejected fact as it came' })
  async get(@Req() request: FastifyRequest, @Asked({}) _nothing: AskedOf<Record<never, never>>) {
    const quarantineId = pathPart(request, 'quarantineId');
    const fact = this.afecto.quarantine.get(quarantineId);
    if (fact === null) throw noSuchFact(quarantineId);
    return { ...fact, receivedAt: toIso(fact.receivedAt), ...(await this.readPoint.stamp({})) };
  }

  @Post('quarantine/:quarantineId/retry')
  @HttpCode(200)
  @ApiParam({ name: 'quarantineId', schema: { type: 'string', pattern: QUARANTINE_ID.source } })
  @ApiOperation({
    operationId: 'retryQuarantinedFact',
    summary: 'Judge a rejected fact again; accepted, it leaves the quarantine',
  })
  async retry(@Req() request: FastifyRequest, @Asked({}) _nothing: AskedOf<Record<never, never>>) {
    const quarantineId = pathPart(request, 'quarantineId');
    const result = await this.afecto.intake.retry(quarantineId, senderOf(callerOf(request)));
    if (result === null) throw noSuchFact(quarantineId);
    if (E.isLeft(result)) throw unavailable(result.left);
    this.metrics.factsTaken(result.right);
    return answer(result.right, false);
  }
}
