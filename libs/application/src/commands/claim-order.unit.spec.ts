import {
  type AgentLoad,
  chooseClaim,
  type Claimable,
  type Configuration,
  defaultConfiguration,
  HOUR_MS,
  MINUTE_MS,
  namedAgentWaitMs,
  noLoad,
} from '@afecto/domain';
import fc from 'fast-check';
import { ClaimOrder } from './claim-order';
import { Heap } from './heap';

const agents = ['a1', 'a2', 'a3'];
const hours = (most: number) => fc.nat({ max: most }).map((count) => count * HOUR_MS);

/** Many items that are alike, so that ties and groups of several are common. */
const drawnItem: fc.Arbitrary<Omit<Claimable, 'itemId'>> = fc
  .record({
    queue: fc.constant('Q1'),
    state: fc.constantFrom('open', 'open', 'claimed', 'closed'),
    visibility: fc.constantFrom('visible', 'visible', 'visible', 'suppressed', 'snoozed'),
    notBefore: hours(30),
    claimedBy: fc.option(fc.record({ agentId: fc.constantFrom(...agents), at: hours(10), leaseUntil: hours(30) }), {
      freq: 4,
    }),
    skill: fc.constantFrom(null, null, 'supervisor'),
    enteredAt: hours(20),
    startedAt: hours(20),
    dueAt: fc.oneof(hours(40), fc.constant(Number.POSITIVE_INFINITY)),
    weight: fc.constantFrom(0.2, 0.9),
    valueFactor: fc.constantFrom(0.1, 1),
    riskFactor: fc.constantFrom(0.2, 1),
    namedAgents: fc.constantFrom([], ['a1'], ['a2', 'a3']),
  })
  .map(({ namedAgents, ...item }) => ({ ...item, ...(namedAgents.length === 0 ? {} : { namedAgents }) }));

type Step =
  | { readonly do: 'put'; readonly id: number; readonly item: Omit<Claimable, 'itemId'> }
  | { readonly do: 'remove'; readonly id: number }
  | {
      readonly do: 'claim';
      readonly hour: number;
      readonly agentId: string;
      readonly skills: ReadonlyArray<string>;
      readonly slot: 'priority' | 'fifo';
      readonly held: number;
    };

const id = fc.nat({ max: 30 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('put' as const), id, item: drawnItem }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), id }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('claim' as const),
      hour: fc.integer({ min: 0, max: 60 }),
      agentId: fc.constantFrom(...agents),
      skills: fc.constantFrom([], ['supervisor']),
      slot: fc.constantFrom('priority', 'fifo'),
      held: fc.nat({ max: 6 }),
    }),
  },
);

const patient: Configuration = {
  ...defaultConfiguration,
  queues: { ...defaultConfiguration.queues, namedAgentMinutes: 300 },
};

describe('the order in which work is claimed', () => {
  it('given any items and claims at any instants, then its candidates give what all items give', () => {
    let kept = 0;
    let given = 0;
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60, size: 'max' }),
        fc.constantFrom(defaultConfiguration, patient),
        (steps, policy) => {
          const order = new ClaimOrder<Claimable>();
          const items = new Map<string, Claimable>();
          const remove = (itemId: string): void => {
            const known = items.get(itemId);
            if (known !== undefined) order.remove(known);
            items.delete(itemId);
          };
          for (const said of steps) {
            if (said.do === 'claim') {
              const now = said.hour * HOUR_MS;
              const loads = new Map<string, AgentLoad>([
                ['a1', { held: said.held, firstLeaseEnd: now + 20 * MINUTE_MS, lastClaimAt: now }],
                ['a2', { held: 1, firstLeaseEnd: now + MINUTE_MS, lastClaimAt: now - 2 }],
              ]);
              const choose = (from: Iterable<Claimable>) =>
                chooseClaim(
                  from,
                  {
                    agentId: said.agentId,
                    skills: said.skills,
                    wip: 0,
                    claimSequence: said.slot === 'fifo' ? 5 : 1,
                    now,
                  },
                  policy,
                  (agentId) => loads.get(agentId) ?? noLoad,
                );
              const expected = choose(items.values());
              expect(choose(order.candidates(now, namedAgentWaitMs(policy)))).toEqual(expected);
              if ('right' in expected && expected.right !== null) given += 1;
              if ('right' in expected && expected.right?.item.namedAgents !== undefined) kept += 1;
            } else {
              const itemId = `i${said.id}`;
              remove(itemId);
              if (said.do === 'put') {
                const item = { ...said.item, itemId };
                items.set(itemId, item);
                order.add(item);
              }
            }
          }
          expect([...order]).toHaveLength(items.size);
        },
      ),
      { numRuns: 200 },
    );
    expect(given).toBeGreaterThan(100);
    expect(kept).toBeGreaterThan(10);
  });

  it('given many items that age alike, then a claim looks at few of them', () => {
    const order = new ClaimOrder<Claimable>();
    for (let index = 0; index < 5_000; index++)
      order.add({
        itemId: `i${index}`,
        queue: 'Q1',
        state: 'open',
        visibility: 'visible',
        notBefore: index,
        claimedBy: null,
        skill: null,
        enteredAt: index,
        startedAt: index,
        dueAt: index + 24 * HOUR_MS,
        weight: 0.1 * (index % 4),
        valueFactor: 0.4,
        riskFactor: 0.4,
      });
    expect([...order.candidates(HOUR_MS, 15 * MINUTE_MS)].length).toBeLessThanOrEqual(5);
  });
});

describe('a heap', () => {
  it('gives what was put in, and what was retained, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 50 })), fc.array(fc.nat({ max: 50 })), (first, later) => {
        const heap = new Heap<number>((one, other) => one < other);
        for (const entry of first) heap.push(entry);
        heap.retain((entry) => entry % 3 !== 0);
        for (const entry of later) heap.push(entry);
        const expected = [...first.filter((entry) => entry % 3 !== 0), ...later].toSorted((one, other) => one - other);
        expect(expected.map(() => heap.pop())).toEqual(expected);
        expect([heap.size, heap.pop()]).toEqual([0, undefined]);
      }),
    );
  });
});
