import * as fc from 'fast-check';
import { regimeOf } from '../policy/fold-regime';
import { arbitraryHistory, arbitraryRegime, arbitraryUntil } from './arbitrary-history';
import { withWork } from './arbitrary-work';
import { fact, onDay, orderPlaced } from './fact-builder';
import { foldCustomer } from './fold';
import { foldDaily } from './fold-daily';

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
  });

  test('does so for an erased customer, of whom time decides nothing any more', () => {
    const history = {
      partyId: 'p1',
      members: [],
      facts: [orderPlaced(0, 'o1'), fact('PersonalDataErased', 1, { partyId: 'p1', keyIds: ['k1'], basis: 'request' })],
      referredOrders: [],
    };
    const regime = regimeOf([]);
    const { standing } = foldCustomer(history, regime, onDay(800));
    expect(standing).toEqual(foldDaily(history, regime, onDay(800)));
  });
});
