import type { Evidence } from '../customer/evidence';
import type { Instant } from '../time/calendar';
import { isReceived } from './recovery';

export interface Impulse {
  /** From when it fades; null while it does not (a complaint open or not recovered). */
  readonly fadesFrom: Instant | null;
  /** Before fading. */
  readonly base: number;
  /** A kept promise: their sum has a cap of its own. */
  readonly kept: boolean;
  readonly eventId: string;
  readonly type: string;
  readonly occurredAt: Instant;
  readonly note: string;
}

/** What a complaint refers to is dropped: the complaint stands for it (`domain.md §7.3 B`). */
export interface Complained {
  readonly events: ReadonlySet<string>;
  readonly requests: ReadonlySet<string>;
}

const nothing: ReadonlySet<string> = new Set();

export const complainedAbout = (evidence: Evidence): Complained => {
  if (evidence.complaints.size === 0) return { events: nothing, requests: nothing };
  const events = new Set<string>();
  const requests = new Set<string>();
  for (const complaint of evidence.complaints.values()) {
    if (!isReceived(complaint)) continue;
    if (complaint.aboutEventId !== null) events.add(complaint.aboutEventId);
    if (complaint.requestId !== null) requests.add(complaint.requestId);
  }
  return { events, requests };
};

export const refersTo = ({ events }: Complained, ...eventIds: ReadonlyArray<string | null>): boolean =>
  events.size > 0 && eventIds.some((eventId) => eventId !== null && events.has(eventId));
