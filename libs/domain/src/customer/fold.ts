import { compareFacts, type Fact } from '../facts/envelope';
import { policyAt } from '../policy/fold-regime';
import type { Regime } from '../policy/regime';
import { DAY_MS, type Instant, NEVER } from '../time/calendar';
import { convert, converts, type ReferredOrder } from './conversions';
import { evolve, isCustomerFact } from './evolve';
import { evaluate, initialStanding, nextEvaluation } from './judgement';
import { emptyEvidence, type MutableEvidence } from './mutable-evidence';
import type { Standing } from './standing';

/** Place of a fact in fold order. */
export type FactKey = Pick<Fact, 'occurredAt' | 'source' | 'id'>;

/**
 * A customer folded up to its latest fact. `foldFacts` changes it in place; a standing, once decided,
 * is never changed. What time alone does after `at` is not in it: ask `advance`.
 */
export interface CustomerFold {
  readonly evidence: MutableEvidence;
  /** As decided at `at`. */
  standing: Standing;
  /** Before the evaluation at `at`, from which it is done again when more facts of that instant come. */
  standingBefore: Standing;
  /** The latest instant with a fact of the customer or a conversion of its referrals; -Infinity before the first. */
  at: Instant;
  /** Facts at `at`. */
  causedBy: ReadonlyArray<string>;
  /** The latest fact folded; null before the first. */
  lastKey: FactKey | null;
}

export interface Advanced {
  readonly standing: Standing;
  /** The last evaluation at or before the instant asked; -Infinity when there is no fact. */
  readonly evaluatedAt: Instant;
  /** When time alone calls for the next one: later than the instant asked; `NEVER` possible. */
  readonly nextChangeAt: Instant;
}

/** A fold of no facts. `members`: the parties that are this customer, root included or not. */
export const startFold = (partyId: string, members: Iterable<string>, regime: Regime): CustomerFold => ({
  evidence: emptyEvidence(partyId, members, policyAt(regime, Number.NEGATIVE_INFINITY).configuration),
  standing: initialStanding,
  standingBefore: initialStanding,
  at: Number.NEGATIVE_INFINITY,
  causedBy: [],
  lastKey: null,
});

/** How far ahead time is looked at after the latest fact, at least. */
const LOOK_AHEAD_DAYS = 32;

/**
 * Proving that nothing changes for years costs many times what a month does, and the next fact makes
 * the proof worthless. So who is silent for a month is looked at again after a month, and who is
 * silent for a year after a year: few evaluations over any span, and each fact pays for a short proof.
 */
const lookAhead = ({ lastFactAt }: MutableEvidence, at: Instant): Instant =>
  at + Math.max(LOOK_AHEAD_DAYS * DAY_MS, at - lastFactAt);

/** Evaluates every instant at which time alone calls, after `from` and before the limit (or at it). */
const passTime = (
  evidence: MutableEvidence,
  from: { readonly standing: Standing; readonly at: Instant },
  regime: Regime,
  limit: { readonly until: Instant; readonly inclusive: boolean },
): Advanced => {
  let { standing, at } = from;
  if (at === Number.NEGATIVE_INFINITY) return { standing, evaluatedAt: at, nextChangeAt: NEVER };
  let policy = policyAt(regime, at);
  for (;;) {
    const within = limit.inclusive ? lookAhead(evidence, at) : limit.until;
    const next = nextEvaluation(evidence, standing, policy, regime, at, within);
    if (next === NEVER || next > limit.until || (next === limit.until && !limit.inclusive))
      return { standing, evaluatedAt: at, nextChangeAt: next };
    // NaN included: time that does not go on would be evaluated for ever.
    if (!(next > at)) throw new Error(`the evaluation at ${at} names ${next} as the next one`);
    at = next;
    policy = policyAt(regime, at);
    standing = evaluate(evidence, standing, policy, at, []);
  }
};

/**
 * Whether something new lies before what is folded already. Of one instant, facts that sort after the
 * last one are still welcome.
 */
const isLate = (
  { evidence, at, lastKey }: CustomerFold,
  first: Fact | undefined,
  referred: ReadonlyArray<ReferredOrder>,
  regime: Regime,
): boolean =>
  (first !== undefined && (first.occurredAt < at || (lastKey !== null && compareFacts(first, lastKey) < 0))) ||
  referred.some((order) => order.at < at && converts(evidence, order, regime));

/** The facts that fold, each once. Throws when they are not in fold order: that is a bug of the caller. */
const inOrder = (facts: ReadonlyArray<Fact>, lastKey: FactKey | null): ReadonlyArray<Fact> => {
  let last = lastKey;
  return facts.filter((fact, index) => {
    const before = facts[index - 1];
    if (before !== undefined && compareFacts(before, fact) > 0)
      throw new Error(`fact ${fact.eventId} comes after ${before.eventId} and sorts before it`);
    if (!isCustomerFact(fact) || (last !== null && compareFacts(last, fact) === 0)) return false;
    last = fact;
    return true;
  });
};

/**
 * Folds further facts, in place: evaluates what time alone changes between them, then each instant
 * once after all its facts. `facts` are in fold order; repeats of the last one, merges, separations
 * and global facts change nothing. `referred` are all orders known of parties that this customer
 * referred, also in earlier calls, in any order; the first that converts a referral causes an
 * evaluation. Any batching gives the same fold. Null, with the fold untouched, when a fact or a
 * conversion lies before what is folded: the caller folds anew (`domain.md §1`, late events).
 */
export const foldFacts = (
  fold: CustomerFold,
  facts: ReadonlyArray<Fact>,
  regime: Regime,
  referred: ReadonlyArray<ReferredOrder>,
): CustomerFold | null => {
  const { evidence } = fold;
  if (isLate(fold, facts.find(isCustomerFact), referred, regime)) return null;
  const due = inOrder(facts, fold.lastKey);
  const orders = referred.filter((order) => order.at >= fold.at).sort((a, b) => a.at - b.at);
  let nextFact = 0;
  let nextOrder = 0;
  for (;;) {
    const factAt = due[nextFact]?.occurredAt ?? NEVER;
    const orderAt = orders[nextOrder]?.at ?? NEVER;
    const at = Math.min(factAt, orderAt);
    if (at === NEVER) return fold;
    const ordersHere: ReferredOrder[] = [];
    for (let order = orders[nextOrder]; order !== undefined && order.at === at; order = orders[++nextOrder])
      ordersHere.push(order);
    if (factAt !== at && !ordersHere.some((order) => converts(evidence, order, regime))) continue;

    if (at > fold.at) {
      fold.standingBefore = passTime(evidence, fold, regime, { until: at, inclusive: false }).standing;
      fold.at = at;
      fold.causedBy = [];
    }
    const policy = policyAt(regime, at);
    const causedBy = fold.causedBy.slice();
    const from = nextFact;
    for (let fact = due[nextFact]; fact !== undefined && fact.occurredAt === at; fact = due[++nextFact]) {
      evolve(evidence, fact, policy.configuration);
      causedBy.push(fact.eventId);
    }
    const here = due.slice(from, nextFact);
    const last = here.at(-1);
    if (last !== undefined) fold.lastKey = { occurredAt: at, source: last.source, id: last.id };
    // A referral said again may name whom it was about, and so tell of orders before.
    const told = here.some(({ type }) => type === 'ReferralMade') ? referred.filter((order) => order.at < at) : [];
    for (const order of [...told, ...ordersHere]) convert(evidence, order, regime);
    fold.causedBy = causedBy;
    fold.standing = evaluate(evidence, fold.standingBefore, policy, at, causedBy);
  }
};

/**
 * What time alone makes of a fold by `until` (≥ `fold.at`), all instants up to and including `until`
 * evaluated. Pure: the fold stays as it is.
 */
export const advance = (fold: CustomerFold, regime: Regime, until: Instant): Advanced =>
  passTime(fold.evidence, fold, regime, { until, inclusive: true });

export interface CustomerHistory {
  readonly partyId: string;
  readonly members: Iterable<string>;
  /** Of all members, in any order. */
  readonly facts: ReadonlyArray<Fact>;
  /** Orders of parties that the members referred, in any order. */
  readonly referredOrders: ReadonlyArray<ReferredOrder>;
}

/** The whole fold of a customer: all that happened at or before `until`, and what time did until then. */
export const foldCustomer = (
  { partyId, members, facts, referredOrders }: CustomerHistory,
  regime: Regime,
  until: Instant,
): Advanced & { readonly fold: CustomerFold } => {
  const fold = startFold(partyId, members, regime);
  const known = facts.filter((fact) => fact.occurredAt <= until).sort(compareFacts);
  const orders = referredOrders.filter((order) => order.at <= until);
  if (foldFacts(fold, known, regime, orders) === null) throw new Error('nothing lies before the first fact');
  return { fold, ...advance(fold, regime, until) };
};
