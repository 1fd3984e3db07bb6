import { foldCustomer } from '../customer/fold';
import { foldDaily } from '../customer/fold-daily';
import { evaluate } from '../customer/judgement';
import type { Fact } from '../facts/envelope';
import { policyAt, regimeOf } from '../policy/fold-regime';
import { complaint, completed, followedUp, hours, resolved } from './arbitrary-scenario';
import { onDay } from '../customer/fact-builder';

/**
 * One evaluation settles all items of its instant. An item was opened after the others had been looked at, with what
 * had been done with it by then and without what the facts say of it now: what followed from that (an escalation, the
 * skill of a reopened complaint, the due of its step) came with the next evaluation, whenever that was. So the fold
 * that skips days, for which nothing was left to change, found it at the next fact, and the daily one at midnight.
 */
describe('what follows from an item that opens', () => {
  test.each<[string, number, ReadonlyArray<Fact>]>([
    [
      'not recovered at the instant at which it opens',
      3,
      [complaint(3, 'c1'), completed(3, 'Q1', 'c1', 'not_recovered')],
    ],
    [
      'not recovered before it opens, as a reception that is dated late makes it',
      3,
      [completed(2, 'Q1', 'c1', 'not_recovered'), complaint(3, 'c1')],
    ],
    [
      'not reached before it opens: no retry moves the due of its step',
      3,
      [completed(2, 'Q1', 'c1', 'unreachable'), complaint(3, 'c1')],
    ],
    ['reopened before it is received', 3, [resolved(1, 'c1'), followedUp(2, 'c1', 1), complaint(3, 'c1')]],
  ])('%s is settled at once', (_, day, facts) => {
    const regime = regimeOf([]);
    const history = { partyId: 'p1', members: ['p1'], facts, referredOrders: [] };
    const { fold, standing } = foldCustomer(history, regime, onDay(day));
    expect(evaluate(fold.evidence, standing, policyAt(regime, onDay(day)), onDay(day), fold.causedBy).items).toBe(
      standing.items,
    );
    const later = onDay(day + 2 + hours(5));
    expect(foldCustomer(history, regime, later).standing).toEqual(foldDaily(history, regime, later));
  });
});
