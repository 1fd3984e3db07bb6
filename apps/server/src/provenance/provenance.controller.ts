import { Controller, Get, Inject } from '@nestjs/common';
import type { Afecto } from '@afecto/application';
import { toIso } from '@afecto/domain';
import { lastChanges, profileFields, provenanceOf } from '@afecto/projections';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import * as E from 'fp-ts/Either';
import { invalidRequest } from '../problem/problem';
import { partyNotFound } from '../problem/refusals';
import { AFECTO, ReadPoint, SETTINGS } from '../request/afecto';
import { Asked, type AskedOf, partyParameters } from '../request/asked';
import { textParameter } from '../request/parameters';
import { PartyId } from '../request/party-id';
import type { CompleteSettings } from '../settings/server-settings';

const MAX_NAME = 256;

const provenanceParameters = {
  field: textParameter(
    MAX_NAME,
    'JSON Pointer of a field of the profile, or its last name where no other field ends so; without it the last ' +
      `change of every field. Parts go on from a field: /openItems/0/why. Fields: ${profileFields.map(({ pointer }) => pointer).join(', ')}`,
  ),
  ...partyParameters,
};

/** Why a profile says what it says: by which events and which rule (PR02). */
@ApiTags('parties')
@Controller('v1/parties')
export class ProvenanceController {
  constructor(
    @Inject(AFECTO) private readonly afecto: Afecto,
    @Inject(SETTINGS) private readonly settings: CompleteSettings,
    @Inject(ReadPoint) private readonly readPoint: ReadPoint,
  ) {}

  @Get(':partyId/provenance')
  @ApiOperation({
    operationId: 'getProvenance',
    summary: 'Where a field of the profile comes from: its history, the events it rests on, and the rule',
  })
  async provenance(
    @PartyId() partyId: string,
    @Asked(provenanceParameters) asked: AskedOf<typeof provenanceParameters>,
  ) {
    const { field: name, minPosition, knownAt } = asked;
    const position = await this.readPoint.reached(minPosition);
    const asOf = asked.asOf ?? Math.max(this.settings.now(), this.afecto.projections.engine.at.horizon);
    const limits = { asOf, ...(knownAt === undefined ? {} : { knownAt }) };
    const history = await this.afecto.answers.provenance.history(partyId, limits);
    if (history === null) throw partyNotFound(partyId);
    const { parties } = history;
    if (name === undefined) {
      const fields = await lastChanges(history);
      if (fields === null) throw partyNotFound(partyId);
      return { partyId, parties, fields, asOf: toIso(asOf), position };
    }
    const field = await provenanceOf(history, name);
    if (field === null) throw partyNotFound(partyId);
    if (E.isLeft(field)) throw invalidRequest([{ path: '/query/field', message: field.left }]);
    return { partyId, parties, ...field.right, asOf: toIso(asOf), position };
  }
}
