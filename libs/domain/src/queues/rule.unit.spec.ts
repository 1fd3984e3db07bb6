import fc from 'fast-check';
import type { WorkItem } from '../customer/standing';
import { workItem } from './arbitrary-item';
import { hasItem, itemOf, movePlaces, takenOver } from './rule';

/**
 * Each evaluation of a customer with a thousand open complaints looked through all items once for each complaint:
 * two thousand of one party took 16 seconds to fold. Long lists are looked up by trigger, and what is known of
 * their places goes from one evaluation to the next.
 */
describe('the item of a trigger', () => {
  const trigger = fc.record({
    queue: fc.constantFrom<WorkItem['queue']>('Q1', 'Q4', 'Q6'),
    triggerKey: fc.integer({ min: 0, max: 40 }).map((n) => `trigger-${n}`),
  });
  const step = fc.record({
    from: fc.nat(),
    isSame: fc.boolean(),
    asked: fc.array(trigger),
    opened: fc.array(trigger, { size: 'medium' }),
  });

  it('is the first with its queue and key, in lists of any length that grow apart from one another', () => {
    let most = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }), (steps) => {
        const lists: ReadonlyArray<WorkItem>[] = [[]];
        for (const { from, isSame, asked, opened } of steps) {
          const before = lists[from % lists.length] ?? [];
          const items = takenOver(before);
          const check = (): void => {
            for (const { queue, triggerKey } of asked) {
              const found = items.find((item) => item.queue === queue && item.triggerKey === triggerKey);
              expect(itemOf(items, queue, triggerKey)).toBe(found);
              expect(hasItem(items, queue, triggerKey)).toBe(found !== undefined);
            }
          };
          check();
          for (const { queue, triggerKey } of opened)
            if (!isSame && !hasItem(items, queue, triggerKey)) items.push(workItem({ queue, triggerKey }));
          check();
          if (isSame) movePlaces(items, before);
          else lists.push(items);
          most = Math.max(most, items.length);
        }
      }),
      { numRuns: 100 },
    );
    expect(most).toBeGreaterThan(30);
  });

  it('is the item as it is now, when it has been changed since', () => {
    const items = Array.from({ length: 40 }, (_, index) => workItem({ queue: 'Q1', triggerKey: `trigger-${index}` }));
    expect(itemOf(items, 'Q1', 'trigger-30')).toBe(items[30]);
    items[30] = workItem({ queue: 'Q1', triggerKey: 'trigger-30', state: 'closed' });
    expect(itemOf(items, 'Q1', 'trigger-30')).toBe(items[30]);
  });
});
