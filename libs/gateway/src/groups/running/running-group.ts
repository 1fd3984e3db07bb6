import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/Either';
import type { ResolvedRecord, WireLog } from '../../log/wire-log';
import { GroupMachine } from '../core/group-machine';
import type { Effect } from '../core/machine-terms';
import type { Message, NackAction } from '../core/message';
import type { GroupDefinition, GroupError } from '../definition';
import { readCheckpoint } from '../storage/checkpoints';
import { parkedMessages, parkedRange } from '../storage/parked-messages';
import type { ConsumerIdentity, GroupInfo } from './group-info';
import { followSource, placeIn, startOf } from './group-source';
import { GroupWriter } from './group-writer';

/** Milliseconds of real time: message timeouts and the like are spans, whatever clock the log records by. */
const elapsed = (): number => Math.floor(performance.now());

/** `dropped`: the group was updated, deleted or restarted; `closing`: the gateway goes; else why the group has stopped. */
export type DropReason = 'dropped' | 'closing' | { readonly failed: string };

/** A client that consumes; what is called here must not block. */
export interface GroupConsumer extends ConsumerIdentity {
  /** Messages in flight at most; at least 1. */
  readonly bufferSize: number;
  /** Called once, before the first delivery. */
  readonly confirm: () => void;
  readonly deliver: (message: Message) => void;
  readonly drop: (reason: DropReason) => void;
}

/** What a connected consumer says; after `disconnect` nothing it says counts. */
export interface GroupConnection {
  readonly acknowledge: (ids: ReadonlyArray<string>) => void;
  readonly refuse: (ids: ReadonlyArray<string>, action: NackAction, reason: string) => void;
  readonly disconnect: () => void;
}

export interface RunningOptions {
  /** Milliseconds since 1970, for what is recorded. */
  readonly clock: () => number;
  /** Milliseconds between two looks at message timeouts and checkpoints. */
  readonly tickEvery: number;
  /** An exception inside the group: a bug or a damaged store. */
  readonly onFault: (error: unknown) => void;
}

/** A group at work: the machine fed from the log, its effects carried out. */
export class RunningGroup {
  private readonly consumers = new Map<string, GroupConsumer>();
  private readonly machine: GroupMachine;
  private readonly writer: GroupWriter;
  private readonly stopping = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly following: Promise<void>;
  private replaying: Promise<void> | null = null;
  /** The last checkpoint that is in the log; null: none. */
  private storedCheckpoint: bigint | null;
  /** Messages that the log has refused among the parked ones. */
  private readonly notParked: string[] = [];
  private replayedUpTo = 0n;
  /** Why it reads no further; null: it does. */
  private failure: string | null = null;
  private waitsForRoom: (() => void) | null = null;
  private waitsForReplay: (() => void) | null = null;

  private constructor(
    private readonly log: WireLog,
    readonly definition: GroupDefinition,
    checkpoint: bigint | null,
    private readonly options: RunningOptions,
  ) {
    const { clock, tickEvery, onFault } = options;
    this.storedCheckpoint = checkpoint;
    const place = checkpoint ?? startOf(definition);
    this.machine = new GroupMachine(definition.settings, { place }, elapsed());
    this.writer = new GroupWriter(log, definition, clock, {
      parked: (id) => this.apply(this.machine.parked(id, elapsed())),
      // Not at once: a consumer that refuses it again would be asked without end.
      parkFailed: (id) => this.notParked.push(id),
      checkpointed: (stored) => {
        this.storedCheckpoint = stored;
      },
      onFault,
    });
    this.timer = setInterval(() => {
      for (const id of this.notParked.splice(0)) this.apply(this.machine.parkFailed(id, elapsed()));
      this.apply(this.machine.tick(elapsed()));
      // What the log refused earlier is tried again.
      this.flush();
    }, tickEvery);
    this.timer.unref();
    this.following = this.follow().catch((error: unknown) => {
      this.fail(error instanceof Error ? error.message : String(error));
      onFault(error);
    });
  }

  /** Starts after the stored checkpoint, else where the settings say. */
  static async start(log: WireLog, definition: GroupDefinition, options: RunningOptions): Promise<RunningGroup> {
    return new RunningGroup(log, definition, await readCheckpoint(log, definition), options);
  }

  connect(consumer: GroupConsumer): E.Either<GroupError, GroupConnection> {
    const { streamId, group, settings } = this.definition;
    if (this.failure !== null) return E.left({ code: 'GroupFailed', streamId, group, reason: this.failure });
    if (settings.maxSubscriberCount > 0 && this.consumers.size >= settings.maxSubscriberCount) {
      return E.left({ code: 'MaximumSubscribersReached', streamId, group });
    }
    const id = randomUUID();
    this.consumers.set(id, consumer);
    consumer.confirm();
    this.apply(this.machine.connect({ id, bufferSize: consumer.bufferSize }, elapsed()));
    return E.right({
      acknowledge: (ids) => {
        if (this.consumers.has(id)) this.apply(this.machine.acknowledge(ids, elapsed()));
      },
      refuse: (ids, action, reason) => {
        if (this.consumers.has(id)) this.apply(this.machine.refuse(id, ids, action, reason, elapsed()));
      },
      disconnect: () => {
        if (this.consumers.delete(id)) this.apply(this.machine.disconnect(id, elapsed()));
      },
    });
  }

  /**
   * Delivers the parked messages again, up to event number `stopAt` of the parked stream (exclusive;
   * null: all there are now). Ignored while a replay is being read.
   */
  replayParked(stopAt: bigint | null): void {
    if (this.replaying !== null) return;
    this.replaying = this.replay(stopAt)
      .catch(this.options.onFault)
      .finally(() => {
        this.replaying = null;
      });
  }

  info(): GroupInfo {
    const snapshot = this.machine.snapshot(elapsed());
    const { from, to } = parkedRange(this.log, this.definition);
    const isLive = snapshot.isLive && this.waitsForRoom === null;
    const status = this.failure === null ? (isLive ? 'Live' : 'Behind') : `Failed: ${this.failure}`;
    return {
      definition: this.definition,
      status: this.replaying === null ? status : `ReplayingParkedMessages, ${status}`,
      connections: snapshot.consumers.flatMap((figures) => {
        const consumer = this.consumers.get(figures.id);
        if (consumer === undefined) return [];
        const { from: address, userName, connectionName } = consumer;
        return [{ ...figures, from: address, userName, connectionName }];
      }),
      lastCheckpoint: this.storedCheckpoint,
      lastKnown: snapshot.lastKnown,
      averagePerSecond: snapshot.averagePerSecond,
      totalItems: snapshot.totalItems,
      countSinceLastMeasurement: snapshot.countSinceLastMeasurement,
      waitingHistory: isLive ? 0 : snapshot.waitingNew,
      waitingLive: isLive ? snapshot.waitingNew : 0,
      waitingRetry: snapshot.waitingRetry,
      outstanding: snapshot.outstanding,
      parked: to - from,
    };
  }

  /**
   * Drops the consumers and ends. `keepCheckpoint`: what has been handled since the last checkpoint is
   * written first, so that the successor repeats as little as possible.
   */
  async stop(reason: DropReason, keepCheckpoint: boolean): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    this.waitsForRoom?.();
    this.waitsForReplay?.();
    this.dropAll(reason);
    await this.following;
    await this.replaying;
    // First what is being parked, because it holds the checkpoint back.
    await this.flushed();
    if (!keepCheckpoint) return;
    this.perform(this.machine.final(elapsed()));
    await this.flushed();
  }

  private dropAll(reason: DropReason): void {
    const consumers = [...this.consumers.values()];
    this.consumers.clear();
    for (const consumer of consumers) consumer.drop(reason);
  }

  /** Its consumers would wait for ever; whoever comes later hears why. */
  private fail(reason: string): void {
    this.failure = reason;
    const ids = [...this.consumers.keys()];
    this.dropAll({ failed: reason });
    for (const id of ids) this.apply(this.machine.disconnect(id, elapsed()));
  }

  private async follow(): Promise<void> {
    const { machine } = this;
    const place = placeIn(this.definition);
    await followSource(
      this.log,
      this.definition,
      () => machine.lastPlace,
      {
        events: async (events) => {
          for (let next = 0; next < events.length && !this.stopping.signal.aborted;) {
            const slice = events.slice(next, next + machine.room);
            next += slice.length;
            this.apply(machine.receive(slice, place, elapsed()));
            await this.room();
          }
        },
        passed: (position) => this.apply(machine.passed(position, elapsed())),
        caughtUp: () => machine.setLive(true),
      },
      this.stopping.signal,
    );
  }

  /** Resolves when a batch fits into the buffer again. */
  private async room(): Promise<void> {
    if (this.machine.room > 0 || this.stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.waitsForRoom = resolve;
    });
    this.waitsForRoom = null;
  }

  private async replay(stopAt: bigint | null): Promise<void> {
    const parked = parkedRange(this.log, this.definition);
    const from = parked.from > this.replayedUpTo ? parked.from : this.replayedUpTo;
    const to = stopAt !== null && stopAt < parked.to ? stopAt : parked.to;
    for await (const page of parkedMessages(this.log, this.definition, from, to)) {
      await this.replayRoom();
      if (this.stopping.signal.aborted) return;
      this.replayPage(page);
    }
  }

  private replayPage(page: ReadonlyArray<ResolvedRecord>): void {
    const last = page.at(-1);
    const eventNumber = last?.link?.eventNumber ?? last?.event?.eventNumber;
    if (eventNumber !== undefined) this.replayedUpTo = eventNumber + 1n;
    this.apply(this.machine.replay(page, elapsed()));
  }

  /** Resolves when fewer parked messages wait than a buffer holds. */
  private async replayRoom(): Promise<void> {
    if (this.hasReplayRoom() || this.stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.waitsForReplay = resolve;
    });
    this.waitsForReplay = null;
  }

  private hasReplayRoom(): boolean {
    return this.machine.replayedWaiting < Math.max(1, this.definition.settings.historyBufferSize);
  }

  private apply(effects: ReadonlyArray<Effect>): void {
    this.perform(effects);
    const { readBatchSize, liveBufferSize, historyBufferSize } = this.definition.settings;
    const batch = Math.min(readBatchSize, liveBufferSize, historyBufferSize);
    if (this.waitsForRoom !== null && this.machine.room >= Math.max(1, batch)) this.waitsForRoom();
    if (this.waitsForReplay !== null && this.hasReplayRoom()) this.waitsForReplay();
  }

  private perform(effects: ReadonlyArray<Effect>): void {
    let mustWrite = false;
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send':
          this.consumers.get(effect.consumerId)?.deliver(effect.message);
          break;
        case 'park':
          this.writer.addPark(effect);
          mustWrite = true;
          break;
        case 'checkpoint':
          this.writer.setCheckpoint(effect.place);
          mustWrite = true;
          break;
        case 'truncateParked':
          this.writer.setParkedBefore(effect.before);
          mustWrite = true;
          break;
      }
    }
    if (mustWrite) this.flush();
  }

  private flush(): void {
    void this.flushed();
  }

  private flushed(): Promise<void> {
    return this.writer.flush().catch(this.options.onFault);
  }
}
