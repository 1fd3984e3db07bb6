import {
  breachesOf,
  type CustomerState,
  currentResolution,
  customerClock,
  escalationDue,
  escalationInstants,
  type Json,
  keptInformed,
  longestSilenceMs,
  matterContactsOf,
  type MatterContacts,
  type RequestEvidence,
  slaClock,
  slaDue,
} from '@afecto/domain';
import type { PartyView } from '../figures/definition';
import { isoOrNull } from '../iso';
import { judgedRequest } from './judged-request';

const shown = (
  request: RequestEvidence,
  contacts: MatterContacts,
  { evidence, policy: { configuration }, asOf }: CustomerState,
): Json => {
  const { serviceClass, judgement, marks } = judgedRequest(request, contacts, configuration, asOf);
  const resolvedAt = currentResolution(request);
  const isPaused = resolvedAt === null && request.pauses.at(-1)?.to === null;
  const instants = escalationInstants(request, configuration);
  const { violations, silentSince } = keptInformed(request, evidence, configuration);
  return {
    requestId: request.requestId,
    class: serviceClass,
    channel: request.channel,
    category: request.category,
    state: resolvedAt !== null ? 'solved' : isPaused ? 'paused' : 'open',
    openedAt: isoOrNull(request.openedAt),
    agreedDueAt: isoOrNull(request.agreedDueAt),
    dueAt: isoOrNull(slaDue(request, configuration)),
    solvedAt: isoOrNull(resolvedAt),
    reopenedAt: isoOrNull(request.reopenedAt),
    customerClockMs: customerClock(request, asOf),
    slaClockMs: slaClock(request, configuration, asOf),
    serviceLevel: judgement,
    breachedAt: isoOrNull(breachesOf(request, configuration, asOf)[0]?.at ?? null),
    escalation: {
      level: request.escalations.at(-1)?.level ?? 0,
      due: escalationDue(request, configuration, asOf),
      reminderAt: isoOrNull(instants?.reminder ?? null),
      supervisorAt: isoOrNull(instants?.supervisor ?? null),
      managerAt: isoOrNull(instants?.manager ?? null),
    },
    keptInformed: {
      violations,
      silentSince: isoOrNull(silentSince),
      isTooLong: silentSince !== null && asOf - silentSince > longestSilenceMs(request, configuration),
    },
    marks: [...marks],
  };
};

/** PR10 of one customer: every request with both clocks (`domain.md §10.4`), the newest first. */
export const serviceLevelView: PartyView = {
  code: 'PR10',
  name: 'service-levels',
  title: 'Every request with both clocks, due, breach and the escalation that is due',
  read: async (customer) => {
    const contacts = matterContactsOf(customer.evidence);
    return {
      requests: [...customer.evidence.requests.values()]
        .filter(({ openedAt }) => openedAt !== null)
        .sort((a, b) => (b.openedAt ?? 0) - (a.openedAt ?? 0) || (a.requestId < b.requestId ? -1 : 1))
        .map((request) => shown(request, contacts, customer)),
    };
  },
};
