import { compareFacts, type CustomerFold, foldFacts, type Instant, NEVER, regimeOf, startFold } from '@afecto/domain';
import fc from 'fast-check';
import { arbitraryHistory } from '../../../domain/src/customer/arbitrary-history';
import { EPOCH } from '../../../domain/src/facts/arbitrary';
import { TallyKeys } from '../tally/tally-of';
import { FoldCache } from './fold-cache';
import { judge, type Judged } from './resolve-customer';
import { worldOf } from './world';

const NOW: Instant = EPOCH + 300 * 86_400_000;
const world = worldOf([], NOW);
const regime = regimeOf([]);
const none = startFold('other', [], regime);

const folded = (fold: CustomerFold, facts: Parameters<typeof foldFacts>[1]): CustomerFold => {
  const more = foldFacts(fold, facts, regime, []);
  if (more === null) throw new Error('facts in order are not late');
  return more;
};

const remembered = (cache: FoldCache, { fold, advanced, change }: Judged): void => {
  const { partyId, factCount } = fold.evidence;
  cache.put(partyId, fold);
  const after = { partyId, facts: factCount, announced: change.announced, standing: advanced.standing };
  cache.tell(partyId, { after, tally: change.tally, takenBack: [] });
};

/** Of a cache that has just been told, what it would write when nothing has happened. */
const judgedAgain = (cache: FoldCache, keys: TallyKeys): Judged => {
  const [fold, told] = [cache.get('p1'), cache.told('p1')];
  if (fold === undefined || told === null) throw new Error('it was told of the customer');
  const before = { items: told.after.standing.items, tally: told.tally };
  return judge(fold, { world, horizon: NOW, next: NEVER, keys }, before);
};

describe('the cache of folds', () => {
  it('gives a fold that was packed back as it was, and it goes on as if it never had been', () => {
    let items = 0;
    fc.assert(
      fc.property(arbitraryHistory, fc.nat(), ({ partyId, members, facts }, share) => {
        const sorted = facts.toSorted(compareFacts);
        const [before, after] = [
          sorted.slice(0, share % (sorted.length + 1)),
          sorted.slice(share % (sorted.length + 1)),
        ];
        const start = () => folded(startFold(partyId, members, regime), before);
        const keys = new TallyKeys();
        const [held, packed] = [new FoldCache(1e6, 0), new FoldCache(1, 1e6)];
        for (const cache of [held, packed]) {
          remembered(cache, judge(start(), { world, horizon: NOW, next: NEVER, keys }));
          cache.put('other', none);
        }
        expect(packed.told(partyId)).toEqual(held.told(partyId));
        expect(packed.get(partyId)).toStrictEqual(held.get(partyId));

        const [one, other] = [judgedAgain(held, keys), judgedAgain(packed, keys)];
        expect(other.change).toEqual(one.change);
        items += one.advanced.standing.items.length - one.change.items.length;

        const grown = packed.get(partyId);
        if (grown === undefined) throw new Error('it was put');
        const whole = startFold(partyId, members, regime);
        expect(folded(grown, after)).toStrictEqual(folded(folded(whole, before), after));
      }),
      { numRuns: 200 },
    );
    // Items that are stored already are known by being the same objects.
    expect(items).toBeGreaterThan(0);
  });

  it('forgets what it is told to forget, packed or not', () => {
    const cache = new FoldCache(1, 1e6);
    for (const partyId of ['a', 'b', 'c']) cache.put(partyId, startFold(partyId, [], regime));
    for (const partyId of ['a', 'c']) cache.drop(partyId);
    expect(['a', 'b', 'c'].map((partyId) => cache.get(partyId)?.evidence.partyId)).toEqual([undefined, 'b', undefined]);
    cache.clear();
    expect(cache.get('b')).toBeUndefined();
  });
});
