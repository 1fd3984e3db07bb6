import { Controller, Get, Inject, Req } from '@nestjs/common';
import { type Afecto, faultOfWindow, instantAsked, LONGEST_WINDOW_DAYS, type Window } from '@afecto/application';
import { toIso } from '@afecto/domain';
import { figures, models, partyViews } from '@afecto/projections';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { invalidRequest, ProblemException, quoted } from '../problem/problem';
import { partyNotFound } from '../problem/refusals';
import { AFECTO, ReadPoint, SETTINGS } from '../request/afecto';
import { Asked, type AskedOf, partyParameters, whenParameters } from '../request/asked';
import { instantParameter } from '../request/parameters';
import { PartyId, pathPart } from '../request/party-id';
import type { CompleteSettings } from '../settings/server-settings';

/** Figures are of today: what is asked is the window they look at. */
const figuresParameters = {
  from: instantParameter(
    `First day of the window, at most ${LONGEST_WINDOW_DAYS} days before its last; default 365 days up to its last`,
  ),
  to: instantParameter('Last day of the window; default today'),
  minPosition: whenParameters.minPosition,
};

const list = (named: ReadonlyArray<{ readonly code: string; readonly name: string; readonly title: string }>) =>
  named.map(({ code, name, title }) => ({ code, name, title }));

const described = (named: ReadonlyArray<{ readonly name: string; readonly title: string }>): string =>
  named.map(({ name, title }) => `\`${name}\`: ${title}`).join('; ');

const named = <A extends { readonly name: string }>(all: ReadonlyArray<A>, name: string, what: string): A => {
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new ProblemException(
    'UnknownFigures',
    `there are no ${what} ${quoted(name)}; there are ${all.map((one) => one.name).join(', ')}`,
  );
};

/** What the projections know of all customers, and of one beside its profile (`domain.md §16`). */
@ApiTags('figures')
@Controller('v1')
export class FiguresController {
  constructor(
    @Inject(AFECTO) private readonly afecto: Afecto,
    @Inject(SETTINGS) private readonly settings: CompleteSettings,
    @Inject(ReadPoint) private readonly readPoint: ReadPoint,
  ) {}

  @Get('figures')
  @ApiOperation({ operationId: 'listFigures', summary: 'Which figures there are, and which views of one party' })
  names(@Asked({}) _nothing: AskedOf<Record<never, never>>) {
    return { figures: list(figures), views: list(partyViews) };
  }

  @Get('figures/:name')
  @ApiParam({
    name: 'name',
    schema: { type: 'string', enum: figures.map(({ name }) => name) },
    description: described(figures),
  })
  @ApiOperation({ operationId: 'getFigures', summary: 'Figures about all customers, over a window of days' })
  async figures(@Req() request: FastifyRequest, @Asked(figuresParameters) asked: AskedOf<typeof figuresParameters>) {
    const wanted = named(figures, pathPart(request, 'name'), 'figures');
    const { minPosition, ...window } = asked;
    this.checkWindow(window);
    const stamp = await this.readPoint.everybody(minPosition === undefined ? {} : { minPosition });
    return { code: wanted.code, name: wanted.name, ...(await this.afecto.answers.figures(wanted, window)), ...stamp };
  }

  @Get('reports')
  @ApiOperation({ operationId: 'listReports', summary: 'Which frameworks there are reports of' })
  reports(@Asked({}) _nothing: AskedOf<Record<never, never>>) {
    return { reports: models.map(({ name, title }) => ({ name, title })) };
  }

  @Get('reports/:name')
  @ApiParam({
    name: 'name',
    schema: { type: 'string', enum: models.map(({ name }) => name) },
    description: described(models),
  })
  @ApiOperation({ operationId: 'getReport', summary: 'A framework, each step with the figures that fulfil it' })
  async report(@Req() request: FastifyRequest, @Asked(figuresParameters) asked: AskedOf<typeof figuresParameters>) {
    const wanted = named(models, pathPart(request, 'name'), 'reports');
    const { minPosition, ...window } = asked;
    this.checkWindow(window);
    const stamp = await this.readPoint.everybody(minPosition === undefined ? {} : { minPosition });
    return { ...(await this.afecto.answers.report(wanted, window)), ...stamp };
  }

  @Get('parties/:partyId/:view')
  @ApiParam({
    name: 'view',
    schema: { type: 'string', enum: partyViews.map(({ name }) => name) },
    description: described(partyViews),
  })
  @ApiOperation({ operationId: 'getPartyView', summary: 'One side of a customer' })
  async view(
    @PartyId() partyId: string,
    @Req() request: FastifyRequest,
    @Asked(partyParameters) asked: AskedOf<typeof partyParameters>,
  ) {
    const wanted = named(partyViews, pathPart(request, 'view'), 'views');
    const { minPosition, ...when } = asked;
    const position = await this.readPoint.reached(minPosition);
    const seen = await this.afecto.answers.view(wanted, partyId, when);
    if (seen === null) throw partyNotFound(partyId);
    return { code: wanted.code, name: wanted.name, partyId, ...seen.view, asOf: toIso(seen.asOf), position };
  }

  private checkWindow(window: Window): void {
    const fault = faultOfWindow(window, this.settings.now(), 'to');
    if (fault !== null && window.from !== undefined)
      throw invalidRequest([
        { path: '/query/from', message: `${fault}; got ${quoted(toIso(instantAsked(window.from)))}` },
      ]);
  }
}
