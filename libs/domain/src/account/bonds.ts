import { type Period, withPeriod } from '../time/periods';

export interface BondPeriod extends Period {
  readonly bondType: string;
  readonly subtype: string;
  readonly counterpartyId: string | null;
  readonly benefit: string | null;
}

/**
 * The bonds of a customer with one more statement (`domain.md §8.1`). One with another counterparty is
 * another one; of the benefit the last word counts.
 */
export const withBond = <B extends BondPeriod>(bonds: ReadonlyArray<B>, stated: B): ReadonlyArray<B> =>
  withPeriod(
    bonds,
    stated,
    ({ bondType, subtype, counterpartyId }) =>
      bondType === stated.bondType && subtype === stated.subtype && counterpartyId === stated.counterpartyId,
    (known) => ({ ...known, benefit: stated.benefit ?? known.benefit }),
  );
