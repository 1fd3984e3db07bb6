import type { FactOf } from '../facts/envelope';
import { grantForComplaint } from './evolve-complaints';
import { instantIn, type MutableEvidence } from './mutable-evidence';

export const evolveCostToServeRecorded = (
  { members, costs }: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'CostToServeRecorded'>,
): void => {
  if (members.has(data.partyId))
    costs.push({ eventId, at: occurredAt, kind: 'cost_to_serve', amountMinor: data.amountMinor });
};

export const evolveCompensationGranted = (evidence: MutableEvidence, fact: FactOf<'CompensationGranted'>): void => {
  const { data, occurredAt, eventId } = fact;
  if (data.partyId !== undefined && !evidence.members.has(data.partyId)) return;
  evidence.costs.push({ eventId, at: occurredAt, kind: 'compensation', amountMinor: data.amountMinor });
  grantForComplaint(evidence, fact);
};

export const evolveRetentionMeasureTaken = (
  { members, costs, retentionMeasures }: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'RetentionMeasureTaken'>,
): void => {
  if (!members.has(data.partyId)) return;
  const { kind, measure, triggerEventId, costMinor } = data;
  costs.push({ eventId, at: occurredAt, kind: 'retention', amountMinor: costMinor });
  retentionMeasures.push({ eventId, at: occurredAt, kind, measure, triggerEventId, costMinor });
};

/** `withdrawn: true` closes all notices before it and is none itself. */
export const evolveDefectionNoticeReceived = (
  { members, defectionNotices }: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'DefectionNoticeReceived'>,
): void => {
  if (!members.has(data.partyId)) return;
  if (data.withdrawn === true) {
    for (const notice of defectionNotices) notice.withdrawnAt ??= occurredAt;
    return;
  }
  defectionNotices.push({
    eventId,
    at: occurredAt,
    effectiveAt: instantIn(data.effectiveAt, occurredAt),
    reasonCodes: data.reasonCodes,
    competitorId: data.competitorId ?? null,
    withdrawnAt: null,
  });
};

export const evolveDefectionDiagnosed = (
  { members, diagnoses }: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'DefectionDiagnosed'>,
): void => {
  const { partyId, reasonCodes, competitorId = null } = data;
  if (members.has(partyId)) diagnoses.push({ at: occurredAt, eventId, reasonCodes, competitorId });
};
