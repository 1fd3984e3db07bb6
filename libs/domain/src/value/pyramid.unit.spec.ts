import { defaultConfiguration } from '../policy/configuration';
import { tierOf } from './pyramid';

const key = (cm365Minor: number, partyId = 'm') => ({ cm365Minor, longevityDays: 100, partyId });
const customer = (cm365Minor: number, discountShare = 0, partyId = 'm') => ({
  ...key(cm365Minor, partyId),
  discountShare,
});
const review = { baseSize: 20, tierCuts: { platinum: key(1_000), gold: key(500) } };

describe('the tier of one customer (domain.md §6.5)', () => {
  // coverage: 82, 83, 85, 126
  it.each([
    ['the last one in the 5 % with a discount share of 0.15', customer(1_000, 0.15), 'platinum'],
    ['the same who looks for discounts', customer(1_000, 0.150_001), 'gold'],
    ['one behind it by its name', customer(1_000, 0, 'n'), 'gold'],
    ['the last one in the 20 %, whatever its discounts', customer(500, 0.9), 'gold'],
    ['one with a penny less', customer(499), 'iron'],
    ['one who brings a penny', customer(1), 'iron'],
    ['one who brings nothing', customer(0), 'lead'],
    ['one who costs', customer(-1), 'lead'],
  ])('%s', (_, of, tier) => {
    expect(tierOf(of, review, defaultConfiguration)).toBe(tier);
  });

  it('a base of 19 ranks nobody but lead', () => {
    const few = { ...review, baseSize: 19 };
    expect([9_999, 0].map((minor) => tierOf(customer(minor), few, defaultConfiguration))).toEqual(['unranked', 'lead']);
  });
});
