import { ERASED, type Fact, factTypes, foldCustomer, globalFactTypes, type Hidden, regimeOf } from '@afecto/domain';
import * as fc from 'fast-check';
import { arbitraryFactOf, EPOCH } from '../../domain/src/facts/arbitrary';
import { withPersonalFields } from './personal-fields';

const DAYS = 86_400_000;
const UNTIL = EPOCH + 3 * 366 * DAYS;
const regime = regimeOf([]);
const SEALED: Hidden = { kid: 'k', nonce: 'n', ct: 'c', tag: 't' };

/** All but what says who is who or is about nobody; and no fact tells of the erasure itself. */
const types = factTypes.filter(
  (type) => !globalFactTypes.has(type) && !['PartiesMerged', 'PartiesSeparated', 'PersonalDataErased'].includes(type),
);
const histories = fc.uniqueArray(arbitraryFactOf(types), { maxLength: 25, selector: ({ eventId }) => eventId });

const hiding = (facts: ReadonlyArray<Fact>, hidden: Hidden): ReadonlyArray<Fact> =>
  facts.map((fact) => {
    const { type, data, subjects } = fact;
    return { ...fact, data: withPersonalFields({ type, data, metadata: { subjects } }, () => hidden) } as Fact;
  });

const standingAfter = (facts: ReadonlyArray<Fact>): string => {
  const folded = foldCustomer({ partyId: 'p1', members: ['p1'], facts: [...facts], referredOrders: [] }, regime, UNTIL);
  return JSON.stringify(folded.standing);
};

describe('a history whose personal fields nobody can read', () => {
  it('folds like any other, and comes to the same zone, tier, phase and queues', () => {
    fc.assert(
      fc.property(histories, (facts) => {
        const inClear = standingAfter(facts);
        expect(standingAfter(hiding(facts, ERASED))).toBe(inClear);
        expect(standingAfter(hiding(facts, SEALED))).toBe(inClear);
      }),
      { numRuns: 100 },
    );
  });
});
