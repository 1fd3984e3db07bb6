import type { PartyView } from '../figures/definition';
import { isoOrNull } from '../iso';
import { consentStop, effectiveConsents, serviceIsPermitted } from './effective-consent';

/** PR17 of one customer: what it may be contacted for, its requests as data subject, what of it is erased. */
export const consentView: PartyView = {
  code: 'PR17',
  name: 'consent',
  title: 'What is permitted for each purpose and channel, and the requests of the data subject',
  read: async ({ evidence, asOf }) => ({
    stop: consentStop(evidence, asOf),
    withoutConsent: {
      contract: serviceIsPermitted(evidence, asOf),
      service: serviceIsPermitted(evidence, asOf),
    },
    matrix: effectiveConsents(evidence, asOf).map((cell) => ({ ...cell, decidedAt: isoOrNull(cell.decidedAt) })),
    objections: evidence.person.objections.map(({ kind, at }) => ({ kind, at: isoOrNull(at) })),
    requests: evidence.person.dataSubjectRequests.map(({ dsrId, kind, receivedAt, dueAt, closedAt, outcome }) => ({
      dsrId,
      kind,
      receivedAt: isoOrNull(receivedAt),
      dueAt: isoOrNull(dueAt),
      closedAt: isoOrNull(closedAt),
      outcome,
      overdue: (closedAt ?? asOf) > dueAt,
    })),
    policyViolations: evidence.policyViolations.map(({ at, ...contact }) => ({ ...contact, at: isoOrNull(at) })),
    erasedAt: isoOrNull(evidence.person.erasedAt),
    contentErasedAt: isoOrNull(evidence.person.contentErasedAt),
  }),
};
