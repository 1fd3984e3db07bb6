import {
  advance,
  compareFacts,
  type CustomerFold,
  DAY_MS,
  foldFacts,
  type Instant,
  policyAt,
  regimeOf,
  startFold,
} from '@afecto/domain';
import fc from 'fast-check';
import { arbitraryFactOf } from '../../../domain/src/facts/arbitrary';
import { presentStanding } from './present-standing';

const regime = regimeOf([]);
const shown = ({ evidence, at }: CustomerFold, asOf: Instant, standing: unknown) => ({
  standing,
  facts: evidence.factCount,
  at,
  policy: policyAt(regime, asOf).configuration.version,
});

describe('the standing of a customer at present', () => {
  // A standing that is kept too long would show a customer as it was before a fact, or before a day that changed it.
  it('is what advancing the fold gives, whatever was asked before, between facts and as time goes by', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryFactOf(), { minLength: 1, maxLength: 25, size: 'max' }),
        fc.array(fc.integer({ min: 0, max: 60 * DAY_MS }), { minLength: 1, maxLength: 6 }),
        (facts, steps) => {
          const sorted = [...facts].sort(compareFacts);
          const fold = startFold('p1', ['p1'], regime);
          const standingOf = presentStanding();
          let now: Instant = Number.NEGATIVE_INFINITY;
          for (const fact of sorted) {
            if (foldFacts(fold, [fact], regime, []) === null) continue;
            now = Math.max(now, fold.at === Number.NEGATIVE_INFINITY ? fact.occurredAt : fold.at);
            for (const step of [0, ...steps]) {
              now += step;
              expect(shown(fold, now, standingOf(fold, regime, now))).toEqual(
                shown(fold, now, advance(fold, regime, now)),
              );
            }
            // The next fact lies before: the clock of the question ran ahead, and is asked for an earlier instant too.
            expect(standingOf(fold, regime, fold.at)).toEqual(advance(fold, regime, fold.at));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
