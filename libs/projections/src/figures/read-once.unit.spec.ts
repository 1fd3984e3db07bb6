import type { FiguresSource } from './definition';
import { readOnce } from './read-once';

describe('read models of one question', () => {
  it('are asked the same once: another range or another prefix is another question', async () => {
    const asked: string[] = [];
    const source: FiguresSource = {
      checkpoint: async () => null,
      countDeadLetters: async () => 0,
      referrersOf: async () => [],
      ownersOf: async () => [],
      tallySums: async (prefix, { from, to } = {}) => {
        asked.push(`sums ${prefix} ${from} ${to}`);
        return [[prefix, asked.length]];
      },
      tallyBuckets: async (key, { from, to } = {}) => {
        asked.push(`buckets ${key} ${from} ${to}`);
        return [[0, asked.length]];
      },
    };
    const once = readOnce(source);
    const first = await once.tallySums('a|', { from: 1, to: 2 });
    expect(await once.tallySums('a|', { from: 1, to: 2 })).toBe(first);
    await once.tallySums('a|', { from: 1, to: 3 });
    await once.tallySums('a|', { from: 1 });
    await once.tallySums('b|', { from: 1, to: 2 });
    await once.tallyBuckets('a|', { from: 1, to: 2 });
    await Promise.all([once.tallyBuckets('a'), once.tallyBuckets('a')]);
    expect(asked).toEqual([
      'sums a| 1 2',
      'sums a| 1 3',
      'sums a| 1 undefined',
      'sums b| 1 2',
      'buckets a| 1 2',
      'buckets a undefined undefined',
    ]);
  });
});
