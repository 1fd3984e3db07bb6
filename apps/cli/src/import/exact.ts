import * as E from 'fp-ts/Either';
import type { CurrencyOptions, ExchangeRateMissing } from './source';

/**
 * Money as files write it, exactly: an integer number of ten-thousandths of the currency unit. Doubles
 * hold it without error up to 900 thousand million units.
 */
export type Exact = number;

export const EXACT_PER_MINOR = 100;
const EXACT_PER_UNIT = 10_000;

const DECIMAL = /^-?\d{1,10}(\.\d{1,4})?$/;

/** The exact value of a decimal with at most four places; null when the text is something else. */
export const parseExact = (text: string): Exact | null =>
  DECIMAL.test(text) ? Math.round(Number(text) * EXACT_PER_UNIT) : null;

/** Minor units, half up: 0.005 is one penny, −0.005 is none. */
export const toMinor = (exact: Exact): number => Math.floor((exact + EXACT_PER_MINOR / 2) / EXACT_PER_MINOR);

/** Reads as currency units in groups of three with two places, or with more where the amount needs them: 9,747,747.934. */
export const showExact = (exact: Exact): string => {
  const sign = exact < 0 ? '-' : '';
  const size = Math.abs(exact);
  const units = Math.floor(size / EXACT_PER_UNIT)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
  const places = (size % EXACT_PER_UNIT).toString().padStart(4, '0');
  return `${sign}${units}.${places.replace(/0{1,2}$/, '')}`;
};

/** What an amount in the input's currency carries beside itself: the reporting amount, when the two currencies differ. */
export type ReportingAmount = (amountMinor: number) => { readonly reportingAmountMinor?: number };

/** Refused when the currencies differ and no rate is given: no amount could be reported (`domain.md §1`). */
export const reportingAmount = (
  currency: string,
  { reportingCurrency, exchangeRate }: CurrencyOptions,
): E.Either<ExchangeRateMissing, ReportingAmount> => {
  if (currency === reportingCurrency) return E.right(() => ({}));
  if (exchangeRate === undefined || !(exchangeRate > 0) || !Number.isFinite(exchangeRate)) {
    return E.left({
      code: 'ExchangeRateMissing',
      message: `The data is in ${currency} and the reporting currency is ${reportingCurrency}: activate a configuration with tenant.reportingCurrency ${currency}, or give a positive exchange rate`,
    });
  }
  return E.right((amountMinor) => ({ reportingAmountMinor: Math.round(amountMinor * exchangeRate) }));
};
