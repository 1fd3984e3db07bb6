import * as fc from 'fast-check';
import { arbitraryFactOf } from '../facts/arbitrary';
import { compareFacts, type Fact } from '../facts/envelope';
import { defaultConfiguration } from '../policy/configuration';
import type { Evidence } from './evidence';
import { evolve, isCustomerFact } from './evolve';
import { fact, orderPlaced, orderReversed } from './fact-builder';
import { emptyEvidence, type MutableEvidence } from './mutable-evidence';

const folded = (facts: ReadonlyArray<Fact>, members: ReadonlyArray<string> = ['p2']): MutableEvidence => {
  const evidence = emptyEvidence('p1', members, defaultConfiguration);
  for (const one of facts) evolve(evidence, one);
  return evidence;
};

/** Every number of a value, however deep. */
const numbersOf = (value: unknown): ReadonlyArray<number> => {
  if (typeof value === 'number') return [value];
  if (value instanceof Map) return [...value.values()].flatMap(numbersOf);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(numbersOf);
  return [];
};

/** Maps and sets are written out too. */
const written = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    member instanceof Map || member instanceof Set ? [...member] : member,
  );

const arbitraryFacts = fc.array(arbitraryFactOf(), { maxLength: 60 });

describe('evolve', () => {
  test('folds any facts in any order, and every number stays finite', () => {
    fc.assert(
      fc.property(arbitraryFacts, (facts) => {
        const { configuration: _, lastFactAt: __, ...evidence } = folded(facts);
        expect(numbersOf(evidence).every(Number.isFinite)).toBe(true);
        expect(evidence.factCount).toBe(facts.filter(isCustomerFact).length);
      }),
      { numRuns: 150 },
    );
  });

  test('keeps orders, days and reversals within their bounds', () => {
    fc.assert(
      fc.property(arbitraryFacts, (facts) => {
        const { orders, placedOrders, orderDays, reversals, costs } = folded([...facts].sort(compareFacts));
        for (const order of orders.values()) {
          const back = reversals.filter(({ orderId }) => orderId === order.orderId);
          expect(order.reversedMinor).toBeLessThanOrEqual(order.netMinor);
          if (order.payer)
            expect(back.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(order.reversedMinor);
        }
        const live = placedOrders.filter(({ fullyReversed }) => !fullyReversed).map(({ day }) => day);
        expect(orderDays.map(({ day }) => day)).toEqual([...new Set(live)].sort((a, b) => a - b));
        for (const list of [reversals, costs])
          expect(list.map(({ at }) => at)).toEqual(list.map(({ at }) => at).toSorted((a, b) => a - b));
      }),
      { numRuns: 100 },
    );
  });

  test('gives the same evidence for any order of arrival once sorted', () => {
    fc.assert(
      fc.property(arbitraryFacts, (facts) => {
        const sorted = written(folded([...facts].sort(compareFacts)));
        expect(written(folded(facts.toReversed().sort(compareFacts)))).toBe(sorted);
      }),
      { numRuns: 50 },
    );
  });

  test('survives the largest amounts', () => {
    const most = Number.MAX_SAFE_INTEGER;
    const lines = Array.from({ length: 3 }, () => ({ netMinor: most, listMinor: most, costMinor: most }));
    const evidence = folded([
      orderPlaced(1, 'o1', { lines, currency: 'MXN', totalNetMinor: 1, reportingAmountMinor: most }),
      orderReversed(2, 'o1', most),
    ]);
    const { configuration: _, lastFactAt: __, ...rest } = evidence;
    expect(numbersOf(rest).every(Number.isFinite)).toBe(true);
  });

  test.each([{ kid: 'k', nonce: 'n', ct: 'c', tag: 't' }, { erased: true } as const])(
    'takes a personal value that nobody can read for one that was given and says nothing: %j',
    (displayName) => {
      const hidden = { partyId: 'p1', kind: 'person', source: 'web', displayName } as const;
      expect(folded([fact('PartyRegistered', 1, hidden)]).person).toMatchObject({ kind: 'person', displayName: '' });
    },
  );

  test('is changed by no merge, separation, configuration, review or campaign', () => {
    const before = written(folded([]));
    fc.assert(
      fc.property(
        arbitraryFactOf([
          'PartiesMerged',
          'PartiesSeparated',
          'ConfigurationActivated',
          'PortfolioReviewed',
          'CampaignLaunched',
        ]),
        (one) => {
          expect(written(folded([one]))).toBe(before);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('gives evidence that every other room can read', () => {
    const evidence: Evidence = folded([orderPlaced(1, 'o1')]);
    expect(evidence.orders.get('o1')?.placedAt).not.toBeNull();
  });
});
