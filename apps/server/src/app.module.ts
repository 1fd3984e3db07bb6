import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import type { Afecto } from '@afecto/application';
import { Admissions } from './admission/admissions';
import { CommandDesk } from './commands/command-desk';
import { CommandsController } from './commands/commands.controller';
import { ExecuteCommandHandler } from './commands/execute-command';
import { DeadLettersController } from './dead-letters/dead-letters.controller';
import { FactsController } from './facts/facts.controller';
import { EventStreams } from './feed/event-streams';
import { FeedController } from './feed/feed.controller';
import { FiguresController } from './figures/figures.controller';
import { HealthController } from './health/health.controller';
import { Readiness } from './health/readiness';
import { LoyaltyController } from './loyalty/loyalty.controller';
import { Metrics } from './metrics/metrics';
import { MetricsController } from './metrics/metrics.controller';
import { PartiesController } from './parties/parties.controller';
import { PersonalReads } from './privacy/personal-reads';
import { ProblemFilter } from './problem/problem-filter';
import { ProvenanceController } from './provenance/provenance.controller';
import { QueuesController } from './queues/queues.controller';
import { WorkItemsController } from './queues/work-items.controller';
import { AFECTO, ReadPoint, SETTINGS } from './request/afecto';
import { RouteTable } from './request/route-table';
import type { CompleteSettings } from './settings/server-settings';

/** The HTTP rim around a running Afecto. */
@Module({})
export class AppModule {
  static over(afecto: Afecto, settings: CompleteSettings, routes: RouteTable): DynamicModule {
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot()],
      controllers: [
        FactsController,
        CommandsController,
        PartiesController,
        ProvenanceController,
        LoyaltyController,
        FiguresController,
        QueuesController,
        WorkItemsController,
        FeedController,
        DeadLettersController,
        HealthController,
        MetricsController,
      ],
      providers: [
        { provide: AFECTO, useValue: afecto },
        { provide: SETTINGS, useValue: settings },
        { provide: RouteTable, useValue: routes },
        { provide: Admissions, useValue: new Admissions(settings.limits) },
        { provide: APP_FILTER, useClass: ProblemFilter },
        ReadPoint,
        Metrics,
        Readiness,
        EventStreams,
        PersonalReads,
        CommandDesk,
        ExecuteCommandHandler,
      ],
    };
  }
}
