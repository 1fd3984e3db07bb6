import { keyOf, partsOf } from './contribute';
import { tallyInMemory } from './tally-in-memory';
import { sumsIn } from './window';

test('what was counted under some parts in a window is told by its further parts', async () => {
  const { count, tallySums } = tallyInMemory();
  for (const [day, what, by] of [
    [9, 'a', 1],
    [10, 'a', 2],
    [19, 'b|c', 3],
    [20, 'a', 4],
  ] as const)
    count(keyOf('report', 'part', what, 'x'), day, by);
  count(keyOf('report', 'other', 'a', 'x'), 12, 7);
  expect(await sumsIn({ tallySums }, { from: 10, to: 19 }, 'report', 'part')).toEqual([
    [['a', 'x'], 2],
    [['b|c', 'x'], 3],
  ]);
});

test('the parts of a key come back as they went in, whatever they are', () => {
  const parts = ['a|b', '~', '~1', '~0', 'a~1b|c', '', 'plain'];
  expect(partsOf(keyOf('report', ...parts))).toEqual(parts);
});
