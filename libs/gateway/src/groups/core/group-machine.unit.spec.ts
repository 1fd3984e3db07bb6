import type { ResolvedRecord, WireRecord } from '../../log/wire-log';
import { GroupMachine } from './group-machine';
import { LinkedList } from './linked-list';
import type { Effect, MachineSettings } from './machine-terms';
import type { NackAction } from './message';

const SETTINGS: MachineSettings = {
  messageTimeout: 30_000,
  maxRetryCount: 10,
  checkPointAfter: 2_000,
  checkPointLowerBound: 10,
  checkPointUpperBound: 1_000,
  liveBufferSize: 500,
  historyBufferSize: 500,
  strategy: 'RoundRobin',
  extraStatistics: false,
};

const record = (eventNumber: number, streamId = 'orders-1', metadata = '{}'): ResolvedRecord => {
  const event: WireRecord = {
    id: `event-${eventNumber}`,
    type: 'Ordered',
    isJson: true,
    data: Buffer.from('{}'),
    metadata: Buffer.from(metadata),
    streamId,
    eventNumber: BigInt(eventNumber),
    position: BigInt(eventNumber),
    recordedAt: 0,
  };
  return { event, link: null };
};
const numbered = (from: number, to: number): ReadonlyArray<ResolvedRecord> =>
  Array.from({ length: to - from + 1 }, (_, index) => record(from + index));
const eventNumber = ({ event }: ResolvedRecord): bigint => event?.eventNumber ?? -1n;

const machine = (settings: Partial<MachineSettings> = {}, start: bigint | null = null): GroupMachine =>
  new GroupMachine({ ...SETTINGS, ...settings }, { place: start }, 0);

/** `consumer:event number×retry count`, in the order sent. */
const sent = (effects: ReadonlyArray<Effect>): ReadonlyArray<string> =>
  effects.flatMap((effect) =>
    effect.kind === 'send'
      ? [`${effect.consumerId}:${effect.message.id.slice('event-'.length)}×${effect.message.retryCount}`]
      : [],
  );
const checkpoints = (effects: ReadonlyArray<Effect>): ReadonlyArray<bigint> =>
  effects.flatMap((effect) => (effect.kind === 'checkpoint' ? [effect.place] : []));
const parks = (effects: ReadonlyArray<Effect>): ReadonlyArray<string> =>
  effects.flatMap((effect) => (effect.kind === 'park' ? [`${effect.message.id}: ${effect.reason}`] : []));

const given = (settings: Partial<MachineSettings>, ...consumers: ReadonlyArray<readonly [string, number]>) => {
  const group = machine(settings);
  for (const [id, bufferSize] of consumers) group.connect({ id, bufferSize }, 0);
  return group;
};

describe('deliveries of a group', () => {
  it('a consumer never holds more than it asked for', () => {
    const group = given({}, ['a', 2]);
    expect(sent(group.receive(numbered(0, 4), eventNumber, 0))).toEqual(['a:0×0', 'a:1×0']);
    expect(sent(group.acknowledge(['event-0'], 1))).toEqual(['a:2×0']);
  });

  it('events wait while nobody is connected', () => {
    const group = given({});
    expect(group.receive(numbered(0, 1), eventNumber, 0)).toEqual([]);
    expect(sent(group.connect({ id: 'a', bufferSize: 10 }, 5))).toEqual(['a:0×0', 'a:1×0']);
  });

  it('retries go before new events, in position order', () => {
    const group = given({}, ['a', 3]);
    group.receive(numbered(0, 5), eventNumber, 0);
    expect(sent(group.refuse('a', ['event-2', 'event-0'], 'retry', 'later', 1))).toEqual(['a:0×1', 'a:2×1']);
  });

  it('an acknowledgement of an unknown id changes nothing', () => {
    const group = given({}, ['a', 1]);
    group.receive(numbered(0, 1), eventNumber, 0);
    expect(group.acknowledge(['event-9'], 1)).toEqual([]);
  });

  it('the buffer has room for as many new events as the settings say, by history and by live', () => {
    const group = given({ historyBufferSize: 7, liveBufferSize: 3 });
    expect(group.room).toBe(7);
    group.receive(numbered(0, 1), eventNumber, 0);
    expect(group.room).toBe(5);
    group.setLive(true);
    expect(group.room).toBe(1);
  });

  it.each<[NackAction, ReadonlyArray<string>, ReadonlyArray<string>]>([
    ['retry', ['a:0×1'], []],
    ['unknown', ['a:0×1'], []],
    ['park', ['a:1×0'], ["event-0: Client explicitly NAK'ed message.\nno good"]],
    ['skip', ['a:1×0'], []],
    ['stop', ['a:1×0'], []],
  ])('nack %s', (action, expectedSent, expectedParks) => {
    const group = given({}, ['a', 1]);
    group.receive(numbered(0, 1), eventNumber, 0);
    const effects = group.refuse('a', ['event-0'], action, 'no good', 1);
    expect(sent(effects)).toEqual(expectedSent);
    expect(parks(effects)).toEqual(expectedParks);
  });

  it('a message that reached its retry count is parked with that reason', () => {
    const group = given({ maxRetryCount: 2 }, ['a', 1]);
    group.receive(numbered(0, 0), eventNumber, 0);
    expect(sent(group.refuse('a', ['event-0'], 'retry', '', 1))).toEqual(['a:0×1']);
    expect(sent(group.refuse('a', ['event-0'], 'retry', '', 2))).toEqual(['a:0×2']);
    expect(parks(group.refuse('a', ['event-0'], 'retry', '', 3))).toEqual(['event-0: Reached retry count of 2']);
  });

  it('a parked message that the log refused is delivered again', () => {
    const group = given({}, ['a', 1]);
    group.receive(numbered(0, 0), eventNumber, 0);
    group.refuse('a', ['event-0'], 'park', '', 1);
    expect(sent(group.parkFailed('event-0', 2))).toEqual(['a:0×0']);
  });

  it('a message without an answer goes to another try when its time is up', () => {
    const group = given({ messageTimeout: 1_000 }, ['a', 1]);
    group.receive(numbered(0, 0), eventNumber, 0);
    expect(sent(group.tick(999))).toEqual([]);
    expect(sent(group.tick(1_000))).toEqual(['a:0×1']);
  });

  it('timeout 0 waits for ever', () => {
    const group = given({ messageTimeout: 0 }, ['a', 1]);
    group.receive(numbered(0, 0), eventNumber, 0);
    expect(sent(group.tick(1e12))).toEqual([]);
  });

  it('what a consumer held when it disconnected goes to the others, counted', () => {
    const group = given({}, ['a', 2], ['b', 2]);
    group.receive(numbered(0, 3), eventNumber, 0);
    expect(sent(group.disconnect('a', 1))).toEqual([]);
    expect(sent(group.acknowledge(['event-1', 'event-3'], 2))).toEqual(['b:0×1', 'b:2×1']);
  });

  it('what consumers with interleaved messages held when they vanished comes again in position order', () => {
    const group = given({ liveBufferSize: 100, historyBufferSize: 100 }, ['a', 10], ['b', 10]);
    group.receive(numbered(0, 19), eventNumber, 0);
    group.disconnect('a', 1);
    group.disconnect('b', 1);
    const again = sent(group.connect({ id: 'c', bufferSize: 20 }, 2));
    expect(again).toEqual(Array.from({ length: 20 }, (_, n) => `c:${n}×1`));
  });

  // Each of them looked for its place from the tail: 20 000 of each consumer stopped the process for seconds.
  it('retries are merged with the others in one way through both', () => {
    let comparisons = 0;
    const isBefore = (left: number, right: number): boolean => {
      comparisons += 1;
      return left < right;
    };
    const list = new LinkedList<number>();
    const every = (step: number, from: number): ReadonlyArray<number> =>
      Array.from({ length: 1_000 }, (_, n) => from + n * step);
    list.mergeSorted(every(2, 0), isBefore);
    list.mergeSorted(every(2, 1), isBefore);
    list.mergeSorted([-1, 2_000], isBefore);
    expect([...list]).toEqual([-1, ...every(1, 0), ...every(1, 1_000), 2_000]);
    expect(comparisons).toBeLessThan(7_000);
  });

  it('a refusal by a consumer that lost the message is ignored, an acknowledgement counts', () => {
    const group = given({ messageTimeout: 1_000 }, ['a', 1]);
    group.receive(numbered(0, 0), eventNumber, 0);
    group.disconnect('a', 1);
    group.connect({ id: 'b', bufferSize: 1 }, 2);
    expect(group.refuse('a', ['event-0'], 'park', '', 3)).toEqual([]);
    group.acknowledge(['event-0'], 4);
    expect(group.snapshot(5).outstanding).toBe(0);
  });
});

describe('replay of parked messages', () => {
  it('comes before new events, with retry count 0, and has no part in the checkpoint', () => {
    const group = given({ checkPointUpperBound: 1 }, ['a', 1]);
    group.receive([record(10), record(11)], eventNumber, 0);
    group.replay([{ event: record(3).event, link: numberedLink(0) }], 1);
    const afterNew = group.acknowledge(['event-10'], 2);
    expect(sent(afterNew)).toEqual(['a:link0×0']);
    expect(checkpoints(afterNew)).toEqual([10n]);
    const afterReplay = group.acknowledge(['event-link0'], 3);
    expect(checkpoints(afterReplay)).toEqual([]);
    expect(afterReplay).toContainEqual({ kind: 'truncateParked', before: 1n });
  });

  const numberedLink = (eventNumberOfLink: number): WireRecord => ({
    id: `event-link${eventNumberOfLink}`,
    type: '$>',
    isJson: false,
    data: Buffer.from('3@orders-1'),
    metadata: Buffer.from('{}'),
    streamId: '$persistentsubscription-orders-1::g-parked',
    eventNumber: BigInt(eventNumberOfLink),
    position: 100n + BigInt(eventNumberOfLink),
    recordedAt: 0,
  });

  it('the parked stream is cut only below what has been handled', () => {
    const group = given({}, ['a', 10]);
    group.replay(
      [0, 1, 2].map((number) => ({ event: record(number).event, link: numberedLink(number) })),
      0,
    );
    expect(group.acknowledge(['event-link2', 'event-link0'], 1)).toEqual([]);
    expect(group.tick(1_000)).toContainEqual({ kind: 'truncateParked', before: 1n });
    expect(group.acknowledge(['event-link1'], 1_001)).toContainEqual({ kind: 'truncateParked', before: 3n });
  });
});

describe('checkpoint of a group', () => {
  it('is the highest position below everything outstanding or waiting for retry', () => {
    const group = given({ checkPointUpperBound: 1 }, ['a', 10]);
    group.receive(numbered(0, 5), eventNumber, 0);
    expect(checkpoints(group.acknowledge(['event-1', 'event-2'], 1))).toEqual([]);
    expect(checkpoints(group.acknowledge(['event-0'], 2))).toEqual([2n]);
    expect(checkpoints(group.refuse('a', ['event-3'], 'retry', '', 3))).toEqual([]);
    expect(checkpoints(group.acknowledge(['event-4', 'event-5'], 4))).toEqual([]);
    expect(checkpoints(group.acknowledge(['event-3'], 5))).toEqual([5n]);
  });

  it('waits for a message that is being parked', () => {
    const group = given({ checkPointUpperBound: 1 }, ['a', 10]);
    group.receive(numbered(0, 0), eventNumber, 0);
    expect(checkpoints(group.refuse('a', ['event-0'], 'park', '', 1))).toEqual([]);
    expect(checkpoints(group.parked('event-0', 2))).toEqual([0n]);
  });

  it.each([
    ['at the upper bound at once', { checkPointUpperBound: 3 }, 3, 0, [2n]],
    ['not below the upper bound without a tick', { checkPointUpperBound: 4 }, 3, 0, []],
    ['at a tick after its time, with the lower bound reached', { checkPointLowerBound: 3 }, 3, 2_000, [2n]],
    ['not before its time', { checkPointLowerBound: 3 }, 3, 1_999, []],
    ['not below the lower bound', { checkPointLowerBound: 4 }, 3, 2_000, []],
    ['never by time when checkPointAfter is 0', { checkPointLowerBound: 1, checkPointAfter: 0 }, 3, 9_000, []],
  ])('is written %s', (_, settings, handled, tickAt, expected) => {
    const group = given(settings, ['a', 100]);
    group.receive(numbered(0, handled - 1), eventNumber, 0);
    const ids = numbered(0, handled - 1).map(({ event }) => event?.id ?? '');
    const effects = [...group.acknowledge(ids, 0), ...(tickAt > 0 ? group.tick(tickAt) : [])];
    expect(checkpoints(effects)).toEqual(expected);
  });

  it('moves on over what the filter has passed, and not over what waits', () => {
    const group = given({ checkPointUpperBound: 1 }, ['a', 10]);
    expect(checkpoints(group.passed(50n, 0))).toEqual([50n]);
    group.receive([record(60)], eventNumber, 1);
    expect(checkpoints(group.passed(70n, 2))).toEqual([]);
    expect(checkpoints(group.acknowledge(['event-60'], 3))).toEqual([70n]);
  });

  it('is written when the group stops, and only if something was handled since', () => {
    const group = machine({}, 41n);
    group.connect({ id: 'a', bufferSize: 10 }, 0);
    expect(group.final(0)).toEqual([]);
    group.receive(numbered(42, 43), eventNumber, 0);
    group.acknowledge(['event-42'], 1);
    expect(checkpoints(group.final(2))).toEqual([42n]);
  });
});
