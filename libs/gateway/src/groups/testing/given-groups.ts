import { randomUUID } from 'node:crypto';
import { openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { wireLogOver } from '../../log';
import type { WireLog, WireRecord } from '../../log/wire-log';
import type { Message, NackAction } from '../core/message';
import type { GroupError, GroupKey, GroupSettings } from '../definition';
import { openGroups, type Groups } from '../running/open-groups';
import type { DropReason, GroupConnection } from '../running/running-group';

export const SETTINGS: GroupSettings = {
  resolveLinks: false,
  startFrom: 'start',
  extraStatistics: false,
  messageTimeout: 30_000,
  maxRetryCount: 10,
  checkPointAfter: 2_000,
  checkPointLowerBound: 10,
  checkPointUpperBound: 1_000,
  maxSubscriberCount: 0,
  liveBufferSize: 500,
  readBatchSize: 20,
  historyBufferSize: 500,
  strategy: 'RoundRobin',
};

export const right = <A>(result: E.Either<unknown, A>): A => {
  if (E.isRight(result)) return result.right;
  throw new Error(`Unexpected: ${JSON.stringify(result.left)}`);
};
export const left = <A>(result: E.Either<GroupError, A>): GroupError => {
  if (E.isLeft(result)) return result.left;
  throw new Error('The call did not fail.');
};

/** A store file opened, with its groups. */
export interface OpenedGroups {
  readonly log: WireLog;
  readonly groups: Groups;
  /** Ends as an orderly stop does. */
  readonly close: () => Promise<void>;
}

export const openFile = async (file: string, tickEvery = 20): Promise<OpenedGroups> => {
  const clock = (): number => Date.now();
  const store = right(openSqliteEventStore({ file, clock }));
  const log = wireLogOver(store.encoded, { clock });
  const groups = await openGroups(log, { clock, tickEvery });
  return {
    log,
    groups,
    close: async () => {
      await groups.close();
      await store.close();
    },
  };
};

/** Appends `count` events, numbered in their data. */
export const appendNumbered = async (log: WireLog, streamId: string, count: number, from = 0): Promise<void> => {
  const events = Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    type: 'Ordered',
    isJson: true,
    data: Buffer.from(`{"number":${from + index}}`),
    metadata: new Uint8Array(),
  }));
  right(await log.append({ streamId, expected: 'any', events }));
};

/** Everything in a stream. */
export const readAllOf = async (log: WireLog, streamId: string): Promise<ReadonlyArray<WireRecord>> => {
  const pages = log.readStream({ streamId, direction: 'forwards', from: 'start', limit: 1_000, resolveLinks: false });
  const records: WireRecord[] = [];
  if (E.isLeft(pages)) return records;
  for await (const page of pages.right) records.push(...page.flatMap(({ event }) => (event === null ? [] : [event])));
  return records;
};

export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** A consumer in process; `answer` decides about each message, null leaves it without an answer. */
export class TestConsumer {
  readonly messages: Message[] = [];
  readonly drops: DropReason[] = [];
  private connection: GroupConnection | null = null;

  constructor(private readonly answer: (message: Message) => 'ack' | NackAction | null = () => 'ack') {}

  async connect(groups: Groups, key: GroupKey, bufferSize = 10): Promise<this> {
    this.connection = right(
      await groups.connect(key, {
        bufferSize,
        from: 'here',
        userName: 'somebody',
        connectionName: 'a test',
        confirm: () => {},
        deliver: (message) => this.receive(message),
        drop: (reason) => this.drops.push(reason),
      }),
    );
    return this;
  }

  disconnect(): void {
    this.connection?.disconnect();
  }

  acknowledge(message: Message): void {
    this.connection?.acknowledge([message.id]);
  }

  get eventNumbers(): ReadonlyArray<number> {
    return this.messages.map(({ record }) => Number(record.event?.eventNumber ?? -1n));
  }

  private receive(message: Message): void {
    this.messages.push(message);
    const answer = this.answer(message);
    // An answer comes over the wire, never from inside the delivery.
    setImmediate(() => {
      if (answer === 'ack') this.connection?.acknowledge([message.id]);
      else if (answer !== null) this.connection?.refuse([message.id], answer, 'because');
    });
  }
}
