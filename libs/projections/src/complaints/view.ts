import { complaintStep, type CustomerState, type Json } from '@afecto/domain';
import type { PartyView } from '../figures/definition';
import { isoOrNull } from '../iso';
import {
  isReceived,
  judgedRound,
  type ReceivedComplaint,
  recoveryOf,
  complaintRoundsOf,
  stageOf,
  type Step,
} from './judged-complaint';

const shownStep = ({ dueAt, doneAt }: Step, asOf: number): Json => ({
  dueAt: isoOrNull(dueAt),
  doneAt: isoOrNull(doneAt),
  inTarget: doneAt === null ? (asOf >= dueAt ? false : null) : doneAt <= dueAt,
});

const shown = (complaint: ReceivedComplaint, { policy: { configuration }, asOf }: CustomerState): Json => {
  const round = judgedRound(complaint, complaint, configuration);
  const followUps = complaintRoundsOf(complaint).flatMap((each) => each.followUps);
  const stage = stageOf(complaint, configuration);
  const step = stage === 'closed' ? null : complaintStep(complaint, configuration);
  return {
    complaintId: complaint.complaintId,
    category: complaint.category,
    channel: complaint.channel,
    severity: complaint.severity,
    requestId: complaint.requestId,
    receivedAt: isoOrNull(complaint.receivedAt),
    state: stage,
    nextStep: step === null ? null : { step: step.step, dueAt: isoOrNull(step.dueAt), isOverdue: asOf >= step.dueAt },
    responsibleAgentId: complaint.responsibleAgentId,
    acknowledge: shownStep(round.acknowledge, asOf),
    resolve: shownStep(round.resolve, asOf),
    followUp: round.followUp === null ? null : shownStep(round.followUp, asOf),
    decision: complaint.decision,
    rootCause: complaint.rootCause,
    verdict: complaint.verdict,
    recovery: recoveryOf(complaint, configuration),
    followUps: followUps.length,
    lastFollowUpAt: isoOrNull(followUps.at(-1)?.at ?? null),
    unreachableAttempts: complaint.unreachableAttempts,
    reopenCount: complaint.earlier.length,
    reopenedAt: isoOrNull(complaint.reopenedAt),
    compensationMinor: complaint.compensations.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    compensations: complaint.compensations.map(({ at, kind, amountMinor, justice }) => ({
      at: isoOrNull(at),
      kind,
      amountMinor,
      justice,
    })),
  };
};

/** PR11 of one customer: every complaint and where its recovery stands (`domain.md §9.3`), the newest first. */
export const complaintView: PartyView = {
  code: 'PR11',
  name: 'complaints',
  title: 'Every complaint with its state, the steps and their due instants, compensation and follow-ups',
  read: async (customer) => ({
    complaints: [...customer.evidence.complaints.values()]
      .filter(isReceived)
      .sort((a, b) => b.receivedAt - a.receivedAt || (a.complaintId < b.complaintId ? -1 : 1))
      .map((complaint) => shown(complaint, customer)),
  }),
};
