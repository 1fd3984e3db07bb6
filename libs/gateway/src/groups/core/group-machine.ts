import type { ResolvedRecord } from '../../log/wire-log';
import { CheckpointSchedule } from './checkpoint-schedule';
import { Consumer, type ConsumerOptions } from './consumer';
import type { Effect, MachineSettings, MachineSnapshot, MachineStart } from './machine-terms';
import { Throughput } from './measurements';
import { originalOf, type Message, type NackAction } from './message';
import { strategyNamed, type Strategy } from './strategy';
import { UnhandledOrder, type ReceivedNode } from './unhandled-order';
import { Waiting } from './waiting';

interface Outstanding {
  readonly message: Message;
  readonly consumer: Consumer;
  readonly sentAt: number;
}

/**
 * A group of competing consumers without any I/O (`eventstoredb-protocol` 3.6): what comes in and the time
 * are arguments, what is to be done is the answer. A message is in exactly one place until it is
 * handled: waiting, outstanding at one consumer, or being parked.
 */
export class GroupMachine {
  private readonly consumers = new Map<string, Consumer>();
  private readonly waiting = new Waiting();
  private readonly outstanding = new Map<string, Outstanding>();
  private readonly beingParked = new Map<string, Message>();
  private readonly source: UnhandledOrder;
  private readonly replays = new UnhandledOrder(null);
  private readonly schedule: CheckpointSchedule;
  private readonly strategy: Strategy;
  private readonly throughput: Throughput;
  private truncatedBefore: bigint | null = null;
  private live = false;
  private effects: Effect[] = [];

  constructor(
    private readonly settings: MachineSettings,
    start: MachineStart,
    now: number,
  ) {
    this.source = new UnhandledOrder(start.place);
    this.schedule = new CheckpointSchedule(settings, now);
    this.strategy = strategyNamed(settings.strategy);
    this.throughput = new Throughput(now);
  }

  /** Event number or position of the last event received or passed over; null: none. */
  get lastPlace(): bigint | null {
    return this.source.lastPlace;
  }

  /** New events that may be given to `receive` now. */
  get room(): number {
    const { liveBufferSize, historyBufferSize } = this.settings;
    return Math.max(0, Math.max(1, this.live ? liveBufferSize : historyBufferSize) - this.waiting.freshCount);
  }

  /** Replayed messages that wait for a consumer. */
  get replayedWaiting(): number {
    return this.waiting.replayedCount;
  }

  connect(options: ConsumerOptions, now: number): ReadonlyArray<Effect> {
    this.consumers.set(options.id, new Consumer(options, this.settings.extraStatistics, now));
    this.strategy.consumersChanged([...this.consumers.values()]);
    return this.delivered(now);
  }

  /** What the consumer held goes back, counted as a try. */
  disconnect(consumerId: string, now: number): ReadonlyArray<Effect> {
    if (!this.consumers.delete(consumerId)) return [];
    this.strategy.consumersChanged([...this.consumers.values()]);
    this.retry([...this.outstanding.values()].filter(({ consumer }) => consumer.id === consumerId));
    return this.delivered(now);
  }

  /** New events in order, no more than `room`. `places`: event numbers or positions, strictly increasing. */
  receive(
    records: ReadonlyArray<ResolvedRecord>,
    place: (record: ResolvedRecord) => bigint,
    now: number,
  ): ReadonlyArray<Effect> {
    for (const record of records) {
      this.waiting.addFresh(this.messageOf(record, 'source', this.source.received(place(record))));
    }
    return this.delivered(now);
  }

  /** The filter has looked at everything up to `place` and wants none of it. */
  passed(place: bigint, now: number): ReadonlyArray<Effect> {
    this.source.passed(place);
    return this.checkpointed(now, false);
  }

  /** Whether the group follows the head of the log; only decides which buffer size counts. */
  setLive(live: boolean): void {
    this.live = live;
  }

  /** Parked messages in the order of the parked stream, whose links they are. */
  replay(records: ReadonlyArray<ResolvedRecord>, now: number): ReadonlyArray<Effect> {
    for (const record of records) {
      this.waiting.addReplayed(this.messageOf(record, 'parked', this.replays.received(originalOf(record).eventNumber)));
    }
    return this.delivered(now);
  }

  /** Ids that are not outstanding are ignored; whoever handled a message, it is handled. */
  acknowledge(ids: ReadonlyArray<string>, now: number): ReadonlyArray<Effect> {
    for (const id of ids) {
      const held = this.outstanding.get(id);
      if (held === undefined) continue;
      held.consumer.processed(now - held.sentAt);
      this.release(held);
      this.handled(held.message);
    }
    return this.delivered(now);
  }

  /** A late answer of a consumer that has lost the message to another is ignored. */
  refuse(
    consumerId: string,
    ids: ReadonlyArray<string>,
    action: NackAction,
    reason: string,
    now: number,
  ): ReadonlyArray<Effect> {
    for (const id of ids) {
      const held = this.outstanding.get(id);
      if (held?.consumer.id !== consumerId) continue;
      switch (action) {
        case 'park':
          this.release(held);
          this.park(held.message, `Client explicitly NAK'ed message.\n${reason}`);
          break;
        case 'retry':
        case 'unknown':
          this.retry([held]);
          break;
        case 'skip':
        case 'stop':
          this.release(held);
          this.handled(held.message);
          break;
      }
    }
    return this.delivered(now);
  }

  /** The message is durably among the parked ones. */
  parked(id: string, now: number): ReadonlyArray<Effect> {
    const message = this.beingParked.get(id);
    if (message === undefined) return [];
    this.beingParked.delete(id);
    this.handled(message);
    return this.delivered(now);
  }

  /** The log refused the parked message: it is delivered once more, so that it is not lost. */
  parkFailed(id: string, now: number): ReadonlyArray<Effect> {
    const message = this.beingParked.get(id);
    if (message === undefined) return [];
    this.beingParked.delete(id);
    this.waiting.addRetries([message]);
    return this.delivered(now);
  }

  /** The look that is due once a second: message timeouts, checkpoint by time, parked messages replayed. */
  tick(now: number): ReadonlyArray<Effect> {
    const { messageTimeout } = this.settings;
    if (messageTimeout > 0) {
      this.retry([...this.outstanding.values()].filter(({ sentAt }) => now - sentAt >= messageTimeout));
    }
    this.deliver(now);
    this.truncateParked();
    return this.checkpointed(now, true);
  }

  /** The group stops: what has been handled since the last checkpoint. */
  final(now: number): ReadonlyArray<Effect> {
    this.truncateParked();
    const place = this.schedule.final(this.source.frontier(), now);
    if (place !== null) this.effects.push({ kind: 'checkpoint', place });
    return this.taken();
  }

  snapshot(now: number): MachineSnapshot {
    const { total, sinceLast, perSecond } = this.throughput.look(now);
    return {
      isLive: this.live,
      lastKnown: this.source.lastPlace,
      waitingNew: this.waiting.freshCount,
      waitingRetry: this.waiting.retryCount,
      outstanding: this.outstanding.size,
      totalItems: total,
      countSinceLastMeasurement: sinceLast,
      averagePerSecond: perSecond,
      consumers: [...this.consumers.values()].map((consumer) => consumer.snapshot(now)),
    };
  }

  private messageOf(record: ResolvedRecord, origin: Message['origin'], received: ReceivedNode): Message {
    return { id: originalOf(record).id, record, retryCount: 0, origin, received };
  }

  private deliver(now: number): void {
    let slots = [...this.consumers.values()].some((consumer) => consumer.hasSlot());
    if (!slots) return;
    this.waiting.offer((message) => {
      if (!slots) return 'stop';
      // Ids are unique over the log; a foreign writer's repeat waits until the first is answered.
      if (this.outstanding.has(message.id)) return 'passed';
      const chosen = this.strategy.choose(message.record);
      const consumer = chosen === null ? undefined : this.consumers.get(chosen.id);
      if (consumer === undefined) return this.strategy.skipsOver ? 'passed' : 'stop';
      consumer.take();
      this.throughput.add();
      this.outstanding.set(message.id, { message, consumer, sentAt: now });
      this.effects.push({ kind: 'send', consumerId: consumer.id, message });
      if (!consumer.hasSlot()) slots = [...this.consumers.values()].some((other) => other.hasSlot());
      return 'taken';
    });
  }

  private release({ message, consumer }: Outstanding): void {
    this.outstanding.delete(message.id);
    consumer.release();
  }

  private retry(all: ReadonlyArray<Outstanding>): void {
    const { maxRetryCount } = this.settings;
    const again: Message[] = [];
    for (const held of all) {
      const { message } = held;
      this.release(held);
      if (message.retryCount < maxRetryCount) again.push({ ...message, retryCount: message.retryCount + 1 });
      else this.park(message, `Reached retry count of ${maxRetryCount}`);
    }
    this.waiting.addRetries(again);
  }

  private park(message: Message, reason: string): void {
    this.beingParked.set(message.id, message);
    this.effects.push({ kind: 'park', message, reason });
  }

  private handled({ origin, received }: Message): void {
    if (origin === 'source') {
      this.source.handled(received);
      return;
    }
    this.replays.handled(received);
    if (this.replays.size === 0) this.truncateParked();
  }

  private truncateParked(): void {
    const { place } = this.replays.frontier();
    if (place === null || (this.truncatedBefore !== null && place < this.truncatedBefore)) return;
    this.truncatedBefore = place + 1n;
    this.effects.push({ kind: 'truncateParked', before: this.truncatedBefore });
  }

  private delivered(now: number): ReadonlyArray<Effect> {
    this.deliver(now);
    return this.checkpointed(now, false);
  }

  private checkpointed(now: number, isTick: boolean): ReadonlyArray<Effect> {
    const place = this.schedule.due(this.source.frontier(), now, isTick);
    if (place !== null) this.effects.push({ kind: 'checkpoint', place });
    return this.taken();
  }

  private taken(): ReadonlyArray<Effect> {
    const { effects } = this;
    this.effects = [];
    return effects;
  }
}
