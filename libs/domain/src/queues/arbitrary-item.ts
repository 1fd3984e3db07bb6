import * as fc from 'fast-check';
import type { WorkItem } from '../customer/standing';
import { HOUR_MS } from '../time/calendar';

/** A visible open item that entered at 0 and is due 24 h later, save for what is stated. */
export const workItem = (parts: Partial<WorkItem> = {}): WorkItem => {
  const enteredAt = parts.enteredAt ?? 0;
  return {
    itemId: 'a',
    queue: 'Q1',
    triggerKey: 'c1',
    enteredAt,
    startedAt: enteredAt,
    dueAt: enteredAt + 24 * HOUR_MS,
    notBefore: enteredAt,
    state: 'open',
    visibility: 'visible',
    suppressedSince: null,
    claimedBy: null,
    firstActionAt: null,
    attempts: 0,
    closedAt: null,
    closedBy: null,
    outcome: null,
    skill: null,
    weight: 0.5,
    valueFactor: 0.4,
    riskFactor: 0.4,
    what: 'what',
    how: 'phone',
    why: 'why',
    causedBy: [],
    retentionKind: null,
    configVersion: 0,
    ...parts,
  };
};

/** Items with ids of their own, entered within 100 h, of any tier and weight. */
export const arbitraryItems: fc.Arbitrary<ReadonlyArray<WorkItem>> = fc
  .array(
    fc.record({
      entered: fc.nat({ max: 100 }),
      weight: fc.constantFrom(0.2, 0.6, 1),
      value: fc.constantFrom(0.1, 0.4, 0.7, 1),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((drawn) =>
    drawn.map(({ entered, weight, value }, index) =>
      workItem({ itemId: `i${index}`, enteredAt: entered * HOUR_MS, weight, valueFactor: value }),
    ),
  );
