import * as fc from 'fast-check';
import { arbitraryHistory, arbitraryRegime, arbitraryUntil } from './arbitrary-history';
import { foldCustomer } from './fold';
import { foldDaily } from './fold-daily';
import { withWork } from './arbitrary-work';

const work = fc.array(
  fc.record({
    item: fc.nat({ max: 20 }),
    act: fc.constantFrom('claimed', 'released', 'completed'),
    delayHours: fc.integer({ min: 0, max: 24 * 40 }),
    outcome: fc.constantFrom('unreachable', 'declined', 'no_response', 'nurture', 'recovered', 'postponed'),
  }),
  { maxLength: 5 },
);

describe('a fold that skips the days on which nothing can change', () => {
  test('decides exactly what evaluating every day decides, all histories included', () => {
    fc.assert(
      fc.property(arbitraryHistory, arbitraryRegime, arbitraryUntil, work, (history, regime, until, acts) => {
        const worked = withWork(history, regime, until, acts);
        const { standing } = foldCustomer(worked, regime, until);
        expect(JSON.stringify(standing)).toBe(JSON.stringify(foldDaily(worked, regime, until)));
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
