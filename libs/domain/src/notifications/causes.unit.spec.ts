/**
 * Only zones, quadrants, openings and inconsistencies remembered the facts of the instant at which they came
 * about. Phases and closings did not, so `causedBy` was empty, which says that time alone did it, of a
 * customer that an order won back and of an item that an agent completed.
 */
import { fact, isoOnDay, onDay, orderPlaced } from '../customer/fact-builder';
import { foldCustomer } from '../customer/fold';
import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';
import { itemIdOf } from '../queues/item-id';
import { regimeOf } from '../policy/fold-regime';
import { announcedOf } from './announced';
import { notificationsBetween } from './notifications-between';

const regime = regimeOf([]);

/** What has been told by `day` of a customer with these facts: type, the word for it, and the cause. */
const toldBy = (day: number, ...facts: ReadonlyArray<Fact>): ReadonlyArray<readonly [string, unknown, unknown]> => {
  const history = { partyId: 'p1', members: ['p1'], facts, referredOrders: [] };
  const { fold, standing, evaluatedAt } = foldCustomer(history, regime, onDay(day));
  const announced = announcedOf(fold.evidence, standing, fold.evidence.configuration, evaluatedAt);
  return notificationsBetween(null, { partyId: 'p1', facts: facts.length, announced, standing }, regime).map(
    ({ type, data, causedBy }) => [type, data['phase'] ?? data['closedBy'] ?? data['queue'] ?? null, causedBy],
  );
};

const order = (day: number, orderId: string): Fact => ({ ...orderPlaced(day, orderId), eventId: orderId });
const notice = (day: number, effectiveOn: number): Fact =>
  fact(
    'DefectionNoticeReceived',
    day,
    { partyId: 'p1', channel: 'phone', reasonCodes: [], effectiveAt: isoOnDay(effectiveOn) },
    { eventId: 'notice' },
  );

describe('causedBy of a notification (domain.md §14.3)', () => {
  it('of a phase that a fact began names the fact', () => {
    expect(toldBy(2, order(1, 'o1'))).toContainEqual(['LifecyclePhaseChanged', 'new', ['o1']]);
  });

  it('of a loss that a notice was names the notice', () => {
    const told = toldBy(30, order(1, 'o1'), notice(10, 10));
    expect(told).toContainEqual(['LifecyclePhaseChanged', 'lost', ['notice']]);
    expect(told).toContainEqual(['CustomerLost', 'lost', ['notice']]);
  });

  it('of a return names the order', () => {
    expect(toldBy(720, order(1, 'o1'), order(700, 'o2'))).toContainEqual(['CustomerWonBack', 'won_back', ['o2']]);
  });

  it('of a loss that a term of notice brought is empty: time alone did it', () => {
    expect(toldBy(30, order(1, 'o1'), notice(10, 20))).toContainEqual(['CustomerLost', 'lost', []]);
  });

  const complaint = (type: 'ComplaintReceived', day: number, data: FactData['ComplaintReceived']): Fact =>
    fact(type, day, data, { eventId: 'complaint' });
  const received = complaint('ComplaintReceived', 1, {
    complaintId: 'c1',
    partyId: 'p1',
    channel: 'phone',
    category: 'delivery',
    severity: 2,
  });

  it('of an item that a fact closed names the fact', () => {
    const resolved = fact('ComplaintResolved', 1.5, {
      complaintId: 'c1',
      decision: 'upheld',
      rootCause: 'carrier',
      immediate: false,
      resolvedAt: isoOnDay(1.5),
    });
    const followed = fact(
      'ComplaintFollowedUp',
      3,
      { complaintId: 'c1', attempt: 1, verdict: 5 },
      { eventId: 'follow-up' },
    );
    expect(toldBy(4, received, resolved, followed)).toContainEqual(['WorkItemClosed', 'auto', ['follow-up']]);
  });

  it('of an item that an agent completed names the completion', () => {
    const itemId = itemIdOf('Q1', 'p1', 'c1');
    const claimed = fact('WorkItemClaimed', 1.1, {
      itemId,
      queue: 'Q1',
      partyId: 'p1',
      agentId: 'ada',
      leaseUntil: isoOnDay(1.2),
      slot: 'priority',
    });
    const completed = fact(
      'WorkItemCompleted',
      1.15,
      { itemId, agentId: 'ada', outcome: 'apologised' },
      { eventId: 'completion' },
    );
    expect(toldBy(2, received, claimed, completed)).toContainEqual(['WorkItemClosed', 'outcome', ['completion']]);
  });

  it('of an item that ran out of time is empty', () => {
    const closed = toldBy(120, order(1, 'o1')).filter(([type, by]) => type === 'WorkItemClosed' && by === 'auto');
    expect(closed).toContainEqual(['WorkItemClosed', 'auto', []]);
  });
});
