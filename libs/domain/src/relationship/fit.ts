import type { Evidence } from '../customer/evidence';
import type { Policy } from '../policy/regime';
import type { Instant } from '../time/calendar';
import { needsAt } from './needs';

/**
 * Fit 0..100: share of the stated needs that our capabilities meet; null without stated needs
 * (`domain.md §6.6`). Needs are compared by their key: the value is personal and may be erased.
 */
export const fitOf = (evidence: Evidence, policy: Policy, asOf: Instant): number | null => {
  const needs = needsAt(evidence, asOf, 'stated');
  if (needs.size === 0) return null;
  const { capabilities } = policy.configuration;
  let met = 0;
  for (const need of needs) if (capabilities.includes(need)) met += 1;
  return (100 * met) / needs.size;
};
