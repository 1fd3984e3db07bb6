import type { Evidence } from '../customer/evidence';
import type { Instant } from '../time/calendar';

/** An objection or restriction stops zone, tier and queues from its instant on (`domain.md §17.6`, §17.7). */
export const isProfilingStopped = (evidence: Evidence, asOf: Instant): boolean =>
  evidence.person.objections.length > 0 && evidence.person.objections.some(({ at }) => at <= asOf);
