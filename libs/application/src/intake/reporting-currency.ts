import { type Instant, type NewFact, policyAt, type Regime } from '@afecto/domain';
import type { Rejection } from './quarantine';

/** The currency that orders of an instant are reported in; null while no configuration was ever put in force. */
export type ReportingCurrencyAt = (at: Instant) => string | null;

/** Of before the first configuration it is the one in force now: histories are told after it. */
export const reportingCurrencyOf =
  (regime: () => Regime, now: () => Instant): ReportingCurrencyAt =>
  (at) => {
    const then = policyAt(regime(), at).configuration;
    const { version, tenant } = then.version > 0 ? then : policyAt(regime(), now()).configuration;
    return version > 0 ? tenant.reportingCurrency : null;
  };

/**
 * Why an order in another currency is not taken in: money of it must carry its amount in the reporting currency
 * (`domain.md §1`), or it would be added up as if it were of that. Null: it may come in.
 */
export const unreportable = (fact: NewFact, currencyAt: ReportingCurrencyAt): Rejection | null => {
  if (fact.type !== 'OrderPlaced' || fact.data.reportingAmountMinor !== undefined) return null;
  const { currency } = fact.data;
  const reporting = currencyAt(fact.occurredAt);
  if (reporting === null || reporting === currency) return null;
  const message = `is missing; must be the total in ${reporting}, in which is reported: the order is in ${currency}`;
  return { code: 'ValidationFailed', errors: [{ path: '/data/reportingAmountMinor', message }] };
};
