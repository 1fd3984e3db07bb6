import * as E from 'fp-ts/Either';
import * as fc from 'fast-check';
import type { WorkItem } from '../customer/standing';
import { defaultConfiguration } from '../policy/configuration';
import { HOUR_MS, MINUTE_MS } from '../time/calendar';
import { arbitraryItems, workItem } from './arbitrary-item';
import { chooseClaim, type Claimant } from './claim';

const now = 200 * HOUR_MS;
const agent: Claimant = { agentId: 'a1', skills: [], wip: 0, claimSequence: 1, now };
const choose = (items: ReadonlyArray<WorkItem>, claimant: Partial<Claimant> = {}) =>
  chooseClaim(items, { ...agent, ...claimant }, defaultConfiguration);
const chosenId = (items: ReadonlyArray<WorkItem>, claimant: Partial<Claimant> = {}): string | null => {
  const choice = choose(items, claimant);
  return E.isRight(choice) ? (choice.right?.item.itemId ?? null) : null;
};

describe('claiming the next item', () => {
  const old = workItem({ itemId: 'old', enteredAt: 0, dueAt: 400 * HOUR_MS, weight: 0.2 });
  const urgent = workItem({ itemId: 'urgent', enteredAt: 150 * HOUR_MS, weight: 1 });

  test.each([
    [1, 'urgent', 'priority'],
    [4, 'urgent', 'priority'],
    [5, 'old', 'fifo'],
    [10, 'old', 'fifo'],
  ])('claim %d of a queue takes %s, slot %s', (claimSequence, itemId, slot) => {
    expect(choose([old, urgent], { claimSequence })).toMatchObject(
      E.right({ item: { itemId }, slot, leaseUntil: now + 30 * MINUTE_MS }),
    );
  });

  // coverage: 164
  test.each<[string, Partial<WorkItem>, Partial<Claimant>, boolean]>([
    ['closed', { state: 'closed' }, {}, false],
    ['suppressed', { visibility: 'suppressed' }, {}, false],
    ['snoozed until later', { visibility: 'snoozed', notBefore: now + 1 }, {}, false],
    ['snoozed until now', { visibility: 'snoozed', notBefore: now }, {}, true],
    ['held', { state: 'claimed', claimedBy: { agentId: 'a2', at: 0, leaseUntil: now + 1 } }, {}, false],
    ['held until now', { state: 'claimed', claimedBy: { agentId: 'a2', at: 0, leaseUntil: now } }, {}, true],
    ['for a skill that the agent lacks', { skill: 'supervisor' }, {}, false],
    ['for a skill that the agent has', { skill: 'supervisor' }, { skills: ['supervisor'] }, true],
  ])('an item that is %s', (_, parts, claimant, claimable) => {
    expect(chosenId([workItem(parts)], claimant)).toBe(claimable ? 'a' : null);
  });

  // Both orders of the list: the one found first must not win by that.
  test.each<[string, Partial<WorkItem>, Partial<WorkItem>, number]>([
    ['of the same priority the one due first', { startedAt: -HOUR_MS, dueAt: 23 * HOUR_MS, itemId: 'z' }, {}, 1],
    ['of the same priority and due the lower id', { itemId: 'a' }, {}, 1],
    ['of the higher priority, due later', { weight: 0.9, dueAt: 25 * HOUR_MS, itemId: 'z' }, {}, 1],
    ['in a fifth claim, that entered first', { enteredAt: -1, itemId: 'z' }, { weight: 1 }, 5],
    ['in a fifth claim, of those that entered together the lower id', { itemId: 'a' }, { weight: 1 }, 5],
  ])('of two items the one comes first %s', (_, first, second, claimSequence) => {
    const early = -2 * HOUR_MS;
    const [one, other] = [workItem(first), workItem({ itemId: 'm', ...second })];
    const taken = (items: ReadonlyArray<WorkItem>) =>
      chosenId(
        items.map((item) => ({ ...item, notBefore: early })),
        { now: early, claimSequence },
      );
    expect([taken([one, other]), taken([other, one])]).toEqual([one.itemId, one.itemId]);
  });

  // coverage: 164
  test('an agent who holds five items gets no more', () => {
    expect(choose([urgent], { wip: 5 })).toEqual(E.left({ code: 'WipLimit', limit: 5 }));
    expect(chosenId([urgent], { wip: 4 })).toBe('urgent');
  });

  test('an item with k older open items is offered within 5·(k+1) claims, whatever comes in meanwhile', () => {
    fc.assert(
      fc.property(arbitraryItems, fc.nat({ max: 40 }), fc.nat({ max: 24 }), (items, claimedBefore, index) => {
        const watched = items[index % items.length];
        if (watched === undefined) return;
        const older = items.filter(
          ({ enteredAt, itemId }) =>
            enteredAt < watched.enteredAt || (enteredAt === watched.enteredAt && itemId < watched.itemId),
        ).length;
        let open = [...items];
        for (let claim = 1; claim <= 5 * (older + 1); claim++) {
          // A stronger item comes in before every claim.
          open.push(workItem({ itemId: `new${claim}`, enteredAt: 150 * HOUR_MS, weight: 1, valueFactor: 1 }));
          const taken = chosenId(open, { claimSequence: claimedBefore + claim });
          if (taken === watched.itemId) return;
          open = open.filter(({ itemId }) => itemId !== taken);
        }
        throw new Error(`${watched.itemId} starves behind ${older} older items`);
      }),
    );
  });
});
