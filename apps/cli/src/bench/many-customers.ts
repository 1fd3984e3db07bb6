import { globalFactTypes } from '@afecto/domain';
import type { CloudEvent } from '../import';

/** Ids that belong to the tenant, not to one customer's story. */
const SHARED = new Set([
  'programId',
  'agentId',
  'responsibleAgentId',
  'segmentId',
  'propositionId',
  'campaignId',
  'competitorId',
]);

const renamed = (value: unknown, key: string | null, suffix: string): unknown => {
  if (Array.isArray(value)) return value.map((entry) => renamed(entry, key, suffix));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, renamed(field, name, suffix)]));
  const isId = key !== null && /Ids?$/.test(key) && !SHARED.has(key);
  return typeof value === 'string' && isId ? `${value}${suffix}` : value;
};

/**
 * The same histories again for other customers, in the order of time: a larger portfolio of the same
 * shape. Facts about all customers come once.
 */
export function* manyCustomers(facts: ReadonlyArray<CloudEvent>, copies: number): Generator<unknown> {
  for (const fact of facts)
    for (let copy = 0; copy < (globalFactTypes.has(fact.type) ? 1 : copies); copy++) {
      const suffix = copy === 0 ? '' : `-${copy}`;
      yield copy === 0
        ? fact
        : {
            ...fact,
            id: `${fact.id}${suffix}`,
            ...(fact.subject === undefined ? {} : { subject: `${fact.subject}${suffix}` }),
            data: renamed(fact.data, null, suffix),
          };
    }
}
