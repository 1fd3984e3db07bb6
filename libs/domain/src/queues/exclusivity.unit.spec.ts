import * as fc from 'fast-check';
import { arbitraryHistory, arbitraryRegime, arbitraryUntil } from '../customer/arbitrary-history';
import { foldCustomer } from '../customer/fold';
import type { QueueId, WorkItem } from '../customer/standing';
import { policyAt } from '../policy/fold-regime';
import { DAY_MS, HOUR_MS } from '../time/calendar';
import { workItem } from './arbitrary-item';
import { hasComplaintInRecovery } from './complaint-steps';
import { evaluateQueues, nextQueueChange } from './evaluate';
import { proactiveItemToShow, unsuppressed } from './exclusivity';
import { itemIdOf } from './item-id';
import { isProactive } from './queue-rules';

const calm = { inDefection: false, complaintInRecovery: false };
const open = (...queues: ReadonlyArray<QueueId>) =>
  queues.map((queue, index) => workItem({ itemId: `i${index}`, queue, triggerKey: `t${index}` }));

describe('exclusivity', () => {
  test.each<[ReadonlyArray<QueueId>, Partial<typeof calm>, QueueId | null]>([
    [['Q3', 'Q8', 'Q5', 'Q7', 'Q2'], {}, 'Q2'],
    [['Q3', 'Q8', 'Q5', 'Q7'], {}, 'Q7'],
    [['Q3', 'Q8', 'Q5'], {}, 'Q5'],
    [['Q3', 'Q8'], {}, 'Q8'],
    [['Q3'], {}, 'Q3'],
    [['Q2', 'Q1'], {}, null],
    [['Q8', 'Q6'], {}, null],
    [['Q3', 'Q6'], {}, null],
    [['Q5', 'Q6'], {}, 'Q5'],
    [['Q5', 'Q4'], {}, 'Q5'],
    [['Q8', 'Q3'], { inDefection: true }, null],
    [['Q8', 'Q7'], { inDefection: true }, 'Q7'],
    [['Q8'], { complaintInRecovery: true }, null],
  ])('of %j, %j, the one to show is %s', (queues, circumstances, shown) => {
    expect(proactiveItemToShow(open(...queues), { ...calm, ...circumstances })?.queue ?? null).toBe(shown);
  });

  test.each<[string, Partial<WorkItem>, Partial<WorkItem>]>([
    ['with the shorter span', { itemId: 'z', dueAt: 20 * HOUR_MS, enteredAt: 5, startedAt: 0 }, {}],
    ['that entered first', { itemId: 'z' }, { enteredAt: 1, dueAt: 24 * HOUR_MS + 1 }],
    ['with the lower id', { itemId: 'a' }, {}],
  ])('of two items of one queue the one is shown %s', (_, shown, other) => {
    const items = [workItem({ queue: 'Q7', ...shown }), workItem({ queue: 'Q7', itemId: 'm', ...other })];
    const ids = [items, items.toReversed()].map((list) => proactiveItemToShow(list, calm)?.itemId);
    expect(ids).toEqual([items[0]?.itemId, items[0]?.itemId]);
  });

  test.each([
    ['its own moment', 3, 1, 3],
    ['the next moment for a contact', 1, 3, 3],
  ])('what returns from suppression begins its span anew, and waits for %s', (_, own, next, notBefore) => {
    const hidden = workItem({ notBefore: own, dueAt: 10, startedAt: 4, visibility: 'suppressed', suppressedSince: 5 });
    expect(unsuppressed(hidden, next, 2)).toMatchObject({
      visibility: 'visible',
      suppressedSince: null,
      startedAt: 2,
      dueAt: 8,
      notBefore,
    });
  });

  test('an item keeps its place while it is snoozed', () => {
    const snoozed = workItem({ itemId: 's', queue: 'Q7', visibility: 'snoozed', notBefore: 10 * DAY_MS });
    expect(proactiveItemToShow([...open('Q8'), snoozed], calm)?.itemId).toBe('s');
  });
});

describe('the work items of any history', () => {
  const judged = fc.tuple(arbitraryHistory, arbitraryRegime, arbitraryUntil);

  test('never two visible proactive items, never a visible Q8 or Q3 with a complaint not closed', () => {
    fc.assert(
      fc.property(judged, ([history, regime, until]) => {
        const { standing, fold } = foldCustomer(history, regime, until);
        const visible = standing.items.filter(
          ({ state, visibility }) => state !== 'closed' && visibility === 'visible',
        );
        expect(visible.filter(({ queue }) => isProactive(queue)).length).toBeLessThanOrEqual(1);
        if (hasComplaintInRecovery(fold.evidence, policyAt(regime, until).configuration))
          expect(visible.filter(({ queue }) => queue === 'Q8' || queue === 'Q3')).toEqual([]);
        expect(
          standing.items.filter(({ queue, visibility }) => !isProactive(queue) && visibility === 'suppressed'),
        ).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });

  // coverage: 37
  test('one item a trigger, with the id that follows from it, whole and writable as JSON', () => {
    fc.assert(
      fc.property(judged, ([history, regime, until]) => {
        const { items } = foldCustomer(history, regime, until).standing;
        expect(new Set(items.map(({ itemId }) => itemId)).size).toBe(items.length);
        for (const item of items) {
          expect(item.itemId).toBe(itemIdOf(item.queue, history.partyId, item.triggerKey));
          expect(JSON.parse(JSON.stringify(item))).toEqual(item);
          expect([item.what, item.how, item.why].includes('')).toBe(false);
          expect((item.closedAt === null) === (item.state !== 'closed')).toBe(true);
          if (item.state === 'closed' || !isProactive(item.queue)) continue;
          if (item.visibility !== 'suppressed') expect(item.notBefore).toBeLessThan(item.dueAt);
          expect(item.startedAt).toBeLessThan(item.dueAt);
        }
      }),
      { numRuns: 80 },
    );
  });

  test('evaluating again at the same instant changes nothing and returns the same list', () => {
    fc.assert(
      fc.property(judged, ([history, regime, until]) => {
        const { standing, fold, evaluatedAt } = foldCustomer(history, regime, until);
        if (evaluatedAt === Number.NEGATIVE_INFINITY) return;
        const policy = policyAt(regime, evaluatedAt);
        expect(evaluateQueues(fold.evidence, standing, policy, evaluatedAt)).toBe(standing.items);
      }),
      { numRuns: 80 },
    );
  });

  test('before the next change that is named, no instant changes an item', () => {
    fc.assert(
      fc.property(judged, ([history, regime, until]) => {
        const { standing, fold, evaluatedAt, nextChangeAt } = foldCustomer(history, regime, until);
        if (evaluatedAt === Number.NEGATIVE_INFINITY) return;
        const policy = policyAt(regime, evaluatedAt);
        const { deadline, crossing } = nextQueueChange(fold.evidence, standing, policy, evaluatedAt);
        expect(Math.min(deadline, crossing)).toBeGreaterThan(evaluatedAt);
        const end = Math.min(deadline, crossing, nextChangeAt, evaluatedAt + 100 * DAY_MS);
        for (let at = evaluatedAt + 1; at < end; at += DAY_MS / 3)
          expect(evaluateQueues(fold.evidence, standing, policy, at)).toBe(standing.items);
      }),
      { numRuns: 60 },
    );
  });
});
