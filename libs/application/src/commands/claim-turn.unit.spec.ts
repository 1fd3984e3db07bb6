import { type Claimable, defaultConfiguration, HOUR_MS, type QueueId } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import fc from 'fast-check';
import { chooseInTurn } from './claim-turn';

const now = 200 * HOUR_MS;
const queues = ['Q1', 'Q3', 'Q4'] as const;
const wanted = fc.constantFrom<QueueId | 'all'>(...queues, 'all');

const itemOf = (itemId: string, queue: QueueId, enteredAt: number, weight: number): Claimable => ({
  itemId,
  queue,
  state: 'open',
  visibility: 'visible',
  notBefore: enteredAt,
  claimedBy: null,
  skill: null,
  enteredAt,
  startedAt: enteredAt,
  dueAt: now + HOUR_MS,
  weight,
  valueFactor: 0.4,
  riskFactor: 0.4,
});

const inQueues = fc
  .array(fc.tuple(fc.constantFrom(...queues), fc.nat({ max: 100 }), fc.constantFrom(0.2, 0.6, 1)), {
    minLength: 1,
    maxLength: 25,
  })
  .map((drawn) =>
    drawn.map(([queue, entered, weight], index) => itemOf(`i${index}`, queue, entered * HOUR_MS, weight)),
  );
const counts = fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 }), fc.nat({ max: 9 }));

const isOlder = (a: Claimable, b: Claimable): boolean =>
  a.enteredAt < b.enteredAt || (a.enteredAt === b.enteredAt && a.itemId < b.itemId);

/** What is taken claim by claim, while stronger items come in before each of them, the strongest into one queue. */
function* taken(
  items: ReadonlyArray<Claimable>,
  made: ReadonlyArray<number>,
  strongest: QueueId,
  doors: Iterable<QueueId | 'all'>,
) {
  const claims = new Map<QueueId, number>(queues.map((queue, index) => [queue, made[index] ?? 0]));
  let open = [...items];
  let claim = 0;
  for (const door of doors) {
    claim += 1;
    for (const queue of queues)
      open.push({
        ...itemOf(`new${claim}${queue}`, queue, 150 * HOUR_MS, 1),
        valueFactor: queue === strongest ? 1 : 0.7,
      });
    const choice = chooseInTurn(
      open.filter(({ queue }) => door === 'all' || door === queue),
      { wanted: door, claims, agentId: 'a1', skills: [], wip: 0, now },
      defaultConfiguration,
    );
    const item = E.isRight(choice) ? choice.right?.item : undefined;
    if (item === undefined) throw new Error('nothing is claimable');
    claims.set(item.queue, (claims.get(item.queue) ?? 0) + 1);
    open = open.filter(({ itemId }) => itemId !== item.itemId);
    yield item;
  }
}

/*
 * The sequence of a claim through all was the sum over the queues, while it moved the count of the queue that it
 * took from: where one in five came through all, it met each queue's fifth turn and took by priority.
 */
describe('turns of claims through queues and through all', () => {
  it('an item with k older ones in its queue is offered within 5·(k+1) claims of that queue, in any mix of doors', () => {
    fc.assert(
      fc.property(
        inQueues,
        counts,
        fc.nat({ max: 24 }),
        fc.array(wanted, { minLength: 1, maxLength: 7 }),
        (items, made, index, pattern) => {
          const watched = items[index % items.length];
          if (watched === undefined) return;
          const older = items.filter((item) => item.queue === watched.queue && isOlder(item, watched)).length;
          const doors = Array.from({ length: 300 }, (_, turn) => pattern[turn % pattern.length] ?? 'all');
          let ofQueue = 0;
          for (const item of taken(items, made, watched.queue, doors)) {
            if (item.itemId === watched.itemId) return;
            if (item.queue === watched.queue) ofQueue += 1;
            expect(ofQueue).toBeLessThan(5 * (older + 1));
          }
        },
      ),
      {
        examples: [[[itemOf('old', 'Q4', 0, 0.2)], [0, 1, 0], 0, ['Q4', 'Q4', 'Q4', 'Q4', 'all']]],
      },
    );
  });

  it('an item with k older ones in all queues is offered within 5·(k+1) claims through all', () => {
    fc.assert(
      fc.property(inQueues, counts, fc.nat({ max: 24 }), (items, made, index) => {
        const watched = items[index % items.length];
        if (watched === undefined) return;
        const most = 5 * (items.filter((item) => isOlder(item, watched)).length + 1);
        const given = [
          ...taken(
            items,
            made,
            'Q1',
            Array.from({ length: most }, () => 'all' as const),
          ),
        ];
        expect(given.map(({ itemId }) => itemId)).toContain(watched.itemId);
      }),
    );
  });
});
