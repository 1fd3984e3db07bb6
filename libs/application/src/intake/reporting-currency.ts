import {
  type Fact,
  factFromStored,
  type Instant,
  isFactType,
  type NewFact,
  POLICY_STREAM,
  policyAt,
  type Regime,
  regimeOf,
} from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import type { Rejection } from './quarantine';

/** The currency that orders of an instant are reported in; null while no configuration was ever put in force. */
export type ReportingCurrencyAt = (at: Instant) => string | null;

/** Of before the first configuration it is the one in force now: histories are told after it. */
export const reportingCurrencyOf =
  (regime: Regime, now: () => Instant): ReportingCurrencyAt =>
  (at) => {
    const then = policyAt(regime, at).configuration;
    const { version, tenant } = then.version > 0 ? then : policyAt(regime, now()).configuration;
    return version > 0 ? tenant.reportingCurrency : null;
  };

/**
 * What is in force by the log as it is at each call, a configuration that was answered just before included: projections
 * have it a little later. What was read before is not read again.
 */
export const policiesFollowed = (store: Pick<EventStore, 'readStream'>): (() => Promise<Regime>) => {
  const facts: Fact[] = [];
  let next = 0;
  let regime = regimeOf(facts);
  return async () => {
    for await (const page of store.readStream(POLICY_STREAM, { from: next })) {
      // Another call may have read them meanwhile.
      const news = page.filter(({ revision }) => revision >= next);
      next = (news.at(-1)?.revision ?? next - 1) + 1;
      facts.push(...news.filter(({ type }) => isFactType(type)).map(factFromStored));
      if (news.length > 0) regime = regimeOf(facts);
    }
    return regime;
  };
};

/** Whether it depends on the reporting currency if a fact is taken in. */
export const needsReportingCurrency = (fact: NewFact): boolean =>
  fact.type === 'OrderPlaced' && fact.data.reportingAmountMinor === undefined;

/**
 * Why an order in another currency is not taken in: money of it must carry its amount in the reporting currency
 * (`domain.md §1`), or it would be added up as if it were of that. Null: it may come in.
 */
export const unreportable = (fact: NewFact, currencyAt: ReportingCurrencyAt): Rejection | null => {
  if (fact.type !== 'OrderPlaced' || !needsReportingCurrency(fact)) return null;
  const { currency } = fact.data;
  const reporting = currencyAt(fact.occurredAt);
  if (reporting === null || reporting === currency) return null;
  const message = `is missing; must be the total in ${reporting}, in which is reported: the order is in ${currency}`;
  return { code: 'ValidationFailed', errors: [{ path: '/data/reportingAmountMinor', message }] };
};
