import type { Instant } from '../time/calendar';
import type { Configuration } from './configuration';

/** What holds for a matter from when it came to when it ends. */
type Section = 'service' | 'complaints' | 'queues';

/** What was in force before a configuration with other terms of service came, and when that came. */
export type FormerTerms = Pick<Configuration, Section> & {
  readonly until: Instant;
  readonly former?: FormerTerms;
};

/** By what requests, complaints and what was done with work are judged, with the terms from before if there were others. */
export type Terms = Pick<Configuration, Section | 'former'>;

/**
 * The terms under which a request, a complaint, an enquiry, a welcome or a failure is served to its end, and an outcome
 * stated by an agent is read: those in force when it came (`domain.md §12.1`: a configuration changes decisions only
 * from its date). Before it is known when that was, those of today.
 */
export const termsAt = (configuration: Terms, receivedAt: Instant | null): Terms => {
  let terms = configuration;
  if (receivedAt === null) return terms;
  while (terms.former !== undefined && receivedAt < terms.former.until) terms = terms.former;
  return terms;
};

/** Documents do not change, and a regime is folded anew for every question about the past. */
const texts = new WeakMap<object, string>();

const textOf = (section: object): string => {
  const known = texts.get(section);
  if (known !== undefined) return known;
  const text = JSON.stringify(section);
  texts.set(section, text);
  return text;
};

const isSame = (one: object, other: object): boolean => one === other || textOf(one) === textOf(other);

/** What a configuration that comes into force at `from` has to remember of the one before it. */
export const formerTermsOf = (
  next: Pick<Terms, Section>,
  { service, complaints, queues, former }: Terms,
  from: Instant,
): Pick<Terms, 'former'> => {
  const known = former === undefined ? {} : { former };
  if (isSame(next.service, service) && isSame(next.complaints, complaints) && isSame(next.queues, queues)) return known;
  return { former: { until: from, service, complaints, queues, ...known } };
};
