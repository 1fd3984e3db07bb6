import * as E from 'fp-ts/Either';
import { MAX_STREAM_NAME, metastreamOf } from '../../log/stream-names';
import type { WireError, WireFilter, WireLog } from '../../log/wire-log';
import {
  ALL,
  checkSettings,
  groupId,
  type GroupDefinition,
  type GroupError,
  type GroupKey,
  type GroupSettings,
} from '../definition';
import { checkpointStreamOf } from '../storage/checkpoints';
import { loadDefinitions, saveDefinitions } from '../storage/definitions';
import { lastEvent } from '../storage/last-event';
import { parkedStreamOf } from '../storage/parked-messages';
import type { GroupInfo } from './group-info';
import { OneAtATime } from './one-at-a-time';
import { RunningGroup, type GroupConnection, type GroupConsumer, type RunningOptions } from './running-group';

/** Milliseconds between two looks of a group at its timeouts (`eventstoredb-protocol` 3.6). */
const TICK_EVERY = 1_000;

export interface GroupsOptions {
  /** Milliseconds since 1970, for what is recorded; timeouts are spans of real time. */
  readonly clock: () => number;
  /** Milliseconds between two looks at message timeouts and checkpoints; default 1 000. */
  readonly tickEvery?: number;
  /** Told of an exception inside a group (a bug, a damaged store); default: a process warning. */
  readonly onFault?: (error: unknown) => void;
}

/** Persistent subscriptions over one log (`eventstoredb-protocol` 3.6). Who may do what is asked before. */
export interface Groups {
  /** `by`: name of the user, kept in the configuration. */
  readonly create: (
    key: GroupKey,
    settings: GroupSettings,
    filter: WireFilter | null,
    by: string,
  ) => Promise<E.Either<GroupError, void>>;
  /** Drops the consumers; the checkpoint and the filter are kept. */
  readonly update: (key: GroupKey, settings: GroupSettings, by: string) => Promise<E.Either<GroupError, void>>;
  /** Drops the consumers and deletes checkpoint and parked messages. */
  readonly delete: (key: GroupKey, by: string) => Promise<E.Either<GroupError, void>>;
  /** Like the three below, waits while groups are being replaced: a consumer that was dropped may come back at once. */
  readonly connect: (key: GroupKey, consumer: GroupConsumer) => Promise<E.Either<GroupError, GroupConnection>>;
  readonly info: (key: GroupKey) => Promise<E.Either<GroupError, GroupInfo>>;
  /** All groups of a stream, or all there are (null). `GroupNotFound` when a stream has none. */
  readonly list: (streamId: string | null) => Promise<E.Either<GroupError, ReadonlyArray<GroupInfo>>>;
  /** `stopAt`: event number of the parked stream, exclusive; null: all. */
  readonly replayParked: (key: GroupKey, stopAt: bigint | null) => Promise<E.Either<GroupError, void>>;
  /** Drops every consumer and starts every group from its checkpoint. */
  readonly restart: () => Promise<void>;
  /** Drops the consumers, writes the checkpoints. The log stays open. */
  readonly close: () => Promise<void>;
}

/** What a group must remember lies in streams named after it, and each of these has a stream of metadata. */
const checkNames = (key: GroupKey): E.Either<GroupError, void> => {
  const { group, streamId } = key;
  const longest = [checkpointStreamOf(key), parkedStreamOf(key)].reduce((a, b) => (a.length > b.length ? a : b));
  const most = MAX_STREAM_NAME - metastreamOf(longest).length + group.length;
  if (group.length <= most && !group.includes('\0') && !streamId.includes('\0')) return E.right(undefined);
  if (most < 1) {
    const message = `The stream name has ${streamId.length} characters; with a group it must have ${streamId.length + most - 1} at most.`;
    return E.left({ code: 'InvalidArgument', message });
  }
  const message = `The group name has ${group.length} characters; on stream "${streamId}" it must have 1 to ${most} and no NUL.`;
  return E.left({ code: 'InvalidArgument', message });
};

const CLOSING: E.Either<GroupError, never> = E.left({ code: 'Unavailable', message: 'The gateway is closing.' });

class OpenGroups implements Groups {
  private readonly running = new Map<string, RunningGroup>();
  private readonly changes = new OneAtATime();
  private replacing = 0;
  private isClosed = false;

  constructor(
    private readonly log: WireLog,
    private readonly options: RunningOptions,
  ) {}

  readonly create: Groups['create'] = (key, settings, filter, by) =>
    this.changing(async () => {
      const checked = checkSettings(key, settings, this.log.head());
      if (E.isLeft(checked)) return checked;
      const unwritable = checkNames(key);
      if (E.isLeft(unwritable)) return unwritable;
      if (this.running.has(groupId(key))) return E.left({ ...key, code: 'GroupExists' });
      const forgotten = await this.forget(key);
      if (E.isLeft(forgotten)) return forgotten;
      const endAtCreation = settings.startFrom === 'end' ? await this.endOf(key) : null;
      const { streamId, group } = key;
      return this.replace({ streamId, group, settings, filter, endAtCreation }, null, by);
    });

  readonly update: Groups['update'] = (key, settings, by) =>
    this.changing(async () => {
      const before = this.find(key);
      if (before === undefined) return this.notFound(key);
      const checked = checkSettings(key, settings, this.log.head());
      if (E.isLeft(checked)) return checked;
      const { settings: old, endAtCreation: oldEnd } = before.definition;
      const keepsEnd = old.startFrom === 'end' || settings.startFrom !== 'end';
      const endAtCreation = keepsEnd ? oldEnd : await this.endOf(key);
      return this.replace({ ...before.definition, settings, endAtCreation }, before, by);
    });

  readonly delete: Groups['delete'] = (key, by) =>
    this.changing(async () => {
      const id = groupId(key);
      const group = this.find(key);
      if (group === undefined) return this.notFound(key);
      const others = this.definitions().filter((definition) => groupId(definition) !== id);
      const saved = await saveDefinitions(this.log, others, by, this.options.clock());
      if (E.isLeft(saved)) return saved;
      this.running.delete(id);
      await group.stop('dropped', false);
      return this.forget(key);
    });

  readonly connect: Groups['connect'] = (key, consumer) => this.with(key, (group) => group.connect(consumer));

  readonly info: Groups['info'] = (key) => this.with(key, (group) => E.right(group.info()));

  readonly list: Groups['list'] = async (streamId) => {
    await this.settled();
    const groups = [...this.running.values()].filter(
      ({ definition }) => streamId === null || definition.streamId === streamId,
    );
    return streamId !== null && groups.length === 0
      ? this.notFound({ streamId, group: '' })
      : E.right(groups.map((group) => group.info()));
  };

  readonly replayParked: Groups['replayParked'] = (key, stopAt) =>
    this.with(key, (group) => {
      if (stopAt !== null && stopAt < 0n) {
        return E.left({ ...key, code: 'GroupFailed', reason: `stopAt is ${stopAt}, but must not be negative.` });
      }
      return E.right(group.replayParked(stopAt));
    });

  readonly restart: Groups['restart'] = () =>
    this.changes.run(async () => {
      if (this.isClosed) return;
      await this.whileReplacing(async () => {
        await this.stopAll('dropped');
        await this.startAll();
      });
    });

  readonly close: Groups['close'] = () => {
    this.isClosed = true;
    return this.changes.run(() => this.stopAll('closing'));
  };

  /** Starts every group that the log knows. */
  async startAll(): Promise<void> {
    for (const definition of await loadDefinitions(this.log)) await this.start(definition);
  }

  private async stopAll(reason: 'dropped' | 'closing'): Promise<void> {
    const groups = [...this.running.values()];
    this.running.clear();
    await Promise.all(groups.map((group) => group.stop(reason, true)));
  }

  private async start(definition: GroupDefinition): Promise<void> {
    this.running.set(groupId(definition), await RunningGroup.start(this.log, definition, this.options));
  }

  /** Saves the definition, then runs it in the place of `before`. */
  private async replace(
    definition: GroupDefinition,
    before: RunningGroup | null,
    by: string,
  ): Promise<E.Either<GroupError, void>> {
    const id = groupId(definition);
    const others = this.definitions().filter((other) => groupId(other) !== id);
    const saved = await saveDefinitions(this.log, [...others, definition], by, this.options.clock());
    if (E.isLeft(saved)) return saved;
    await this.whileReplacing(async () => {
      this.running.delete(id);
      await before?.stop('dropped', true);
      await this.start(definition);
    });
    return E.right(undefined);
  }

  /** `a::b` of stream `s` and `b` of stream `s::a` have one id, under which there is one group of the two. */
  private find(key: GroupKey): RunningGroup | undefined {
    const found = this.running.get(groupId(key));
    return found?.definition.streamId === key.streamId ? found : undefined;
  }

  private definitions(): ReadonlyArray<GroupDefinition> {
    return [...this.running.values()].map(({ definition }) => definition);
  }

  private changing(action: () => Promise<E.Either<GroupError, void>>): Promise<E.Either<GroupError, void>> {
    return this.changes.run(async () => (this.isClosed ? CLOSING : action()));
  }

  private async with<A>(
    key: GroupKey,
    ask: (group: RunningGroup) => E.Either<GroupError, A>,
  ): Promise<E.Either<GroupError, A>> {
    await this.settled();
    if (this.isClosed) return CLOSING;
    const group = this.find(key);
    return group === undefined ? this.notFound(key) : ask(group);
  }

  /** Resolves when no group is between two lives. */
  private async settled(): Promise<void> {
    while (this.replacing > 0) await this.changes.run(() => Promise.resolve());
  }

  /** Runs what takes groups away for a moment. */
  private async whileReplacing<A>(action: () => Promise<A>): Promise<A> {
    this.replacing += 1;
    try {
      return await action();
    } finally {
      this.replacing -= 1;
    }
  }

  private notFound({ streamId, group }: GroupKey): E.Either<GroupError, never> {
    return E.left({ code: 'GroupNotFound', streamId, group });
  }

  /** The last place there is; null: the source is empty. */
  private async endOf({ streamId }: GroupKey): Promise<bigint | null> {
    if (streamId === ALL) return this.log.head();
    const last = (await lastEvent(this.log, streamId))?.eventNumber ?? this.log.status(streamId).lastEventNumber;
    return last < 0n ? null : last;
  }

  /** Deletes what a group of this name has left in the log. */
  private async forget(key: GroupKey): Promise<E.Either<WireError, void>> {
    for (const streamId of [checkpointStreamOf(key), parkedStreamOf(key)]) {
      const { lastEventNumber, deleted } = this.log.status(streamId);
      if (lastEventNumber < 0n || deleted !== 'no') continue;
      const removed = await this.log.deleteStream(streamId, 'any');
      if (E.isLeft(removed)) return removed;
    }
    return E.right(undefined);
  }
}

/**
 * Opens the persistent subscriptions of a log and starts every group from its stored checkpoint.
 * Rejects when the stored configuration cannot be read.
 */
export const openGroups = async (log: WireLog, options: GroupsOptions): Promise<Groups> => {
  const groups = new OpenGroups(log, {
    clock: options.clock,
    tickEvery: options.tickEvery ?? TICK_EVERY,
    onFault:
      options.onFault ?? ((error) => process.emitWarning(error instanceof Error ? error : new Error(String(error)))),
  });
  await groups.startAll();
  return groups;
};
