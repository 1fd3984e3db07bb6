import { setTimeout as pause } from 'node:timers/promises';
import type { Afecto } from '@afecto/application';
import type { Instant } from '@afecto/domain';
import { Counter, Gauge, type Registry } from 'prom-client';

/** How long a log on a server may take to say where it ends, in milliseconds. */
const ANSWER_MS = 1_500;

/** Counting the items of all queues reads them all, so scrapes closer together share one count. */
const QUEUE_DEPTHS_MS = 10_000;

const seconds = (milliseconds: number): number => Math.max(0, milliseconds) / 1_000;

/** A figure whose file cannot be read is no number, and hides no other: they are wanted most then. */
const orNone = async (count: () => number | Promise<number>): Promise<number> => {
  try {
    return await count();
  } catch {
    return Number.NaN;
  }
};

/** Figures that are read from the system when somebody asks: flow, lag, depths. */
export const presentFigures = (afecto: Afecto, now: () => Instant, registry: Registry): (() => Promise<void>) => {
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Gauge<L>({ name, help, labelNames, registers });
  const appended = new Counter({
    name: 'afecto_events_appended_total',
    help: 'Events appended to the log since the start; its rate is the append rate',
    registers,
  });
  const projected = new Counter({
    name: 'afecto_events_projected_total',
    help: 'Events projected since the start; its rate is the projection rate',
    registers,
  });
  const position = gauge('afecto_position', 'Last position of the log and of the projections', 'of');
  const lagEvents = gauge('afecto_projection_lag_events', 'Events of the log that are not projected yet');
  const lagSeconds = gauge('afecto_projection_lag_seconds', 'Age of the oldest event that is not projected yet');
  const caughtUp = gauge('afecto_projections_caught_up', '1 once everything that was in the log has been projected');
  const answers = gauge('afecto_event_store_answers', '1 when the log answers; 0: what is said of it is of before');
  const quarantined = gauge('afecto_quarantined_facts', 'Facts in quarantine now');
  const deadLetters = gauge('afecto_dead_letters', 'Dead letters: events that the projections could not take in');
  const depths = gauge('afecto_queue_items', 'Work items that are not closed, by queue and state', 'queue', 'state');
  const overdue = gauge('afecto_queue_overdue_items', 'Visible work items past their due time', 'queue');

  let countedHead = afecto.projections.position();
  let countedDone = countedHead;
  let depthsAt = Number.NEGATIVE_INFINITY;

  /** Seconds; 0 where everything is projected. */
  const ageOfOldest = async (head: bigint, done: bigint): Promise<number> => {
    let oldest: Instant | null = null;
    if (head > done)
      for await (const [first] of afecto.store.readAll({ after: done, limit: 1 })) oldest = first?.recordedAt ?? null;
    return oldest === null ? 0 : seconds(now() - oldest);
  };

  const refreshFlow = async (): Promise<void> => {
    // Other figures are wanted most while the log gives no answer.
    const head = await Promise.race([afecto.store.head().catch(() => null), pause(ANSWER_MS, null, { ref: false })]);
    answers.set(head === null ? 0 : 1);
    if (head === null) return;
    const done = afecto.projections.position();
    if (head > countedHead) {
      appended.inc(Number(head - countedHead));
      countedHead = head;
    }
    if (done > countedDone) {
      projected.inc(Number(done - countedDone));
      countedDone = done;
    }
    position.set({ of: 'log' }, Number(head));
    position.set({ of: 'projections' }, Number(done));
    lagEvents.set(head > done ? Number(head - done) : 0);
    caughtUp.set(afecto.projections.caughtUp() ? 1 : 0);
    lagSeconds.set(await orNone(() => ageOfOldest(head, done)));
  };

  const refreshDepths = async (): Promise<void> => {
    if (performance.now() - depthsAt < QUEUE_DEPTHS_MS) return;
    depthsAt = performance.now();
    for (const { queue, open, claimed, suppressed, snoozed, overdue: late } of await afecto.answers.queueKpis()) {
      depths.set({ queue, state: 'claimed' }, claimed);
      depths.set({ queue, state: 'suppressed' }, suppressed);
      depths.set({ queue, state: 'snoozed' }, snoozed);
      depths.set({ queue, state: 'open' }, open - claimed);
      overdue.set({ queue }, late);
    }
  };

  return async () => {
    await refreshFlow();
    await refreshDepths().catch(() => {
      depths.reset();
      overdue.reset();
    });
    quarantined.set(await orNone(() => afecto.quarantine.count()));
    deadLetters.set(await orNone(() => afecto.readModels.countDeadLetters()));
  };
};
