import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Afecto, IntakeResult } from '@afecto/application';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import { Admissions } from '../admission/admissions';
import { AFECTO, SETTINGS } from '../request/afecto';
import type { CompleteSettings } from '../settings/server-settings';
import { registerAdmissions } from './admission-figures';
import { presentFigures } from './present-figures';

/** Prometheus figures (`interfaces.md`, Health): what has happened is counted here, what is so now is read when asked. */
@Injectable()
export class Metrics implements OnModuleDestroy {
  private readonly registry = new Registry();
  private readonly refresh: () => Promise<void>;
  private readonly facts: Counter<'result'>;
  private readonly rejected: Counter<'code'>;
  private readonly commands: Counter<'command' | 'result'>;
  private readonly durations: Histogram<'method' | 'route' | 'status'>;

  constructor(
    @Inject(AFECTO) afecto: Afecto,
    @Inject(SETTINGS) settings: CompleteSettings,
    @Inject(Admissions) admissions: Admissions,
  ) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.refresh = presentFigures(afecto, settings.now, this.registry);
    registerAdmissions(admissions, this.registry);
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
      help: 'Commands, by name and result (accepted, or the code of the refusal)',
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

  get contentType(): string {
    return this.registry.contentType;
  }

  async text(): Promise<string> {
    await this.refresh();
    return this.registry.metrics();
  }
}
