import { type Advanced, type Evidence, policyAt, type Regime } from '@afecto/domain';
import type { TallyEntry } from '@afecto/read-models';
import { contributeLifecycle } from '../lifecycle/figures';
import type { Contribute, Count } from './contribute';

/** Every report that is summed over customers. */
const contributors: ReadonlyArray<Contribute> = [contributeLifecycle];

/** What a customer adds to the figures of all, encoded as it is stored (`CustomerChange.tally`). */
export const tallyOf = (
  evidence: Evidence,
  { standing, evaluatedAt }: Pick<Advanced, 'standing' | 'evaluatedAt'>,
  regime: Regime,
): string => {
  // Nothing has happened yet: all its facts are dated ahead.
  if (evaluatedAt === Number.NEGATIVE_INFINITY) return '[]';
  const counts = new Map<string, Map<number, number>>();
  const count: Count = (key, bucket, by = 1) => {
    let buckets = counts.get(key);
    if (buckets === undefined) counts.set(key, (buckets = new Map()));
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + by);
  };
  const customer = { evidence, standing, policy: policyAt(regime, evaluatedAt), asOf: evaluatedAt };
  for (const contribute of contributors) contribute(customer, count);
  const entries: TallyEntry[] = [];
  for (const [key, buckets] of counts)
    for (const [bucket, many] of buckets) if (many !== 0) entries.push([key, bucket, many]);
  return JSON.stringify(entries);
};
