import {
  type ComplaintEvidence,
  type Evidence,
  type FailureEvidence,
  type Instant,
  type RequestEvidence,
  STAFF_CONDUCT,
} from '@afecto/domain';

export const lapseKinds = ['complaint', 'failure', 'answer'] as const;
/** A complaint, a service failure of conduct, or an answer that contradicts an earlier one (CX2). */
export type LapseKind = (typeof lapseKinds)[number];

/** What an agent can be trained for. */
export interface Lapse {
  readonly kind: LapseKind;
  /** Whose it is; null when nothing leads to an agent. */
  readonly agentId: string | null;
  /** What a training for it would be about: the category of the complaint, the topic of the contact. */
  readonly topic: string;
  readonly at: Instant;
}

/** Who stands behind the events and requests of a customer. */
class Agents {
  readonly #byContact = new Map<string, string>();

  constructor(private readonly evidence: Evidence) {
    for (const { eventId, agentId } of evidence.interactions)
      if (agentId !== null) this.#byContact.set(eventId, agentId);
  }

  /** The agent of a contact, of work on an item, or of a request that was opened or solved by that event. */
  ofEvent(eventId: string | null, until: Instant): string | null {
    if (eventId === null) return null;
    const known = this.#byContact.get(eventId);
    if (known !== undefined) return known;
    for (const { acts } of this.evidence.workItems.values())
      for (const act of acts) if (act.eventId === eventId) return act.agentId;
    for (const request of this.evidence.requests.values())
      if (request.eventId === eventId || request.resolvedEventId === eventId) return this.#ofRequest(request, until);
    return null;
  }

  /**
   * Who had spoken with the customer about a request last by then, else who recorded it. Contacts in which
   * the customer complains are left out: who hears of it is not who did it.
   */
  #ofRequest({ requestId, recorded }: RequestEvidence, until: Instant): string | null {
    const last = this.evidence.interactions.findLast(
      (contact) =>
        contact.requestId === requestId &&
        contact.agentId !== null &&
        contact.at <= until &&
        contact.complaintId === null &&
        contact.purpose !== 'complaint',
    );
    return last?.agentId ?? (recorded?.by === 'agent' ? recorded.id : null);
  }

  /** Of the event that it is about (of a failure: of what caused that), else of its request. */
  ofComplaint({ aboutEventId, requestId }: ComplaintEvidence, receivedAt: Instant): string | null {
    const failure =
      aboutEventId === null ? undefined : this.evidence.failures.find(({ eventId }) => eventId === aboutEventId);
    const byEvent = this.ofEvent(failure === undefined ? aboutEventId : failure.causationId, receivedAt);
    if (byEvent !== null) return byEvent;
    const request = requestId === null ? undefined : this.evidence.requests.get(requestId);
    return request === undefined ? null : this.#ofRequest(request, receivedAt);
  }
}

const isConduct = ({ category }: ComplaintEvidence): boolean => category === STAFF_CONDUCT;

/** A failure that a complaint of conduct tells of, or that was found through one, is that complaint. */
const isComplainedOf = ({ eventId, causationId }: FailureEvidence, { complaints }: Evidence): boolean => {
  for (const complaint of complaints.values())
    if (
      isConduct(complaint) &&
      complaint.receivedAt !== null &&
      (complaint.aboutEventId === eventId || (complaint.eventId !== null && complaint.eventId === causationId))
    )
      return true;
  return false;
};

/**
 * Complaints, failures of conduct and wrong answers of a customer, each with the agent that it leads to
 * (`domain.md §18`, 105). A complaint names an agent by the contact or the request that it is about, a failure
 * by the contact that caused it, a wrong answer by the contact in which it was given.
 */
export const lapsesOf = (evidence: Evidence): ReadonlyArray<Lapse> => {
  const { complaints, failures, inconsistencies } = evidence;
  const isAny =
    complaints.size > 0 ||
    failures.some(({ kind }) => kind === 'conduct') ||
    inconsistencies.some(({ rule }) => rule === 'CX2');
  if (!isAny) return none;
  const agents = new Agents(evidence);
  const lapses: Lapse[] = [];
  for (const complaint of complaints.values()) {
    const { receivedAt, category } = complaint;
    if (receivedAt === null) continue;
    const agentId = agents.ofComplaint(complaint, receivedAt);
    lapses.push({ kind: 'complaint', agentId, topic: category ?? '', at: receivedAt });
  }
  for (const failure of failures) {
    const { kind, causationId, at } = failure;
    if (kind !== 'conduct' || isComplainedOf(failure, evidence)) continue;
    lapses.push({ kind: 'failure', agentId: agents.ofEvent(causationId, at), topic: STAFF_CONDUCT, at });
  }
  for (const { rule, eventId, about, at } of inconsistencies)
    if (rule === 'CX2')
      lapses.push({ kind: 'answer', agentId: agents.ofEvent(eventId, at), topic: about[0] ?? '', at });
  return lapses;
};

const none: ReadonlyArray<Lapse> = [];
