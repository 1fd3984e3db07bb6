import type { NextChange } from '../customer/standing';
import { type Instant, NEVER } from '../time/calendar';

/** Keeps the earliest deadline and the earliest crossing strictly later than `asOf`. */
export class Soonest {
  private deadline: Instant = NEVER;
  private crossing: Instant = NEVER;

  constructor(private readonly asOf: Instant) {}

  /** An exact instant set by facts. */
  atDeadline(at: Instant): void {
    if (at > this.asOf && at < this.deadline) this.deadline = at;
  }

  /** An instant before which a condition cannot change; noticed at the first day boundary at or after it. */
  atCrossing(at: Instant): void {
    if (at > this.asOf && at < this.crossing) this.crossing = at;
  }

  change(): NextChange {
    return { deadline: this.deadline, crossing: this.crossing };
  }
}
