import type { WorkItemEvidence } from '../customer/evidence';
import type { WorkItem } from '../customer/standing';
import { termsAt } from '../policy/terms';
import type { Instant } from '../time/calendar';
import { closes, type QueueContext, type QueueRule } from './rule';

/** What agents did with an item, all acts taken together. */
interface Worked {
  readonly claimedBy: WorkItem['claimedBy'];
  readonly firstActionAt: Instant | null;
  /** The latest snooze or retry of the present round; -Infinity without any. */
  readonly notBefore: Instant;
  readonly attempts: number;
  readonly outcome: { readonly at: Instant; readonly outcome: string; readonly eventId: string } | null;
}

/**
 * Folds the stored acts of one item up to `asOf` (`domain.md §11.2`, §11.3 outcomes). An act that
 * closes the item ends the fold; a lease ends at its exact instant as if the item had been released
 * (§11.6). The result depends on the acts and the round alone, so folding them again changes nothing.
 */
const fold = (
  acts: WorkItemEvidence['acts'],
  rule: QueueRule,
  { configuration, asOf }: Pick<QueueContext, 'configuration' | 'asOf'>,
  roundSince: Instant,
): Worked => {
  let claimedBy: WorkItem['claimedBy'] = null;
  let firstActionAt: Instant | null = null;
  let notBefore = Number.NEGATIVE_INFINITY;
  let attempts = 0;
  for (const act of acts) {
    if (act.at > asOf) break;
    if (act.act !== 'released') firstActionAt ??= act.at;
    if (act.act === 'claimed') {
      claimedBy = { agentId: act.agentId, at: act.at, leaseUntil: act.leaseUntil };
      continue;
    }
    if (act.act === 'released') {
      claimedBy = null;
      if (act.at >= roundSince) notBefore = Math.max(notBefore, act.snoozeUntil ?? notBefore);
      continue;
    }
    const consequence = rule.outcomes[act.outcome]?.(termsAt(configuration, act.at)) ?? closes;
    if (consequence.then === 'retries') attempts += 1;
    if (consequence.then === 'closes' || (consequence.then === 'retries' && attempts >= consequence.maxAttempts))
      return {
        claimedBy,
        firstActionAt,
        notBefore,
        attempts,
        outcome: { at: act.at, outcome: act.outcome, eventId: act.eventId },
      };
    claimedBy = null;
    if (consequence.then === 'continues' || act.at < roundSince) continue;
    const agreedAt = consequence.agreeable ? act.nextActionAt : null;
    notBefore = agreedAt !== null && agreedAt > act.at ? agreedAt : act.at + consequence.afterMs;
  }
  const held = claimedBy !== null && claimedBy.leaseUntil > asOf ? claimedBy : null;
  return { claimedBy: held, firstActionAt, notBefore, attempts, outcome: null };
};

const isSameClaim = (a: WorkItem['claimedBy'], b: WorkItem['claimedBy']): boolean =>
  a === b || (a !== null && b !== null && a.agentId === b.agentId && a.at === b.at && a.leaseUntil === b.leaseUntil);

/**
 * The item as its acts leave it at `asOf`; the same object when they change nothing. A retry begins a
 * new span of the same length when it may be tried again, and a new round ends what put the item to sleep in the
 * one before. A completion that comes after the item closed by itself still gives it its outcome: the agent who
 * solved the matter reports it afterwards.
 */
export const applyActs = (
  item: WorkItem,
  acts: WorkItemEvidence['acts'],
  rule: QueueRule,
  context: QueueContext,
): WorkItem => {
  const roundSince = rule.roundSince(item, context);
  const worked = fold(acts, rule, context, roundSince);
  if (item.state === 'closed') {
    if (item.closedBy !== 'auto' || worked.outcome === null) return item;
    const { claimedBy, firstActionAt, outcome } = worked;
    const closingFacts = [outcome.eventId];
    return { ...item, closedBy: 'outcome', outcome: outcome.outcome, closingFacts, claimedBy, firstActionAt };
  }
  if (worked.outcome !== null)
    return {
      ...item,
      state: 'closed',
      visibility: 'visible',
      suppressedSince: null,
      claimedBy: worked.claimedBy,
      firstActionAt: worked.firstActionAt,
      attempts: worked.attempts,
      closedAt: worked.outcome.at,
      closedBy: 'outcome',
      outcome: worked.outcome.outcome,
      closingFacts: [worked.outcome.eventId],
    };
  const isRenewed = roundSince > item.enteredAt;
  const notBefore = Math.max(isRenewed ? item.enteredAt : item.notBefore, worked.notBefore);
  const retried = worked.attempts > item.attempts;
  // Of a round in which nothing put it to sleep, ageing does not wait for what a retry of the one before agreed.
  const startedAt = isRenewed && worked.notBefore < roundSince ? Math.min(item.startedAt, roundSince) : item.startedAt;
  const isSame = worked.firstActionAt === item.firstActionAt && isSameClaim(worked.claimedBy, item.claimedBy);
  if (!retried && notBefore === item.notBefore && startedAt === item.startedAt && isSame) return item;
  return {
    ...item,
    state: worked.claimedBy === null ? 'open' : 'claimed',
    claimedBy: worked.claimedBy,
    firstActionAt: worked.firstActionAt,
    attempts: worked.attempts,
    notBefore,
    startedAt,
    ...(retried ? { startedAt: notBefore, dueAt: notBefore + item.dueAt - item.startedAt } : {}),
  };
};
