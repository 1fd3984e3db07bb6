import { compareFacts } from '../facts/envelope';
import { nextPolicyChange, policyAt } from '../policy/fold-regime';
import type { Regime } from '../policy/regime';
import { calendarOf, type Instant, NEVER } from '../time/calendar';
import { convert, converts } from './conversions';
import { evolve, isCustomerFact } from './evolve';
import type { CustomerHistory } from './fold';
import { evaluate, initialStanding, nextChangeOf } from './judgement';
import { emptyEvidence } from './mutable-evidence';
import type { Standing } from './standing';

/**
 * The plain reading of `domain.md §1`, against which the fold that skips days is tested: evaluates at
 * every fact, every deadline, every policy and every single tenant day boundary until `until`.
 */
export const foldDaily = (
  { partyId, members, facts, referredOrders }: CustomerHistory,
  regime: Regime,
  until: Instant,
): Standing => {
  const evidence = emptyEvidence(partyId, members, policyAt(regime, Number.NEGATIVE_INFINITY).configuration);
  const due = facts
    .filter(isCustomerFact)
    .sort(compareFacts)
    .filter((fact, index, sorted) => {
      const before = sorted[index - 1];
      return before === undefined || compareFacts(before, fact) !== 0;
    });
  let standing = initialStanding;
  let folded = 0;
  let at = due[0]?.occurredAt ?? NEVER;
  while (at <= until) {
    const policy = policyAt(regime, at);
    const causedBy: string[] = [];
    for (let fact = due[folded]; fact !== undefined && fact.occurredAt === at; fact = due[++folded]) {
      evolve(evidence, fact, policy.configuration);
      causedBy.push(fact.eventId);
    }
    for (const order of referredOrders) if (order.at <= at) convert(evidence, order, regime);
    standing = evaluate(evidence, standing, policy, at, causedBy);

    const evaluatedAt = at;
    const conversions = referredOrders.filter((order) => order.at > evaluatedAt && converts(evidence, order, regime));
    at = Math.min(
      due[folded]?.occurredAt ?? NEVER,
      ...conversions.map((order) => order.at),
      nextPolicyChange(regime, evaluatedAt),
      calendarOf(policy.configuration.tenant.timeZone).nextDayStart(evaluatedAt),
      nextChangeOf(evidence, standing, policy, evaluatedAt).deadline,
    );
  }
  return standing;
};
