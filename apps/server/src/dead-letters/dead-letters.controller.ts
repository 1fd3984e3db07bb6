import { Controller, Get, HttpCode, Inject, Post, Req } from '@nestjs/common';
import type { Afecto } from '@afecto/application';
import { deadLettersAbout, deadLetterView, explainDeadLetter, type Replayed } from '@afecto/projections';
import type { DeadLetterPlace } from '@afecto/read-models';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ProblemException, quoted } from '../problem/problem';
import { AFECTO, ReadPoint } from '../request/afecto';
import { Asked, type AskedOf } from '../request/asked';
import { limitParameter, type Parameter } from '../request/parameters';
import { PartyId, pathPart } from '../request/party-id';

const CURSOR = /^(\d{1,18}):([A-Za-z0-9_-]{0,64})$/;

const listParameters = {
  limit: limitParameter,
  after: {
    allowed: 'the `next` of an earlier page of this list',
    description: 'Cursor: `next` of the page before',
    schema: { type: 'string' },
    read: (text) => {
      const [, position, partyId] = CURSOR.exec(text) ?? [];
      return position === undefined ? null : { position: BigInt(position), partyId: partyId || null };
    },
  } satisfies Parameter<DeadLetterPlace>,
};

type Nothing = AskedOf<Record<never, never>>;

const nothingAbout = (about: string): ProblemException =>
  new ProblemException('NotFound', `there is no dead letter of a party or an event ${quoted(about)}`);

/** Events that the projections could not take in, and whom they hold back. */
@ApiTags('dead-letters')
@Controller('v1/dead-letters')
export class DeadLettersController {
  constructor(
    @Inject(AFECTO) private readonly afecto: Afecto,
    @Inject(ReadPoint) private readonly readPoint: ReadPoint,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listDeadLetters', summary: 'Events that the projections could not take in' })
  async list(@Asked(listParameters) { limit, after }: AskedOf<typeof listParameters>) {
    const { readModels } = this.afecto;
    const found = await readModels.deadLetters({ limit: limit + 1, ...(after === undefined ? {} : { after }) });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const next = found.length > limit && last !== undefined ? `${last.position}:${last.partyId ?? ''}` : null;
    const count = await readModels.countDeadLetters();
    return { items: items.map(deadLetterView), next, count, ...(await this.readPoint.stamp({})) };
  }

  @Get(':partyOrEvent')
  @ApiParam({ name: 'partyOrEvent', schema: { type: 'string' }, description: 'The id of a party or of an event' })
  @ApiOperation({
    operationId: 'explainDeadLetters',
    summary: 'The dead letters of a party or of an event: the event, the error, what waits, what to do',
  })
  async explain(@Req() request: FastifyRequest, @Asked({}) _nothing: Nothing) {
    const { readModels, store, projections } = this.afecto;
    const { links } = projections.engine.world;
    const about = pathPart(request, 'partyOrEvent');
    const letters = await deadLettersAbout(about, links, readModels);
    if (letters.length === 0) throw nothingAbout(about);
    const items = [];
    for (const letter of letters) items.push(await explainDeadLetter(letter, links, readModels, store));
    return { items, ...(await this.readPoint.stamp({})) };
  }

  @Post('replay')
  @HttpCode(200)
  @ApiOperation({ operationId: 'replayDeadLetters', summary: 'Try all dead letters again with the present program' })
  async replayAll(@Asked({}) _nothing: Nothing) {
    return this.answer(await this.replay(null));
  }

  @Post(':partyId/replay')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'replayDeadLettersOfParty',
    summary: 'Try the dead letters of a party again with the present program',
  })
  async replayParty(@PartyId() partyId: string, @Asked({}) _nothing: Nothing) {
    const replayed = await this.replay(partyId);
    if (replayed.tried.length === 0) throw nothingAbout(partyId);
    return this.answer(replayed);
  }

  private replay(partyId: string | null): Promise<Replayed> {
    const { projections, settings } = this.afecto;
    return projections.engine.exclusively(() => projections.engine.replay(partyId, settings.now()));
  }

  private async answer({ tried, left }: Replayed) {
    return { tried: tried.length, left: left.map(deadLetterView), ...(await this.readPoint.stamp({})) };
  }
}
