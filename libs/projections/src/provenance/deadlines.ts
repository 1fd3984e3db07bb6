import { calendarOf, type CustomerState, DAY_MS, type Instant } from '@afecto/domain';

/** Names found are enough of an answer at so many. */
const MOST_NAMES = 5;
const HOUR_MS = 3_600_000;

/**
 * What ends at an instant at which nothing happened, in words: what is known of the customer that names
 * this very instant or the one before it (terms are inclusive), e.g. `promises p-1 dueAt`; else what a
 * term of the configuration in days or hours was counted from, e.g. `365 days after orders o-1 placedAt`.
 * At a day boundary of the tenant, without a term that ends there, a limit was crossed on the day before
 * (`domain.md §1`). Empty when the term follows from several numbers.
 */
export const deadlinesAt = (
  { evidence, standing, policy: { configuration } }: Pick<CustomerState, 'evidence' | 'standing' | 'policy'>,
  at: Instant,
): ReadonlyArray<string> => {
  const open = standing.items.filter(({ state }) => state !== 'closed');
  const exact = namesIn({ ...evidence, items: open }, (value, name) =>
    value === at || value === at - 1 ? name : null,
  );
  if (exact.length > 0) return exact;
  if (calendarOf(configuration.tenant.timeZone).ceilDay(at) === at)
    return ['a limit was crossed, which is judged at the day boundary'];
  const terms = termsIn(configuration);
  return namesIn(evidence, (value, name) => {
    const term = terms.get(at - value) ?? terms.get(at - 1 - value);
    return term === undefined ? null : `${term} after ${name}`;
  });
};

/** Every term of a configuration, by its length in milliseconds. */
const termsIn = (configuration: unknown, terms = new Map<number, string>()): ReadonlyMap<number, string> => {
  if (typeof configuration !== 'object' || configuration === null) return terms;
  for (const [name, value] of Object.entries(configuration))
    if (typeof value !== 'number') termsIn(value, terms);
    else if (/Days$/.test(name)) terms.set(value * DAY_MS, `${value} days`);
    else if (/Hours/.test(name)) terms.set(value * HOUR_MS, `${value} hours`);
  return terms;
};

const namesIn = (known: unknown, nameOf: (value: Instant, name: string) => string | null): ReadonlyArray<string> => {
  const names = new Set<string>();
  const search = (value: unknown, path: ReadonlyArray<string>): void => {
    if (names.size >= MOST_NAMES) return;
    if (typeof value === 'number') {
      if (!NAMES_AN_INSTANT.test(path.at(-1) ?? '')) return;
      const name = nameOf(value, path.join(' '));
      if (name !== null) names.add(name);
    } else if (value instanceof Map) for (const [key, entry] of value) search(entry, [...path, String(key)]);
    else if (value instanceof Set || Array.isArray(value))
      for (const entry of value) search(entry, [...path, ...identityOf(entry)]);
    else if (typeof value === 'object' && value !== null)
      for (const [key, entry] of Object.entries(value)) if (!UNTIMED.has(key)) search(entry, [...path, key]);
  };
  search(known, []);
  return [...names];
};

const NAMES_AN_INSTANT = /^(at|from|to)$|(At|By|From|To|Before|Since|Until)$/;

/** Parts that hold no instant, or one that says nothing about the customer or says it again. */
const UNTIMED: ReadonlySet<string> = new Set([
  'configuration',
  'touched',
  'changes',
  'lastFactAt',
  'keeping',
  'placedOrders',
  'orderDays',
]);

const identityOf = (entry: unknown): ReadonlyArray<string> => {
  if (typeof entry !== 'object' || entry === null) return [];
  for (const [key, value] of Object.entries(entry))
    if (typeof value === 'string' && key.endsWith('Id') && key !== 'partyId') return [value];
  return [];
};
