import * as fc from 'fast-check';
import type { ResolvedRecord } from '../../log/wire-log';
import { BUCKETS, bucketOf, correlationOf, sourceStreamOf, spreadBuckets } from './pinning';
import { strategyNamed, type Candidate } from './strategy';

const record = (streamId: string, metadata = '', type = 'Ordered', data = '{}'): ResolvedRecord => ({
  link: null,
  event: {
    id: 'event',
    type,
    isJson: true,
    data: Buffer.from(data),
    metadata: Buffer.from(metadata),
    streamId,
    eventNumber: 0n,
    position: 1n,
    recordedAt: 0,
  },
});
const candidate = (id: string, slots: number): Candidate & { take: () => void; free: () => void } => {
  let left = slots;
  return {
    id,
    hasSlot: () => left > 0,
    take: () => {
      left -= 1;
    },
    free: () => {
      left += 1;
    },
  };
};

const chosen = (name: 'RoundRobin' | 'DispatchToSingle', slots: ReadonlyArray<number>, messages: number) => {
  const consumers = slots.map((count, index) => candidate('abcd'[index] ?? '', count));
  const strategy = strategyNamed(name);
  strategy.consumersChanged(consumers);
  return Array.from({ length: messages }, () => {
    const id = strategy.choose(record('orders-1'))?.id ?? '-';
    consumers.find((consumer) => consumer.id === id)?.take();
    return id;
  }).join('');
};

describe('strategies', () => {
  it.each([
    ['RoundRobin', [2, 2, 2], 7, 'abcabc-'],
    ['RoundRobin', [1, 3, 1], 6, 'abcbb-'],
    ['DispatchToSingle', [2, 2, 1], 6, 'aabbc-'],
    ['DispatchToSingle', [0, 3], 3, 'bbb'],
  ] as const)('%s over slots %j gives %i messages to %s', (name, slots, messages, expected) => {
    expect(chosen(name, slots, messages)).toBe(expected);
  });

  it('the turn stays with the consumer whose turn it is when another goes', () => {
    const [a, b, c] = [candidate('a', 9), candidate('b', 9), candidate('c', 9)];
    const strategy = strategyNamed('RoundRobin');
    strategy.consumersChanged([a, b, c]);
    expect(strategy.choose(record('x'))?.id).toBe('a');
    strategy.consumersChanged([b, c]);
    expect(strategy.choose(record('x'))?.id).toBe('b');
  });

  it('Pinned gives a stream always to the same consumer, and to nobody while that one is full', () => {
    const consumers = [candidate('a', 1), candidate('b', 1)];
    const strategy = strategyNamed('Pinned');
    strategy.consumersChanged(consumers);
    const owner = strategy.choose(record('orders-1'));
    expect(strategy.choose(record('orders-1'))).toBe(owner);
    consumers.find(({ id }) => id === owner?.id)?.take();
    expect(strategy.choose(record('orders-1'))).toBeNull();
    expect(strategy.skipsOver).toBe(true);
  });

  it('PinnedByCorrelation keeps a correlation together over streams', () => {
    const strategy = strategyNamed('PinnedByCorrelation');
    strategy.consumersChanged([candidate('a', 9), candidate('b', 9), candidate('c', 9)]);
    const metadata = '{"$correlationId":"journey-7"}';
    expect(strategy.choose(record('x', metadata))?.id).toBe(strategy.choose(record('y', metadata))?.id);
  });
});

describe('what an event is pinned by', () => {
  it.each([
    ['its stream', record('orders-1'), 'orders-1'],
    ['the stream that an unresolved link names', record('$ce-orders', '', '$>', '3@orders@7'), 'orders@7'],
  ])('%s', (_, event, expected) => {
    expect(sourceStreamOf(event)).toBe(expected);
  });

  it.each([
    ['{"$correlationId":"c"}', 'c'],
    ['{"$correlationId":7}', 'orders-1'],
    ['{}', 'orders-1'],
    ['not json', 'orders-1'],
    ['', 'orders-1'],
  ])('correlation of metadata %j', (metadata, expected) => {
    expect(correlationOf(record('orders-1', metadata))).toBe(expected);
  });
});

describe('buckets', () => {
  it('every hash falls into one of 1024', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (source) => {
        expect(bucketOf(source)).toBeGreaterThanOrEqual(0);
        expect(bucketOf(source)).toBeLessThan(BUCKETS);
      }),
    );
  });

  it('are shared out evenly, and a bucket moves only if it must', () => {
    const consumers = fc.uniqueArray(fc.constantFrom(...'abcdefghij'), { maxLength: 10 });
    fc.assert(
      fc.property(consumers, consumers, (before, after) => {
        const first = spreadBuckets([], before);
        const second = spreadBuckets(first, after);
        const held = after.map((id) => second.filter((owner) => owner === id).length);
        expect(second.every((owner) => (after.length === 0 ? owner === null : owner !== null))).toBe(true);
        expect(Math.max(0, ...held) - Math.min(...(held.length > 0 ? held : [0]))).toBeLessThanOrEqual(1);
        const mustMove = first.filter((owner) => owner === null || !after.includes(owner)).length;
        const moved = second.filter((owner, bucket) => owner !== first[bucket]).length;
        const share = Math.floor(BUCKETS / Math.max(1, after.length));
        const newcomers = after.filter((id) => !before.includes(id)).length;
        if (after.length > 0) expect(moved).toBeLessThanOrEqual(mustMove + newcomers * (share + 1) + after.length);
      }),
      { numRuns: 60 },
    );
  });
});
