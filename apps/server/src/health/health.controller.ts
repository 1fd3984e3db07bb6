import { Controller, Get, Inject } from '@nestjs/common';
import type { Afecto } from '@afecto/application';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { PersonalReads } from '../privacy/personal-reads';
import { ProblemException } from '../problem/problem';
import { AFECTO } from '../request/afecto';
import { Readiness } from './readiness';

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(
    @Inject(AFECTO) private readonly afecto: Afecto,
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(PersonalReads) private readonly reads: PersonalReads,
  ) {}

  @Get('live')
  @ApiOperation({ operationId: 'live', summary: 'The process answers' })
  live() {
    return { status: 'live' };
  }

  @Get('ready')
  @ApiOperation({ operationId: 'ready', summary: '503 until the projections have caught up once' })
  async ready() {
    const obstacle = await this.readiness.obstacle();
    if (obstacle !== null) throw new ProblemException('NotReady', obstacle);
    const { projections } = this.afecto;
    return {
      status: 'ready',
      position: projections.position().toString(),
      /** The failure that the last step of the projections ended with; it is being retried. */
      projectionFailure: projections.failure(),
      /** Whether who is shown personal data cannot be recorded now; until it can, they are shown to nobody. */
      readsUnrecorded: this.reads.isFailing,
      /** Events that the projections could not take in; everybody whom they do not concern goes on. */
      deadLetters: await this.afecto.readModels.countDeadLetters(),
    };
  }
}
