import type { QueueId } from '../customer/standing';
import type { Fact } from '../facts/envelope';
import type { Configuration } from '../policy/configuration';

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

const isRecovery = (fact: Fact, { complaints }: Configuration): boolean =>
  fact.type === 'ComplaintFollowedUp' && (fact.data.verdict ?? 0) >= complaints.recoveredFrom;

const isSale = (fact: Fact): boolean =>
  fact.type === 'OrderPlaced' || (fact.type === 'OfferAnswered' && fact.data.answer === 'accepted');

export interface EvidenceRule {
  readonly what: string;
  readonly proves: (fact: Fact, configuration: Configuration) => boolean;
}

const sale: EvidenceRule = { what: 'an order or an accepted offer', proves: isSale };

const evidenceRules: ReadonlyMap<string, EvidenceRule> = new Map([
  ['recovered', { what: 'a follow-up of the complaint that found it recovered', proves: isRecovery }],
  ['won_back', sale],
  ['converted', sale],
  ['accepted', sale],
]);

/** What must prove an outcome (`domain.md §15`, CompleteWorkItem); null when the agent's word is enough. */
export const evidenceFor = (outcome: string): EvidenceRule | null => evidenceRules.get(outcome) ?? null;
