import * as fc from 'fast-check';
import type { ResolvedRecord } from '../../log/wire-log';
import { GroupMachine } from './group-machine';
import type { Effect, MachineSettings } from './machine-terms';
import type { NackAction } from './message';
import { STRATEGIES } from './strategy';

const NACKS: ReadonlyArray<NackAction> = ['unknown', 'park', 'retry', 'skip', 'stop'];
const BUFFER_SIZE = 3;

type Step =
  | { readonly do: 'receive'; readonly count: number }
  | { readonly do: 'pass' | 'final' | 'replay' }
  | { readonly do: 'connect' | 'disconnect'; readonly consumer: number }
  | { readonly do: 'ack'; readonly pick: number }
  | { readonly do: 'nack'; readonly pick: number; readonly action: NackAction }
  | { readonly do: 'parkAnswer'; readonly pick: number; readonly succeeds: boolean }
  | { readonly do: 'wait'; readonly milliseconds: number };

const pick = fc.nat({ max: 50 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('receive' as const), count: fc.integer({ min: 1, max: 8 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('pass' as const, 'final' as const, 'replay' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('connect' as const), consumer: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('disconnect' as const), consumer: fc.nat({ max: 3 }) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('ack' as const), pick }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('nack' as const), pick, action: fc.constantFrom(...NACKS) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('parkAnswer' as const), pick, succeeds: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), milliseconds: fc.nat({ max: 1_500 }) }) },
);

const settings: fc.Arbitrary<MachineSettings> = fc.record({
  messageTimeout: fc.constantFrom(0, 500, 1_000),
  maxRetryCount: fc.nat({ max: 3 }),
  checkPointAfter: fc.constantFrom(0, 100),
  checkPointLowerBound: fc.nat({ max: 3 }),
  checkPointUpperBound: fc.nat({ max: 6 }),
  liveBufferSize: fc.integer({ min: 1, max: 10 }),
  historyBufferSize: fc.integer({ min: 1, max: 10 }),
  strategy: fc.constantFrom(...STRATEGIES),
  extraStatistics: fc.boolean(),
});

const recordAt = (id: string, place: bigint): ResolvedRecord => ({
  link: null,
  event: {
    id,
    type: 'Ordered',
    isJson: true,
    data: Buffer.from('{}'),
    metadata: Buffer.from(`{"$correlationId":"${place % 5n}"}`),
    streamId: `orders-${place % 7n}`,
    eventNumber: place,
    position: place,
    recordedAt: 0,
  },
});

/** Plays the world around a machine and knows, for each event, where it must be. */
class World {
  readonly finished = new Set<string>();
  readonly inFlight = new Map<string, string>();
  readonly deliveries = new Map<string, number>();
  readonly parking = new Set<string>();
  readonly received: bigint[] = [];
  readonly connected = new Set<string>();
  checkpoint = -1n;
  /** Parked messages by event number of the parked stream; all below `replayedUpTo` have been replayed. */
  parkedStream = 0;
  replayedUpTo = 0;
  now = 0;
  private place = 0n;
  private readonly machine: GroupMachine;

  constructor(private readonly chosen: MachineSettings) {
    this.machine = new GroupMachine(chosen, { place: null }, 0);
  }

  play(one: Step): void {
    const machine = this.machine;
    switch (one.do) {
      case 'receive': {
        const records = Array.from({ length: Math.min(one.count, machine.room) }, () => this.next());
        this.apply(machine.receive(records, ({ event }) => event?.eventNumber ?? 0n, this.now));
        return;
      }
      case 'pass':
        this.place += 1n;
        return this.apply(machine.passed(this.place, this.now));
      case 'replay': {
        const links = Array.from({ length: this.parkedStream - this.replayedUpTo }, (_, index) =>
          recordAt(`link-${this.replayedUpTo + index}`, BigInt(this.replayedUpTo + index)),
        );
        this.replayedUpTo = this.parkedStream;
        return this.apply(machine.replay(links, this.now));
      }
      case 'final':
        return this.apply(machine.final(this.now));
      case 'connect': {
        const id = `consumer-${one.consumer}`;
        if (this.connected.has(id)) return;
        this.connected.add(id);
        return this.apply(machine.connect({ id, bufferSize: BUFFER_SIZE }, this.now));
      }
      case 'disconnect': {
        const id = `consumer-${one.consumer}`;
        if (!this.connected.delete(id)) return;
        for (const [event, holder] of this.inFlight) if (holder === id) this.inFlight.delete(event);
        return this.apply(machine.disconnect(id, this.now));
      }
      case 'ack': {
        const [event] = this.held(one.pick);
        if (event === undefined) return;
        this.inFlight.delete(event);
        this.finish(event);
        return this.apply(machine.acknowledge([event], this.now));
      }
      case 'nack': {
        const [event, holder] = this.held(one.pick);
        if (event === undefined || holder === undefined) return;
        this.inFlight.delete(event);
        if (one.action === 'skip' || one.action === 'stop') this.finish(event);
        return this.apply(machine.refuse(holder, [event], one.action, 'because', this.now));
      }
      case 'parkAnswer': {
        const event = [...this.parking][one.pick % Math.max(1, this.parking.size)];
        if (event === undefined) return;
        this.parking.delete(event);
        if (one.succeeds) {
          this.parkedStream += 1;
          this.finish(event);
        }
        return this.apply(one.succeeds ? machine.parked(event, this.now) : machine.parkFailed(event, this.now));
      }
      case 'wait':
        this.now += one.milliseconds;
        if (this.chosen.messageTimeout > 0) this.expectTimeouts();
        return this.apply(machine.tick(this.now));
    }
  }

  /** Everything that was received is handled once nothing is refused any more. */
  drain(): void {
    this.play({ do: 'connect', consumer: 0 });
    this.play({ do: 'replay' });
    for (let round = 0; round < 10_000 && this.finished.size < this.expected; round += 1) {
      this.play({ do: 'ack', pick: 0 });
      this.play({ do: 'parkAnswer', pick: 0, succeeds: true });
    }
  }

  /** Messages that there are in all, replayed ones included. */
  get expected(): number {
    return this.received.length + this.replayedUpTo;
  }

  finalCheckpoint(): bigint {
    this.apply(this.machine.final(this.now));
    return this.checkpoint;
  }

  get last(): bigint {
    return this.place;
  }

  private readonly sentAt = new Map<string, number>();

  private expectTimeouts(): void {
    for (const event of [...this.inFlight.keys()]) {
      if (this.now - (this.sentAt.get(event) ?? 0) >= this.chosen.messageTimeout) this.inFlight.delete(event);
    }
  }

  private finish(event: string): void {
    expect(this.finished.has(event)).toBe(false);
    this.finished.add(event);
  }

  private held(chosen: number): ReadonlyArray<string> | [] {
    return [...this.inFlight][chosen % Math.max(1, this.inFlight.size)] ?? [];
  }

  private next(): ResolvedRecord {
    this.place += 1n;
    this.received.push(this.place);
    return recordAt(this.place.toString(), this.place);
  }

  private apply(effects: ReadonlyArray<Effect>): void {
    for (const effect of effects) this.applyOne(effect);
    const perConsumer = Map.groupBy(this.inFlight.values(), (holder) => holder);
    for (const [holder, events] of perConsumer) {
      expect(this.connected.has(holder)).toBe(true);
      expect(events.length).toBeLessThanOrEqual(BUFFER_SIZE);
    }
  }

  private applyOne(effect: Effect): void {
    switch (effect.kind) {
      case 'send': {
        const { id, retryCount } = effect.message;
        expect(this.finished.has(id)).toBe(false);
        expect(this.parking.has(id)).toBe(false);
        expect(this.inFlight.has(id)).toBe(false);
        expect(retryCount).toBeLessThanOrEqual(this.chosen.maxRetryCount);
        this.inFlight.set(id, effect.consumerId);
        this.sentAt.set(id, this.now);
        this.deliveries.set(id, (this.deliveries.get(id) ?? 0) + 1);
        return;
      }
      case 'park':
        expect(this.inFlight.has(effect.message.id)).toBe(false);
        this.parking.add(effect.message.id);
        return;
      case 'checkpoint':
        expect(effect.place).toBeGreaterThan(this.checkpoint);
        this.checkpoint = effect.place;
        for (const place of this.received) {
          if (place <= effect.place) expect(this.finished).toContain(place.toString());
        }
        return;
      case 'truncateParked':
        for (let parked = 0n; parked < effect.before; parked += 1n) expect(this.finished).toContain(`link-${parked}`);
        return;
    }
  }
}

describe('a group under random receipts, answers, timeouts and disconnects', () => {
  it('finishes each event once, never oversteps a consumer, never checkpoints what is unhandled, and loses nothing', () => {
    fc.assert(
      fc.property(settings, fc.array(step, { maxLength: 120 }), (chosen, steps) => {
        const world = new World(chosen);
        for (const one of steps) world.play(one);
        world.drain();
        expect(world.finished.size).toBe(world.expected);
        if (world.last > 0n) expect(world.finalCheckpoint()).toBe(world.last);
      }),
      { numRuns: 300 },
    );
  });
});
