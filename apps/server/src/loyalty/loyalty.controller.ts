import { Controller, Get, Inject } from '@nestjs/common';
import type { Afecto, GroupBy } from '@afecto/application';
import { toIso } from '@afecto/domain';
import { loyaltyOf, zoneHistoryOf } from '@afecto/projections';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { partyNotFound } from '../problem/refusals';
import { AFECTO, ReadPoint } from '../request/afecto';
import { Asked, type AskedOf, partyParameters, whenParameters } from '../request/asked';
import { listParameter } from '../request/parameters';
import { PartyId } from '../request/party-id';

const groupings = ['zone', 'quadrant', 'tier', 'phase', 'extreme'] as const satisfies ReadonlyArray<GroupBy>;

const zonesParameters = {
  groupBy: {
    ...listParameter(groupings, 'Columns to count by; default zone'),
    fallback: ['zone'] as ReadonlyArray<GroupBy>,
  },
  ...whenParameters,
};

/** Who is about to leave, who stays and why (PR07). */
@ApiTags('loyalty')
@Controller('v1')
export class LoyaltyController {
  constructor(
    @Inject(AFECTO) private readonly afecto: Afecto,
    @Inject(ReadPoint) private readonly readPoint: ReadPoint,
  ) {}

  @Get('parties/:partyId/loyalty')
  @ApiOperation({ operationId: 'explainLoyalty', summary: 'The zone and everything that led to it (domain.md §7.6)' })
  async explain(@PartyId() partyId: string, @Asked(partyParameters) asked: AskedOf<typeof partyParameters>) {
    const { minPosition, ...when } = asked;
    const position = await this.readPoint.reached(minPosition);
    const seen = await this.afecto.answers.seen(partyId, when, loyaltyOf);
    if (seen === null) throw partyNotFound(partyId);
    return { ...seen.view, asOf: toIso(seen.asOf), position };
  }

  @Get('parties/:partyId/loyalty/history')
  @ApiOperation({ operationId: 'zoneHistory', summary: 'The zones one after another, with what caused each change' })
  async history(@PartyId() partyId: string, @Asked(partyParameters) asked: AskedOf<typeof partyParameters>) {
    const { minPosition, ...when } = asked;
    const position = await this.readPoint.reached(minPosition);
    const seen = await this.afecto.answers.seen(partyId, when, zoneHistoryOf);
    if (seen === null) throw partyNotFound(partyId);
    return { history: seen.view, asOf: toIso(seen.asOf), position };
  }

  @Get('loyalty/zones')
  @ApiOperation({ operationId: 'countZones', summary: 'How many customers are in each zone, and their share' })
  async zones(@Asked(zonesParameters) asked: AskedOf<typeof zonesParameters>) {
    const stamp = await this.readPoint.everybody(asked);
    const groups = await this.afecto.answers.zones(asked.groupBy, asked.asOf === undefined ? {} : { asOf: asked.asOf });
    return { groups, total: groups.reduce((sum, { count }) => sum + count, 0), ...stamp };
  }
}
