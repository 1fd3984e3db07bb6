import type { QueueId, WorkItem } from '../customer/standing';
import type { Fact } from '../facts/envelope';
import type { Configuration } from '../policy/configuration';
import { complaintOf } from '../queues/manage-dissatisfaction';

/** How an item of each queue can end (`domain.md §11.3`, Outcomes); what follows is in the rules of the queues. */
export const outcomesOf: Readonly<Record<QueueId, ReadonlyArray<string>>> = {
  Q1: ['recovered', 'not_recovered', 'apologised', 'unreachable'],
  Q2: ['won_back', 'declined', 'no_response', 'do_not_contact'],
  Q3: ['interested', 'not_interested', 'no_response', 'wrong_contact'],
  Q4: ['converted', 'lost', 'disqualified', 'nurture'],
  Q5: ['welcomed', 'profiled', 'unreachable', 'refused_contact'],
  Q6: ['delivered', 'rescheduled_with_agreement', 'failed', 'duplicate'],
  Q7: ['saved', 'offer_made', 'needs_changed', 'leaving', 'unreachable'],
  Q8: ['accepted', 'declined', 'postponed', 'referral_given'],
};

/** Of the complaint that the item is about; what a call back or a personal contact recovered has none of its own. */
const isRecovery = (fact: Fact, { complaints }: Configuration, item: WorkItem): boolean => {
  if (fact.type !== 'ComplaintFollowedUp' || (fact.data.verdict ?? 0) < complaints.recoveredFrom) return false;
  const complaintId = complaintOf(item);
  return complaintId === null || fact.data.complaintId === complaintId;
};

/** What the work on the item led to: nothing that was bought or answered before it began. */
const isSale = (fact: Fact, _: Configuration, { enteredAt }: WorkItem): boolean =>
  fact.occurredAt >= enteredAt &&
  (fact.type === 'OrderPlaced' || (fact.type === 'OfferAnswered' && fact.data.answer === 'accepted'));

export interface EvidenceRule {
  readonly what: string;
  readonly proves: (fact: Fact, configuration: Configuration, item: WorkItem) => boolean;
}

const sale: EvidenceRule = { what: 'an order or an accepted offer since the item opened', proves: isSale };

const evidenceRules: ReadonlyMap<string, EvidenceRule> = new Map([
  ['recovered', { what: 'a follow-up of the complaint that found it recovered', proves: isRecovery }],
  ['won_back', sale],
  ['converted', sale],
  ['accepted', sale],
]);

/** What must prove an outcome (`domain.md §15`, CompleteWorkItem); null when the agent's word is enough. */
export const evidenceFor = (outcome: string): EvidenceRule | null => evidenceRules.get(outcome) ?? null;
