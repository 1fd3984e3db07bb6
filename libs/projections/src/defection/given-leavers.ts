import type { Fact, FactData } from '@afecto/domain';
import { isoDaysAgo, said } from '../tally/given-customers';

let made = 0;

/** Facts of customers who may leave, so many days before the end of a test history. */
export const notice = (partyId: string, ago: number, given: Partial<FactData['DefectionNoticeReceived']> = {}): Fact =>
  said('DefectionNoticeReceived', ago, {
    partyId,
    effectiveAt: isoDaysAgo(ago),
    reasonCodes: [],
    channel: 'phone',
    ...given,
  });
export const diagnosed = (
  partyId: string,
  ago: number,
  ...reasonCodes: FactData['DefectionDiagnosed']['reasonCodes']
): Fact => said('DefectionDiagnosed', ago, { partyId, reasonCodes, controllable: true });
export const complaint = (partyId: string, ago: number, complaintId?: string): Fact => {
  made += 1;
  return said('ComplaintReceived', ago, {
    complaintId: complaintId ?? `c${made}`,
    partyId,
    channel: 'phone',
    category: 'billing',
    severity: 2,
  });
};
export const followedUp = (complaintId: string, ago: number, verdict: number): Fact =>
  said('ComplaintFollowedUp', ago, { complaintId, verdict, attempt: 1 }, 'p1');
export const acknowledged = (complaintId: string, ago: number): Fact =>
  said('ComplaintAcknowledged', ago, { complaintId, responsibleAgentId: 'a', resolveBy: isoDaysAgo(ago - 1) }, 'p1');
/** A solution for p1, and what it said of that. */
export const solved = (complaintId: string, ago: number, verdict: number, verdictAgo: number): ReadonlyArray<Fact> => {
  const solution = { decision: 'upheld', rootCause: 'tariff', immediate: false, resolvedAt: isoDaysAgo(ago) } as const;
  return [
    said('ComplaintResolved', ago, { complaintId, ...solution }, 'p1'),
    followedUp(complaintId, verdictAgo, verdict),
  ];
};
export const measure = (partyId: string, ago: number, costMinor: number): Fact =>
  said('RetentionMeasureTaken', ago, {
    partyId,
    kind: 'reactive',
    measure: 'save_call',
    triggerEventId: 'f1',
    costMinor,
  });
