import fc from 'fast-check';
import { PartyHistory, partyLedgers } from './party-history';

const event = fc.record({ occurredAt: fc.integer({ min: -5, max: 5 }), parties: fc.uniqueArray(fc.nat({ max: 3 })) });

describe('the ledgers of a part', () => {
  it('have every event of a party once, in the order of time and then of the log', () => {
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const parties = new Map<string, PartyHistory>();
        const expected = new Map<string, (readonly [number, number])[]>();
        for (const [index, { occurredAt, parties: named }] of events.entries())
          for (const party of named.map(String)) {
            if (!parties.has(party)) parties.set(party, new PartyHistory());
            // Named twice by one event.
            const laid = { position: index + 1, occurredAt, subjects: [party, party], fact: null };
            for (const _ of laid.subjects) parties.get(party)?.add(laid);
            expected.set(party, [...(expected.get(party) ?? []), [occurredAt, index + 1]]);
          }
        const { partyIds, counts, places } = partyLedgers(parties);
        let at = 0;
        const found = partyIds.map((partyId, index) => {
          const own = Array.from({ length: counts[index] ?? 0 }, () => [places[at++], places[at++]]);
          return [partyId, own];
        });
        expect(at).toBe(places.length);
        const sorted = [...expected].map(([party, own]) => [
          party,
          own.toSorted(([one, first], [other, second]) => one - other || first - second),
        ]);
        expect(found).toEqual(sorted);
      }),
    );
  });

  it('say whether an event of the party cannot be read', () => {
    const history = new PartyHistory();
    expect(history.isWhole).toBe(true);
    history.add({ position: 1, occurredAt: 0, subjects: ['p'], fact: null });
    expect(history.isWhole).toBe(false);
  });
});
