import { Controller, Get, Inject, Req } from '@nestjs/common';
import type { Afecto } from '@afecto/application';
import { channels, consentPurposes, factTypes, identifierSchemes, interactionPurposes, toIso } from '@afecto/domain';
import { isoOrNull, profileOf } from '@afecto/projections';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { invalidRequest, ProblemException, quoted } from '../problem/problem';
import { partyNotFound } from '../problem/refusals';
import { AFECTO, ReadPoint } from '../request/afecto';
import { Asked, type AskedOf, partyParameters, whenParameters } from '../request/asked';
import { cursors, instantParameter, limitParameter, oneOfParameter, textParameter } from '../request/parameters';
import { PartyId, pathPart } from '../request/party-id';
import { phases, tiers, zones } from './lists';

const listCursor = cursors('parties');
const listParameters = {
  zone: oneOfParameter(zones, 'Only customers in this loyalty zone'),
  tier: oneOfParameter(tiers, 'Only customers of this tier'),
  phase: oneOfParameter(phases, 'Only customers in this phase of the life cycle'),
  q: textParameter(200, 'Part of the display name or of the party id'),
  limit: limitParameter,
  after: listCursor.parameter,
  ...whenParameters,
};

const timelineCursor = cursors('timeline');
const timelineParameters = {
  channel: oneOfParameter([...channels, 'all'], 'Only facts on this channel; `all`: consent for every channel'),
  type: oneOfParameter(factTypes, 'Only facts of this type'),
  purpose: oneOfParameter(
    [...new Set([...interactionPurposes, ...consentPurposes])],
    'Only contacts and decisions about consent with this purpose',
  ),
  phase: oneOfParameter(phases, 'Only facts that happened while the customer was in this phase of the life cycle'),
  from: instantParameter('Only facts that happened at or after this instant'),
  to: instantParameter('Only facts that happened at or before this instant'),
  limit: limitParameter,
  after: timelineCursor.parameter,
  ...partyParameters,
};

/** Identifiers lead to the customer of today: they have no past. */
const identifierParameters = { minPosition: whenParameters.minPosition };
const MAX_IDENTIFIER = 2_000;

/** Who our customers are (PR01, PR02, PR03). */
@ApiTags('parties')
@Controller('v1/parties')
export class PartiesController {
  constructor(
    @Inject(AFECTO) private readonly afecto: Afecto,
    @Inject(ReadPoint) private readonly readPoint: ReadPoint,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listParties', summary: 'Customers by party id, filtered' })
  async list(@Asked(listParameters) asked: AskedOf<typeof listParameters>) {
    const { limit, after, asOf, minPosition: _reached, q, ...filter } = asked;
    const stamp = await this.readPoint.everybody(asked);
    const { items, next } = await this.afecto.answers.parties(
      { ...filter, ...(q === undefined ? {} : { text: q }) },
      { limit, ...(after === undefined ? {} : { after }) },
      asOf === undefined ? {} : { asOf },
    );
    return {
      items: items.map(({ announced: _kept, ...row }) => ({
        ...row,
        zoneSince: isoOrNull(row.zoneSince),
        phaseSince: isoOrNull(row.phaseSince),
        nextChangeAt: isoOrNull(row.nextChangeAt),
        expiresAt: isoOrNull(row.expiresAt),
      })),
      next: listCursor.give(next),
      ...stamp,
    };
  }

  @Get('by-identifier/:scheme/:value')
  @ApiParam({ name: 'scheme', schema: { type: 'string' } })
  @ApiParam({ name: 'value', schema: { type: 'string' } })
  @ApiOperation({ operationId: 'partiesByIdentifier', summary: 'Customers that hold an identifier' })
  async byIdentifier(
    @Req() request: FastifyRequest,
    @Asked(identifierParameters) asked: AskedOf<typeof identifierParameters>,
  ) {
    const value = pathPart(request, 'value');
    const name = pathPart(request, 'scheme');
    const scheme = identifierSchemes.find((known) => known === name);
    if (scheme === undefined)
      throw invalidRequest([
        { path: '/path/scheme', message: `must be one of ${identifierSchemes.join(', ')}; got ${quoted(name)}` },
      ]);
    if (value.length > MAX_IDENTIFIER)
      throw invalidRequest([
        { path: '/path/value', message: `must have at most ${MAX_IDENTIFIER} characters; got ${value.length}` },
      ]);
    const stamp = await this.readPoint.stamp(asked);
    const partyIds = await this.afecto.answers.byIdentifier(scheme, value);
    if (partyIds.length === 0) throw new ProblemException('IdentifierNotFound', `no party is known by this ${scheme}`);
    return { scheme, partyIds, ...stamp };
  }

  @Get(':partyId')
  @ApiOperation({ operationId: 'getParty', summary: 'Profile360 (PR02)' })
  async profile(@PartyId() partyId: string, @Asked(partyParameters) asked: AskedOf<typeof partyParameters>) {
    const { minPosition, ...when } = asked;
    const position = await this.readPoint.reached(minPosition);
    const seen = await this.afecto.answers.seen(partyId, when, profileOf);
    if (seen === null) throw partyNotFound(partyId);
    return { ...seen.view, asOf: toIso(seen.asOf), position };
  }

  @Get(':partyId/timeline')
  @ApiOperation({ operationId: 'getTimeline', summary: "The party's facts, newest first (PR01)" })
  async timeline(@PartyId() partyId: string, @Asked(timelineParameters) asked: AskedOf<typeof timelineParameters>) {
    const { minPosition: _reached, ...question } = asked;
    const stamp = await this.readPoint.stamp(asked);
    const page = await this.afecto.answers.timeline(partyId, question);
    if (page === null) throw partyNotFound(partyId);
    return { items: page.items, next: timelineCursor.give(page.next), ...stamp };
  }
}
