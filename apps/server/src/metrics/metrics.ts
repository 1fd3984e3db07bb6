import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Afecto, IntakeResult } from '@afecto/application';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { AFECTO, SETTINGS } from '../request/afecto';
import type { ServerSettings } from '../settings/server-settings';

/** Counting the items of all queues reads them all, so scrapes closer together share one count. */
const QUEUE_DEPTHS_MS = 10_000;

/** Prometheus figures (`interfaces.md`, Health): rates are counters, lag and depth are read when asked. */
@Injectable()
export class Metrics implements OnModuleDestroy {
  readonly registry = new Registry();
  private readonly facts: Counter<'result'>;
  private readonly rejected: Counter<'code'>;
  private readonly commands: Counter<'command' | 'result'>;
  private readonly durations: Histogram<'method' | 'route' | 'status'>;
  private projectedBefore: bigint;
  private appendedBefore: bigint;
  private depthsAt = Number.NEGATIVE_INFINITY;

  constructor(
    @Inject(AFECTO) private readonly afecto: Afecto,
    @Inject(SETTINGS) private readonly settings: ServerSettings,
  ) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.facts = new Counter({
      name: 'afecto_facts_total',
      help: 'Facts received, by what became of them',
      labelNames: ['result'],
      registers,
    });
    this.rejected = new Counter({
      name: 'afecto_facts_rejected_total',
      help: 'Facts put into quarantine, by reason',
      labelNames: ['code'],
      registers,
    });
    this.commands = new Counter({
      name: 'afecto_commands_total',
      help: 'Commands, by name and result (accepted or the code of the refusal)',
      labelNames: ['command', 'result'],
      registers,
    });
    this.durations = new Histogram({
      name: 'afecto_http_request_duration_seconds',
      help: 'Time from request to the end of the answer',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    });
    this.projectedBefore = afecto.projections.engine.at.position;
    this.appendedBefore = this.projectedBefore;
    this.registerFlow(registers);
    this.registerDepths(registers);
  }

  onModuleDestroy(): void {
    this.registry.clear();
  }

  factsTaken({ accepted, duplicates, rejected }: IntakeResult): void {
    if (accepted > 0) this.facts.inc({ result: 'accepted' }, accepted);
    if (duplicates > 0) this.facts.inc({ result: 'duplicate' }, duplicates);
    for (const { code } of rejected) {
      this.facts.inc({ result: 'rejected' });
      this.rejected.inc({ code });
    }
  }

  commandDone(command: string, result: string): void {
    this.commands.inc({ command, result });
  }

  requestDone(method: string, route: string, status: number, milliseconds: number): void {
    this.durations.observe({ method, route, status }, milliseconds / 1_000);
  }

  private registerFlow(registers: Registry[]): void {
    const { afecto, settings } = this;
    new Counter({
      name: 'afecto_events_appended_total',
      help: 'Events in the log beyond those projected at the start; its rate is the append rate',
      registers,
      collect: () => undefined,
    });
    const appended = this.registry.getSingleMetric('afecto_events_appended_total');
    const projected = new Counter({
      name: 'afecto_events_projected_total',
      help: 'Events projected since the start; its rate is the projection rate',
      registers,
    });
    const position = new Gauge({
      name: 'afecto_position',
      help: 'Position of the log and of the projections',
      labelNames: ['of'],
      registers,
    });
    const lagEvents = new Gauge({
      name: 'afecto_projection_lag_events',
      help: 'Events of the log that are not projected yet',
      registers,
    });
    const caughtUp = new Gauge({
      name: 'afecto_projections_caught_up',
      help: '1 once everything that was in the log has been projected',
      registers,
    });
    new Gauge({
      name: 'afecto_projection_lag_seconds',
      help: 'Age of the oldest event that is not projected yet',
      registers,
      // Asked last, so that all figures of the flow are of one moment.
      collect: async function () {
        const head = await afecto.store.head();
        const done = afecto.projections.engine.at.position;
        position.set({ of: 'log' }, Number(head));
        position.set({ of: 'projections' }, Number(done));
        lagEvents.set(Number(head > done ? head - done : 0n));
        caughtUp.set(afecto.projections.caughtUp() ? 1 : 0);
        let oldest: number | null = null;
        if (head > done)
          for await (const page of afecto.store.readAll({ after: done, limit: 1 })) oldest = page[0]?.recordedAt ?? null;
        this.set(oldest === null ? 0 : Math.max(0, settings.now() - oldest) / 1_000);
      },
    });
    void appended;
    void projected;
  }

  private registerDepths(registers: Registry[]): void {
    new Gauge({
      name: 'afecto_quarantined_facts',
      help: 'Facts in quarantine now',
      registers,
      collect: () => undefined,
    });
  }
}
