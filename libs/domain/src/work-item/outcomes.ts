import type { QueueId } from '../customer/standing';
import type { Fact } from '../facts/envelope';
import type { Configuration } from '../policy/configuration';

/** How an item of each queue can end (`domain.md §11.3`, Outcomes). */
export const outcomesOf = {
  Q1: ['recovered', 'not_recovered', 'apologised', 'unreachable'],
  Q2: ['won_back', 'declined', 'no_response', 'do_not_contact'],
  Q3: ['interested', 'not_interested', 'no_response', 'wrong_contact'],
  Q4: ['converted', 'lost', 'disqualified', 'nurture'],
  Q5: ['welcomed', 'profiled', 'unreachable', 'refused_contact'],
  Q6: ['delivered', 'rescheduled_with_agreement', 'failed', 'duplicate'],
  Q7: ['saved', 'offer_made', 'needs_changed', 'leaving', 'unreachable'],
  Q8: ['accepted', 'declined', 'postponed', 'referral_given'],
} as const satisfies Readonly<Record<QueueId, ReadonlyArray<string>>>;

export const isOutcomeOf = (queue: QueueId, outcome: string): boolean =>
  (outcomesOf[queue] as ReadonlyArray<string>).includes(outcome);

/** Reactive items answer somebody who is waiting (`domain.md §11.1`). */
export const reactiveQueues: ReadonlySet<QueueId> = new Set<QueueId>(['Q1', 'Q4', 'Q6']);

const isRecovery = (fact: Fact, { complaints }: Configuration): boolean =>
  fact.type === 'ComplaintFollowedUp' && (fact.data.verdict ?? 0) >= complaints.recoveredFrom;

const isSale = (fact: Fact): boolean =>
  fact.type === 'OrderPlaced' || (fact.type === 'OfferAnswered' && fact.data.answer === 'accepted');

export interface EvidenceRule {
  readonly what: string;
  readonly proves: (fact: Fact, configuration: Configuration) => boolean;
}

const sale: EvidenceRule = { what: 'an order or an accepted offer', proves: isSale };

/** Outcomes that must be proved by an event (`domain.md §15`, CompleteWorkItem). */
export const evidenceFor: Readonly<Partial<Record<string, EvidenceRule>>> = {
  recovered: { what: 'a follow-up of the complaint that found it recovered', proves: isRecovery },
  won_back: sale,
  converted: sale,
  accepted: sale,
};
