import * as fc from 'fast-check';
import { compareFacts, type Fact } from '../facts/envelope';
import { assess, type LoyaltyAssessment } from '../loyalty/assessment';
import { policyAt, regimeOf } from '../policy/fold-regime';
import { arbitraryHistory, arbitraryRegime, arbitraryUntil } from './arbitrary-history';
import { convert } from './conversions';
import { evolve, isCustomerFact } from './evolve';
import { fact, isoOnDay, onDay } from './fact-builder';
import { advance, type CustomerFold, foldCustomer, foldFacts, startFold } from './fold';
import { emptyEvidence } from './mutable-evidence';

/*
 * Between facts the fold keeps what it measured, and proofs about days to come, for as long as no fact
 * touches what they rest on (customer/areas.ts, loyalty/steady.ts, loyalty/assessment.ts). What is kept
 * hangs on the identity of the evidence, so a copy of it knows nothing: folding with and without must agree.
 */
const forgetful = (fold: CustomerFold): CustomerFold => ({ ...fold, evidence: { ...fold.evidence } });

const sorted = (facts: ReadonlyArray<Fact>, until: number): ReadonlyArray<Fact> =>
  facts.filter(({ occurredAt }) => occurredAt <= until).toSorted(compareFacts);

/** What is measured of the loyalty, without how long it stays so. */
const measured = ({
  exclusion,
  signals,
  coverage,
  score,
  hardRules,
  voice,
  ties,
  quadrant,
  subtype,
}: LoyaltyAssessment) => {
  const { activeDays: _, ...lasting } = ties;
  return { exclusion, signals, coverage, score, hardRules, voice, ties: lasting, quadrant, subtype };
};

describe('what a fold keeps between facts', () => {
  test('changes no judgement: forgetting it before every fact gives the same customer', () => {
    fc.assert(
      fc.property(arbitraryHistory, arbitraryRegime, arbitraryUntil, (history, regime, until) => {
        const orders = history.referredOrders.filter(({ at }) => at <= until);
        const facts = sorted(history.facts, until);
        let fold = startFold(history.partyId, history.members, regime);
        // A referral may learn whom it brought after that party's order: that is late, and folded anew.
        const further = (
          known: ReadonlyArray<Fact>,
          next: ReadonlyArray<Fact>,
          referred: typeof orders,
        ): CustomerFold =>
          foldFacts(forgetful(fold), next, regime, referred) ??
          foldCustomer({ ...history, facts: known, referredOrders: referred }, regime, until).fold;
        facts.forEach((fact, index) => {
          const before = orders.filter(({ at }) => at < fact.occurredAt);
          fold = further(facts.slice(0, index + 1), [fact], before);
        });
        fold = further(facts, [], orders);
        const { standing, evaluatedAt } = foldCustomer(history, regime, until);
        expect(advance(forgetful(fold), regime, until)).toMatchObject({ standing, evaluatedAt });
      }),
      { numRuns: 150 },
    );
  });

  test('measures after every fact what a first look at the evidence measures', () => {
    fc.assert(
      fc.property(arbitraryHistory, arbitraryRegime, ({ partyId, members, facts }, regime) => {
        const { configuration } = policyAt(regime, Number.NEGATIVE_INFINITY);
        const evidence = emptyEvidence(partyId, members, configuration);
        for (const fact of facts.filter(isCustomerFact).toSorted(compareFacts)) {
          const policy = policyAt(regime, fact.occurredAt);
          evolve(evidence, fact, policy.configuration);
          const fresh = measured(assess({ ...evidence }, policy, fact.occurredAt));
          expect(measured(assess(evidence, policy, fact.occurredAt))).toEqual(fresh);
        }
      }),
      { numRuns: 150 },
    );
  });

  const regime = regimeOf([]);
  const policy = policyAt(regime, onDay(0));

  test('is measured again when one agent becomes the contact of the customer', () => {
    const evidence = emptyEvidence('p1', [], policy.configuration);
    const bondsAfter = (days: number): ReadonlyArray<string> => {
      const contact = fact('InteractionRecorded', days, {
        interactionId: `i${days}`,
        partyId: 'p1',
        direction: 'inbound',
        channel: 'phone',
        purpose: 'service',
        topicCode: 'topic',
        startedAt: isoOnDay(days),
        outcome: 'answered',
        agentId: 'a1',
        reAskedFields: [],
        links: {},
      });
      evolve(evidence, contact);
      return assess(evidence, policy, onDay(days)).ties.bonds.map(({ bondType }) => bondType);
    };
    expect([1, 2, 3].map(bondsAfter)).toEqual([[], [], ['social']]);
  });

  test('is measured again when an order of another party converts a referral', () => {
    const evidence = emptyEvidence('p1', [], policy.configuration);
    evolve(
      evidence,
      fact('ReferralMade', 1, { referralId: 'r1', referrerId: 'p1', referredId: 'p2', channel: 'email' }),
    );
    expect(assess(evidence, policy, onDay(1)).ties.referralsConverted).toBe(0);
    expect(convert(evidence, { referredId: 'p2', orderId: 'o1', at: onDay(2) }, regime)).toBe(true);
    expect(assess(evidence, policy, onDay(2)).ties.referralsConverted).toBe(1);
  });
});
