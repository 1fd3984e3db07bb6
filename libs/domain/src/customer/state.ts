import type { Policy } from '../policy/regime';
import type { Instant } from '../time/calendar';
import type { Evidence } from './evidence';
import type { Standing } from './standing';

/** One customer at one instant: what is known, what was decided, and under which policy. */
export interface CustomerState {
  readonly evidence: Evidence;
  readonly standing: Standing;
  readonly policy: Policy;
  readonly asOf: Instant;
}
