import type { Instant } from '../time/calendar';
import type { Configuration } from './configuration';

/** What was in force before a configuration with other terms of service came, and when that came. */
export type FormerTerms = Pick<Configuration, 'service' | 'complaints'> & {
  readonly until: Instant;
  readonly former?: FormerTerms;
};

/** By what requests and complaints are judged, with those from before if there were others. */
export type Terms = Pick<Configuration, 'service' | 'complaints' | 'former'>;

/**
 * The terms under which a request or a complaint is served to its end: those in force when it was received
 * (`domain.md §12.1`: a configuration changes decisions only from its date). Before it is known when that was,
 * those of today.
 */
export const termsAt = (configuration: Terms, receivedAt: Instant | null): Terms => {
  let terms = configuration;
  if (receivedAt === null) return terms;
  while (terms.former !== undefined && receivedAt < terms.former.until) terms = terms.former;
  return terms;
};

const isSame = (one: unknown, other: unknown): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

/** What a configuration that comes into force at `from` has to remember of the one before it. */
export const formerTermsOf = (
  next: Pick<Terms, 'service' | 'complaints'>,
  { service, complaints, former }: Terms,
  from: Instant,
): Pick<Terms, 'former'> => {
  if (isSame(next.service, service) && isSame(next.complaints, complaints))
    return former === undefined ? {} : { former };
  return { former: { until: from, service, complaints, ...(former === undefined ? {} : { former }) } };
};
