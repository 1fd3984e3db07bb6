import type { FactData, FactType } from '../facts/catalogue';
import type { Fact, FactOf } from '../facts/envelope';
import type { Regime } from '../policy/regime';
import { HOUR_MS, type Instant, toIso } from '../time/calendar';
import { type CustomerHistory, foldCustomer } from './fold';

/** What an agent does with one of the customer's items, some hours after it opened. */
export interface Act {
  readonly item: number;
  readonly act: 'claimed' | 'released' | 'completed';
  readonly delayHours: number;
  readonly outcome: string;
}

const workFact = <T extends FactType>(type: T, occurredAt: Instant, id: string, data: FactData[T]): FactOf<T> => ({
  eventId: id,
  type,
  schemaVersion: 1,
  streamId: id,
  occurredAt,
  recordedAt: occurredAt,
  source: 'desk',
  id,
  subjects: ['p1'],
  actor: { kind: 'agent', id: 'agent1' },
  data,
});

/** The history with agents at work on items that it really opens: items come from a fold without them. */
export const withWork = (
  history: CustomerHistory,
  regime: Regime,
  until: Instant,
  acts: ReadonlyArray<Act>,
): CustomerHistory => {
  const { items } = foldCustomer(history, regime, until).standing;
  if (items.length === 0) return history;
  const facts = acts.flatMap(({ item, act, delayHours, outcome }, n): ReadonlyArray<Fact> => {
    const chosen = items[item % items.length];
    if (chosen === undefined) return [];
    const { itemId, queue, enteredAt } = chosen;
    const at = Math.ceil(enteredAt) + delayHours * HOUR_MS;
    const id = `work-${n}`;
    const agentId = 'agent1';
    switch (act) {
      case 'claimed': {
        const leaseUntil = toIso(at + HOUR_MS / 2);
        return [
          workFact('WorkItemClaimed', at, id, { itemId, queue, partyId: 'p1', agentId, leaseUntil, slot: 'priority' }),
        ];
      }
      case 'released':
        return [
          workFact('WorkItemReleased', at, id, {
            itemId,
            agentId,
            reason: 'later',
            snoozeUntil: toIso(at + 100 * HOUR_MS),
          }),
        ];
      case 'completed':
        return [workFact('WorkItemCompleted', at, id, { itemId, agentId, outcome })];
    }
  });
  return { ...history, facts: [...history.facts, ...facts] };
};
