import type { Fact, FactData } from '@afecto/domain';
import { givenCustomers, ordered, said } from '../tally/given-customers';
import { scorecardFigures } from './figures';

const need = (partyId: string, ago: number, rest: Partial<FactData['PreferenceRecorded']> = {}): Fact =>
  said('PreferenceRecorded', ago, {
    partyId,
    preferenceId: `need-${partyId}`,
    kind: 'need',
    key: 'books',
    value: 'in Spanish',
    origin: 'stated',
    horizon: 'current',
    ...rest,
  });
const erased = (partyId: string, ago: number): Fact =>
  said('PersonalDataErased', ago, { partyId, keyIds: ['k'], basis: 'asked' });

/*
 * Fit and segments know a need by its key, which is a code; the share of needs met looked at its value alone, which
 * says more of it and is personal: needs told as everywhere else were met by nothing, and an erasure made met ones
 * unmet. And it counted from the last time that a need was told, so that asking a customer again undid what had been
 * done for him.
 */
describe('a need is met', () => {
  const metOf = async (...facts: ReadonlyArray<Fact>): Promise<unknown> => {
    const { figures } = await givenCustomers(facts);
    return (await figures(scorecardFigures))['knowledge'];
  };
  const bought = ordered('p1', 30, 'o1');

  it('by an order of the line that its key names', async () => {
    expect(await metOf(need('p1', 50), bought)).toMatchObject({ needsMetShare: 1 });
    expect(await metOf(need('p1', 50, { key: 'wants', value: 'Books' }), bought)).toMatchObject({ needsMetShare: 1 });
    expect(await metOf(need('p1', 50, { key: 'toys' }), bought)).toMatchObject({ needsMetShare: 0 });
  });

  it('just as well after its customer was erased', async () => {
    expect(await metOf(need('p1', 50), bought, erased('p1', 1))).toMatchObject({
      needs: { current: 1 },
      needsMetShare: 1,
    });
  });

  it('by what followed when it was first told, also when it is told again', async () => {
    expect(await metOf(need('p1', 50), bought, need('p1', 10))).toMatchObject({ needsMetShare: 1 });
    expect(await metOf(need('p1', 50), bought, need('p1', 10, { value: 'large print' }))).toMatchObject({
      needsMetShare: 1,
    });
    // Another key is another need.
    expect(await metOf(need('p1', 50, { key: 'toys' }), bought, need('p1', 10))).toMatchObject({ needsMetShare: 0 });
  });
});
