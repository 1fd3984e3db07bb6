import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
// eslint-disable-next-line boundaries/dependencies -- the one proxy of all tests; it is a test's, not the gateway's
import { BreakingProxy } from '../../../../gateway/src/conformance/testing/breaking-proxy';
import type { DriverTask } from '../programs/driver';
import type { FaultPlan } from '../programs/fault-actions';
import { Random } from '../random';
import type { Round, RoundOptions } from './embedded-round';
import {
  killProgram,
  pauseProgram,
  type RecordOfLog,
  type RunningGateway,
  type RunningProgram,
  startDriver,
  startGatewayProgram,
  unresolvedIn,
} from './programs-run';

/** Faults between an adapter and its store, while both are at work. */
export const GATEWAY_FAULTS = [
  'gateway killed',
  'gateway killed at a mark',
  'gateway paused',
  'slow disk',
  'cut',
  'half open',
  'answers lost',
  'refused',
  'adapter killed',
  'adapter killed at a mark',
] as const;
export type GatewayFault = (typeof GATEWAY_FAULTS)[number];

export interface GatewayRoundOptions extends RoundOptions {
  /** Marks that a gateway passes while it serves. */
  readonly marks: ReadonlyArray<string>;
  /** Marks that an adapter passes. */
  readonly adapterMarks: ReadonlyArray<string>;
}

/** Impatient, so that a fault is over before the round is. */
const TIMINGS = { appendMs: 600, silenceMs: 600, heartbeatMs: 250, giveUpMs: 2_500, pauseMs: 20 };
const PATIENCE_MS = 30_000;

/** How long a program may take to come by the mark that it is to die at. */
const MARK_MS = 2_000;

const endedOrKilled = async (running: RunningProgram): Promise<void> => {
  const timer = new AbortController();
  const late = pause(MARK_MS, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([running.ended, late]);
  timer.abort();
  await killProgram(running);
};

/** One log behind a gateway behind a line that breaks, and an adapter at its other end. */
class GatewayRound {
  readonly record: RecordOfLog = [];
  readonly struck: Record<string, number> = {};
  readonly #random: Random;
  readonly #proxy: BreakingProxy;
  #gateway: RunningGateway | null = null;
  #driver: RunningProgram | null = null;
  #port = 0;
  #gateways = 0;
  #drivers = 0;

  constructor(readonly options: GatewayRoundOptions) {
    mkdirSync(options.folder, { recursive: true });
    this.#random = new Random(options.seed, 'gateway round');
    this.#proxy = new BreakingProxy(() => this.#port);
  }

  async start(): Promise<void> {
    await this.#serve([]);
    await this.#proxy.listen();
  }

  /** Until it listens: a plan may end it before. */
  async #serve(plan: ReadonlyArray<FaultPlan>): Promise<void> {
    const { build, folder, seed } = this.options;
    for (let given = plan; ; given = []) {
      this.#gateways += 1;
      this.#gateway = await startGatewayProgram(build, {
        gateway: build.gateway,
        file: join(folder, 'log.db'),
        port: this.#port,
        seed,
        run: `gateway${this.#gateways}`,
        plan: given,
      });
      if (this.#gateway === null) continue;
      this.#port = this.#gateway.port;
      return;
    }
  }

  async #killGateway(): Promise<void> {
    if (this.#gateway !== null) await killProgram(this.#gateway);
    this.#gateway = null;
  }

  #startDriver(plan: ReadonlyArray<FaultPlan>, steps: number): RunningProgram {
    const { build, folder, seed } = this.options;
    this.#drivers += 1;
    const task: DriverTask = {
      store: { engine: 'eventstoredb', url: this.#proxy.url, timings: TIMINGS },
      workload: {
        seed,
        run: `a${this.#drivers}`,
        streams: 12,
        // Enough of one adapter at once that streams are opened in a crowd.
        writers: 10,
        steps,
        readers: 2,
        subscribers: 3,
        projection: join(folder, 'projection.db'),
        unresolved: unresolvedIn(this.record),
        patienceMs: PATIENCE_MS,
      },
      plan,
    };
    this.#driver = startDriver(build, task, this.record);
    return this.#driver;
  }

  #restartDriver(plan: ReadonlyArray<FaultPlan> = []): void {
    this.record.push({ entry: 'ended', with: 'connection' });
    // So many that it is at work until the round ends it.
    this.#startDriver(plan, 1_000_000);
  }

  /** Strikes every fault once, in an order that the seed gives, with an adapter at work all the time. */
  async strikeAll(): Promise<void> {
    const random = this.#random;
    const faults: GatewayFault[] = [...GATEWAY_FAULTS];
    this.#startDriver([], 1_000_000);
    await this.#recorded(6 * this.options.steps);
    while (faults.length > 0) {
      const [fault] = faults.splice(random.below(faults.length), 1);
      if (fault === undefined) continue;
      await this.#strike(fault);
      this.struck[fault] = (this.struck[fault] ?? 0) + 1;
      await this.#recorded(this.options.steps + random.below(3 * this.options.steps));
      await this.#isAlive();
    }
    if (this.#driver !== null) await killProgram(this.#driver);
    this.record.push({ entry: 'ended', with: 'connection' });
  }

  /** Waits until the adapter has told of so many more calls and answers. */
  async #recorded(more: number): Promise<void> {
    const enough = this.record.length + more;
    while (this.record.length < enough) {
      await this.#isAlive();
      await pause(5);
    }
  }

  async #isAlive(): Promise<void> {
    const driver = this.#driver;
    if (driver === null || (driver.child.exitCode === null && driver.child.signalCode === null)) return;
    const { code, signal, stderr } = await driver.ended;
    throw new Error(`The adapter's program ended with ${signal ?? code}: ${stderr}`);
  }

  async #strike(fault: GatewayFault): Promise<void> {
    const random = this.#random;
    const driver = this.#driver;
    switch (fault) {
      case 'gateway killed':
        await this.#killGateway();
        await pause(random.below(300));
        return this.#serve([]);
      case 'gateway killed at a mark':
        await this.#killGateway();
        await this.#serve([{ at: random.of(this.options.marks), hit: 1 + random.below(20), action: 'kill' }]);
        if (this.#gateway !== null) await endedOrKilled(this.#gateway);
        return this.#serve([]);
      case 'slow disk': {
        await this.#killGateway();
        const milliseconds = 5 + random.below(20);
        return this.#serve([{ at: 'the writer is about to commit', hit: 1, action: 'delay', milliseconds }]);
      }
      case 'gateway paused':
        // Shorter and longer than the adapter has patience for.
        if (this.#gateway !== null) await pauseProgram(this.#gateway, 100 + random.below(1_000));
        return;
      case 'cut':
        return this.#proxy.cut();
      case 'half open':
        return this.#proxy.freeze();
      case 'answers lost':
        return this.#proxy.freeze('answers');
      case 'refused':
        this.#proxy.refuse(true);
        await pause(100 + random.below(400));
        return this.#proxy.refuse(false);
      case 'adapter killed':
        if (driver !== null) await killProgram(driver);
        return this.#restartDriver();
      case 'adapter killed at a mark': {
        if (driver !== null) await killProgram(driver);
        this.#restartDriver([{ at: random.of(this.options.adapterMarks), hit: 1 + random.below(20), action: 'kill' }]);
        if (this.#driver !== null) await endedOrKilled(this.#driver);
        return this.#restartDriver();
      }
    }
  }

  /** A last run with nothing wrong, which reads everything. */
  async finish(): Promise<Round> {
    const { code, stderr } = await this.#startDriver([], this.options.steps).ended;
    if (code !== 0) throw new Error(`The adapter's program ended with ${code}: ${stderr}`);
    this.record.push({ entry: 'ended', with: 'connection' });
    return { record: this.record, struck: this.struck };
  }

  async remove(): Promise<void> {
    if (this.#driver !== null) await killProgram(this.#driver);
    await this.#killGateway();
    await this.#proxy.close();
  }
}

/** Every fault between an adapter and a gateway once over one log, in an order that the seed gives. */
export const gatewayRound = async (options: GatewayRoundOptions): Promise<Round> => {
  const round = new GatewayRound(options);
  try {
    await round.start();
    await round.strikeAll();
    return await round.finish();
  } finally {
    await round.remove();
  }
};
