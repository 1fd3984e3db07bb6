import type { ComplaintEvidence, Evidence, Recorded, RequestEvidence } from '@afecto/domain';

/**
 * What stands behind a request or a complaint (`domain.md §10.10`): a contact that was recorded, a system
 * (also one through which customers speak for themselves), or nothing. Nothing is an orphan.
 */
export type Origin = 'contact' | 'system' | 'none';

export type Matter = 'request' | 'complaint';

/** A request or a complaint whose first fact is known. */
export interface RecordedMatter {
  readonly matter: Matter;
  readonly id: string;
  readonly eventId: string;
  readonly at: number;
  readonly channel: string;
  readonly recorded: Recorded;
}

const requestOf = ({ requestId, eventId, openedAt, channel, recorded }: RequestEvidence): RecordedMatter | null =>
  eventId === null || openedAt === null || channel === null || recorded === null
    ? null
    : { matter: 'request', id: requestId, eventId, at: openedAt, channel, recorded };

const complaintOf = (complaint: ComplaintEvidence): RecordedMatter | null => {
  const { complaintId, eventId, receivedAt, channel, recorded } = complaint;
  return eventId === null || receivedAt === null || channel === null || recorded === null
    ? null
    : { matter: 'complaint', id: complaintId, eventId, at: receivedAt, channel, recorded };
};

/** Requests and complaints of a customer, in the order in which they were heard of. */
export const mattersOf = ({ requests, complaints }: Evidence): ReadonlyArray<RecordedMatter> => {
  if (requests.size === 0 && complaints.size === 0) return none;
  const matters: RecordedMatter[] = [];
  for (const request of requests.values()) {
    const matter = requestOf(request);
    if (matter !== null) matters.push(matter);
  }
  for (const complaint of complaints.values()) {
    const matter = complaintOf(complaint);
    if (matter !== null) matters.push(matter);
  }
  return matters;
};

const none: ReadonlyArray<RecordedMatter> = [];

/**
 * Where each matter comes from. A contact is behind it when one names it, or when the events that caused
 * it lead to one; what a system recorded, or the customer alone, needs none.
 */
export const originsOf = (
  { interactions }: Evidence,
  matters: ReadonlyArray<RecordedMatter>,
): ReadonlyMap<RecordedMatter, Origin> => {
  const origins = new Map<RecordedMatter, Origin>();
  if (matters.every(({ recorded }) => recorded.by !== 'agent')) {
    for (const matter of matters) origins.set(matter, 'system');
    return origins;
  }
  const named = new Set<string>();
  const contacts = new Set<string>();
  for (const { eventId, requestId, complaintId } of interactions) {
    contacts.add(eventId);
    if (requestId !== null) named.add(`request ${requestId}`);
    if (complaintId !== null) named.add(`complaint ${complaintId}`);
  }
  const byEvent = new Map(matters.map((matter) => [matter.eventId, matter]));
  const originOf = (start: RecordedMatter): Origin => {
    const seen = new Set<string>();
    for (let matter: RecordedMatter | undefined = start; matter !== undefined && !seen.has(matter.eventId);) {
      if (matter.recorded.by !== 'agent') return 'system';
      const { causationId }: Recorded = matter.recorded;
      if (named.has(`${matter.matter} ${matter.id}`)) return 'contact';
      if (causationId !== null && contacts.has(causationId)) return 'contact';
      seen.add(matter.eventId);
      matter = causationId === null ? undefined : byEvent.get(causationId);
    }
    return 'none';
  };
  for (const matter of matters) origins.set(matter, originOf(matter));
  return origins;
};
