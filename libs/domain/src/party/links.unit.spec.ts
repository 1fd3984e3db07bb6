import * as fc from 'fast-check';
import type { Fact, FactOf } from '../facts/envelope';
import { type Links, linksOf, membersOf, mergeOf, rootOf } from './links';

const envelope = (eventId: string, occurredAt: number, streamId: string) => ({
  eventId,
  schemaVersion: 1,
  streamId: `party-${streamId}`,
  occurredAt,
  recordedAt: occurredAt,
  source: 'test',
  id: eventId,
  subjects: [streamId],
  actor: { kind: 'system', id: 'test' } as const,
});

const merged = (eventId: string, at: number, survivorId: string, absorbedId: string): FactOf<'PartiesMerged'> => ({
  ...envelope(eventId, at, survivorId),
  type: 'PartiesMerged',
  data: { survivorId, absorbedId, matchScore: 1, reason: 'same person' },
});

const separated = (
  eventId: string,
  at: number,
  mergedEventId: string,
  [survivorId, separatedId]: readonly [string, string],
): FactOf<'PartiesSeparated'> => ({
  ...envelope(eventId, at, survivorId),
  type: 'PartiesSeparated',
  data: { survivorId, separatedId, mergedEventId, reason: 'two persons' },
});

/** Groups as `root: members`, sorted; parties alone are left out. */
const partition = (links: Links): ReadonlyArray<string> =>
  [...new Set(links.roots.values())]
    .map((root) => membersOf(links, root))
    .filter((members) => members.length > 1)
    .map((members) => members.join(' '))
    .sort();

describe('links', () => {
  test.each<[string, ReadonlyArray<Fact>, ReadonlyArray<string>]>([
    ['without merges are none', [], []],
    ['of one merge put the survivor at the root', [merged('m1', 1, 'B', 'A')], ['B A']],
    ['of A←B then B←C have one root', [merged('m1', 1, 'A', 'B'), merged('m2', 2, 'B', 'C')], ['A B C']],
    ['of B←C then A←B have the same root', [merged('m1', 1, 'B', 'C'), merged('m2', 2, 'A', 'B')], ['A B C']],
    ['of a merge said twice are those of one', [merged('m1', 1, 'A', 'B'), merged('m2', 2, 'A', 'B')], ['A B']],
    ['of a cycle keep the first survivor', [merged('m1', 1, 'A', 'B'), merged('m2', 2, 'B', 'A')], ['A B']],
    [
      'of a ring keep the first survivor',
      [merged('m1', 1, 'A', 'B'), merged('m2', 2, 'B', 'C'), merged('m3', 3, 'C', 'A')],
      ['A B C'],
    ],
    [
      'of a party absorbed twice put all under the later survivor',
      [merged('m1', 1, 'A', 'C'), merged('m2', 2, 'B', 'C')],
      ['B A C'],
    ],
    ['of a merge with itself are none', [merged('m1', 1, 'A', 'A')], []],
    ['of one instant fold by source and id', [merged('m2', 1, 'B', 'A'), merged('m1', 1, 'A', 'B')], ['A B']],
    [
      'lose exactly the merge that a separation names',
      [merged('m1', 1, 'A', 'B'), merged('m2', 2, 'B', 'C'), separated('s1', 3, 'm1', ['A', 'B'])],
      ['B C'],
    ],
    [
      'of a cycle keep the other merge after a separation',
      [merged('m1', 1, 'A', 'B'), merged('m2', 2, 'B', 'A'), separated('s1', 3, 'm1', ['A', 'B'])],
      ['B A'],
    ],
    [
      'lose the latest standing merge of the pair when the named one is unknown',
      [
        merged('m1', 1, 'A', 'B'),
        merged('m2', 2, 'A', 'B'),
        separated('s1', 3, 'lost', ['A', 'B']),
        separated('s2', 4, 'lost', ['A', 'B']),
        merged('m3', 5, 'A', 'B'),
      ],
      ['A B'],
    ],
    [
      'keep a merge that the separation of another pair names',
      [merged('m1', 1, 'A', 'B'), separated('s1', 3, 'm1', ['C', 'D']), separated('s2', 4, 'm1', ['B', 'A'])],
      ['A B'],
    ],
    [
      'lose the merge of the pair when the separation names that of another one',
      [merged('m1', 1, 'A', 'B'), merged('m2', 2, 'C', 'D'), separated('s1', 3, 'm2', ['A', 'B'])],
      ['C D'],
    ],
    ['ignore a separation of what was never merged', [separated('s1', 3, 'lost', ['A', 'B'])], []],
    [
      'can be made again after a separation',
      [merged('m1', 1, 'A', 'B'), separated('s1', 2, 'm1', ['A', 'B']), merged('m2', 3, 'B', 'A')],
      ['B A'],
    ],
  ])('%s', (_, facts, then) => {
    expect(partition(linksOf(facts))).toEqual(then);
    expect(partition(linksOf([...facts].reverse()))).toEqual(then);
  });

  test('of a later instant are not yet in force', () => {
    const facts = [merged('m1', 10, 'A', 'B'), separated('s1', 20, 'm1', ['A', 'B'])];
    expect([9, 10, 19, 20].map((asOf) => rootOf(linksOf(facts, asOf), 'B'))).toEqual(['B', 'A', 'A', 'B']);
  });

  test('of a party that no merge names are itself', () => {
    const links = linksOf([]);
    expect([rootOf(links, 'Z'), membersOf(links, 'Z')]).toEqual(['Z', ['Z']]);
  });

  test('of a chain of any length have one root', () => {
    const chain = Array.from({ length: 20_000 }, (_, n) => merged(`m${n}`, n, `p${n + 1}`, `p${n}`));
    const links = linksOf(chain);
    expect(rootOf(links, 'p0')).toBe('p20000');
    expect(membersOf(links, 'p7')).toHaveLength(20_001);
  });
});

describe('the merge of a party that is no root', () => {
  const facts = [merged('m1', 1, 'A', 'B'), merged('m2', 2, 'C', 'B')];

  test('is the latest that absorbed it, else the one that took its customer along', () => {
    expect(mergeOf(facts, 'B', 9)).toEqual({ survivorId: 'C', absorbedId: 'B', mergedEventId: 'm2' });
    expect(mergeOf(facts, 'A', 9)).toEqual({ survivorId: 'C', absorbedId: 'B', mergedEventId: 'm2' });
    expect(mergeOf(facts, 'A', 1)).toBeNull();
    expect(mergeOf(facts, 'C', 9)).toBeNull();
  });
});

const parties = fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F');
const arbitraryMerges = fc
  .array(fc.record({ survivor: parties, absorbed: parties, at: fc.integer({ min: 0, max: 5 }) }), { maxLength: 12 })
  .map((merges) => merges.map(({ survivor, absorbed, at }, n) => merged(`m${n}`, at, survivor, absorbed)));

/** Merges with separations of some of them, in any order. */
const arbitraryHistory = arbitraryMerges.chain((merges) =>
  fc
    .subarray(merges)
    .chain((undone) =>
      fc
        .shuffledSubarray(
          [
            ...merges,
            ...undone.map(({ eventId, occurredAt, data }) =>
              separated(`s-${eventId}`, occurredAt + 1, eventId, [data.survivorId, data.absorbedId]),
            ),
          ],
          { minLength: merges.length + undone.length },
        )
        .map((facts) => ({ facts, standing: merges.filter((merge) => !undone.includes(merge)), merges })),
    ),
);

describe('any history of links', () => {
  test('is the same in any order of arrival and with every fact twice', () => {
    fc.assert(
      fc.property(arbitraryHistory, ({ facts, standing }) => {
        expect(linksOf(facts)).toEqual(linksOf(standing));
        expect(linksOf([...facts, ...facts])).toEqual(linksOf(facts));
      }),
    );
  });

  test('joins exactly the parties that standing merges connect', () => {
    fc.assert(
      fc.property(arbitraryHistory, ({ facts, standing }) => {
        const links = linksOf(facts);
        for (const { data } of standing) expect(rootOf(links, data.absorbedId)).toBe(rootOf(links, data.survivorId));
        let joins = 0;
        for (const members of links.members.values()) joins += members.length - 1;
        expect(joins).toBeLessThanOrEqual(standing.length);
      }),
    );
  });

  test('separated link by link down to nothing leaves every party alone', () => {
    fc.assert(
      fc.property(arbitraryMerges, (merges) => {
        const separations = merges.map(({ eventId, data }, n) =>
          separated(`s${n}`, 10 + n, eventId, [data.survivorId, data.absorbedId]),
        );
        for (let undone = 0; undone <= separations.length; undone++)
          expect(linksOf([...merges, ...separations.slice(0, undone)])).toEqual(linksOf(merges.slice(undone)));
      }),
    );
  });

  test('has every party once, in the group of its root', () => {
    fc.assert(
      fc.property(arbitraryHistory, ({ facts }) => {
        const links = linksOf(facts);
        const grouped = [...links.members.values()].flat();
        expect(grouped.toSorted()).toEqual([...links.roots.keys()].toSorted());
        for (const [root, members] of links.members) {
          expect(members[0]).toBe(root);
          for (const member of members) expect(rootOf(links, member)).toBe(root);
        }
      }),
    );
  });
});
