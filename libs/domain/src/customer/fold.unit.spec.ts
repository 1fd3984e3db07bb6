import * as fc from 'fast-check';
import type { FactData } from '../facts/catalogue';
import { compareFacts, type Fact } from '../facts/envelope';
import { linksOf, membersOf } from '../party/links';
import { regimeOf } from '../policy/fold-regime';
import { DAY_MS, NEVER } from '../time/calendar';
import { arbitraryHistory, arbitraryRegime, arbitraryUntil } from './arbitrary-history';
import { fact, onDay, orderPlaced } from './fact-builder';
import { advance, type CustomerFold, type CustomerHistory, foldCustomer, foldFacts, startFold } from './fold';
import { initialStanding } from './judgement';

const regime = regimeOf([]);
const nps = (days: number, score: number, id?: string) =>
  fact(
    'SurveyAnswered',
    days,
    { surveyId: `s${days}`, partyId: 'p1', instrument: 'nps', score, scaleMin: 0, scaleMax: 10 },
    id === undefined ? {} : { id, eventId: id },
  );
const referral: Fact = fact('ReferralMade', 10, {
  referralId: 'f1',
  referrerId: 'p1',
  referredId: 'p3',
  channel: 'email',
} satisfies FactData['ReferralMade']);

const given = (facts: ReadonlyArray<Fact>): CustomerFold => {
  const fold = startFold('p1', [], regime);
  expect(foldFacts(fold, facts, regime, [])).toBe(fold);
  return fold;
};

/** What two folds must agree on, to the byte. */
const written = ({ standing, standingBefore, at, causedBy, lastKey, evidence }: CustomerFold): string =>
  JSON.stringify([standing, standingBefore, at, causedBy, lastKey, evidence], (_, member: unknown) =>
    member instanceof Map || member instanceof Set ? [...member] : member,
  );

describe('a fold', () => {
  test('of nothing decides nothing and waits for nothing', () => {
    expect(advance(startFold('p1', [], regime), regime, onDay(999))).toEqual({
      standing: initialStanding,
      evaluatedAt: -Infinity,
      nextChangeAt: NEVER,
    });
  });

  test('refuses a fact that lies before what it holds, and stays as it was', () => {
    const fold = given([orderPlaced(1, 'o1'), orderPlaced(5, 'o2')]);
    const before = written(fold);
    expect(foldFacts(fold, [orderPlaced(4, 'o3')], regime, [])).toBeNull();
    expect(written(fold)).toBe(before);
  });

  test('judges an instant again from before it when more facts of it come', () => {
    const [a, b] = [nps(3, 10, 'a'), nps(3, 0, 'b')];
    const fold = given([orderPlaced(1, 'o1'), a]);
    expect(foldFacts(fold, [b], regime, [])).toBe(fold);
    expect(fold.causedBy).toEqual(['a', 'b']);
    expect(fold.standing.loyalty.history.filter(({ from }) => from === onDay(3)).length).toBeLessThanOrEqual(1);
    expect(foldFacts(fold, [a], regime, [])).toBeNull();
  });

  test('is not changed by the same fact again, a merge or a separation', () => {
    const order = orderPlaced(1, 'o1');
    const fold = given([order]);
    const before = written(fold);
    const merge = fact('PartiesMerged', 0, { survivorId: 'p1', absorbedId: 'p2', matchScore: 1, reason: 'same' });
    const separation = fact('PartiesSeparated', 9, {
      survivorId: 'p1',
      separatedId: 'p2',
      mergedEventId: merge.eventId,
      reason: 'other',
    });
    expect(foldFacts(fold, [merge, order, separation], regime, [])).toBe(fold);
    expect(written(fold)).toBe(before);
  });

  test('throws for facts that are not in fold order', () => {
    const fold = startFold('p1', [], regime);
    expect(() => foldFacts(fold, [orderPlaced(5, 'o2'), orderPlaced(1, 'o1')], regime, [])).toThrow(/sorts before/);
  });

  test('is left as it was by the passing of time, which ends after the instant asked', () => {
    const fold = given([orderPlaced(1, 'o1'), nps(3, 2)]);
    const before = written(fold);
    const { standing, evaluatedAt, nextChangeAt } = advance(fold, regime, onDay(800));
    expect(written(fold)).toBe(before);
    expect(standing.lifecycle.phase).toBe('lost');
    expect(evaluatedAt).toBeLessThanOrEqual(onDay(800));
    expect(nextChangeAt).toBeGreaterThan(onDay(800));
  });

  test('evaluates at every policy change', () => {
    const launched = fact('CampaignLaunched', 0, {
      campaignId: 'k1',
      name: 'k1',
      objective: 'growth',
      segmentId: 's1',
      propositionId: 'v1',
      channels: ['email'],
      startsAt: new Date(onDay(2.3)).toISOString(),
      endsAt: new Date(onDay(2.4)).toISOString(),
      budgetMinor: 0,
      holdoutPct: 0,
      warningAcknowledged: false,
    });
    const withCampaign = regimeOf([launched]);
    const fold = startFold('p1', [], withCampaign);
    foldFacts(fold, [orderPlaced(2.25, 'o1')], withCampaign, []);
    expect(advance(fold, withCampaign, onDay(2.3)).evaluatedAt).toBe(onDay(2.3));
    expect(advance(fold, withCampaign, onDay(2.4)).evaluatedAt).toBe(onDay(2.4));
  });
});

describe('a referral', () => {
  const order = (days: number, orderId = 'r1') => ({ referredId: 'p3', orderId, at: onDay(days) });

  // coverage: 19
  test.each([
    ['by the first order within 180 days', [order(60, 'r2'), order(50)], onDay(50)],
    ['by an order of the same instant', [order(10)], onDay(10)],
    ['by an order at the limit', [order(190)], onDay(190)],
    ['not by an order after the limit', [{ ...order(190), at: onDay(190) + 1 }], null],
    ['not by an order before it', [order(9)], null],
    ['not by an order of another party', [{ ...order(50), referredId: 'p4' }], null],
  ])('is converted %s', (_, orders, convertedAt) => {
    const fold = startFold('p1', [], regime);
    expect(foldFacts(fold, [referral], regime, orders)).toBe(fold);
    expect(fold.evidence.referralsMade[0]?.convertedAt ?? null).toBe(convertedAt);
    expect(fold.at).toBe(convertedAt ?? referral.occurredAt);
  });

  test('said again with whom it was about is converted by the first order since it was made', () => {
    const fold = given([fact('ReferralMade', 10, { referralId: 'f1', referrerId: 'p1', channel: 'email' })]);
    const named = { ...referral, id: 'named', eventId: 'named', occurredAt: onDay(60) };
    expect(foldFacts(fold, [named], regime, [order(40), order(20), order(5), order(70)])).toBe(fold);
    expect(fold.evidence.referralsMade).toMatchObject([{ at: onDay(10), convertedAt: onDay(20) }]);
    expect(fold.at).toBe(onDay(60));
  });

  test('converted earlier than the fold holds makes it late', () => {
    const fold = given([referral, orderPlaced(60, 'o1')]);
    expect(foldFacts(fold, [], regime, [order(70)])).toBe(fold);
    expect(foldFacts(fold, [], regime, [order(70), order(80)])).toBe(fold);
    expect(foldFacts(fold, [], regime, [order(50)])).toBeNull();
  });
});

/** Folds in batches that end at the given places; late ones are no part of it, as all is in order. */
const foldInBatches = (
  { partyId, members, facts, referredOrders }: CustomerHistory,
  inForce: ReturnType<typeof regimeOf>,
  sizes: ReadonlyArray<number>,
): CustomerFold => {
  const fold = startFold(partyId, members, inForce);
  const sorted = [...facts].sort(compareFacts);
  let from = 0;
  for (const size of [...sizes, sorted.length]) {
    const batch = sorted.slice(from, from + size);
    from += batch.length;
    const now = batch.at(-1)?.occurredAt ?? fold.at;
    const isLast = from >= sorted.length;
    const orders = referredOrders.filter(({ at }) => isLast || at <= now);
    expect(foldFacts(fold, batch, inForce, orders)).toBe(fold);
    advance(fold, inForce, now + 40 * DAY_MS);
  }
  return fold;
};

describe('any history', () => {
  test('gives the same fold in any order of arrival and in any batches', () => {
    fc.assert(
      fc.property(
        arbitraryHistory,
        arbitraryRegime,
        fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 8 }),
        (history, inForce, sizes) => {
          const whole = foldWhole(history, inForce);
          const reversed = { ...history, facts: history.facts.toReversed() };
          expect(written(foldWhole(reversed, inForce))).toBe(written(whole));
          expect(written(foldInBatches(history, inForce, sizes))).toBe(written(whole));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('is that of the parties never merged once their merge is undone', () => {
    fc.assert(
      fc.property(arbitraryHistory, arbitraryRegime, fc.nat({ max: 200 }), (history, inForce, day) => {
        const merge = fact('PartiesMerged', day, { survivorId: 'p1', absorbedId: 'p2', matchScore: 1, reason: 'same' });
        const separation = fact('PartiesSeparated', day + 1, {
          survivorId: 'p1',
          separatedId: 'p2',
          mergedEventId: merge.eventId,
          reason: 'other',
        });
        const foldOf = (partyId: string, facts: ReadonlyArray<Fact>): CustomerFold => {
          const members = membersOf(linksOf(facts), partyId);
          const own = facts.filter(({ subjects }) => subjects.some((subject) => members.includes(subject)));
          return foldWhole({ ...history, partyId, members, facts: own }, inForce);
        };
        const { facts } = history;
        for (const partyId of ['p1', 'p2'])
          expect(written(foldOf(partyId, [merge, separation, ...facts]))).toBe(written(foldOf(partyId, facts)));
        expect(written(foldOf('p1', [merge, ...facts]))).toBe(written(foldWhole(history, inForce)));
      }),
      { numRuns: 30 },
    );
  });

  test('asked at an instant knows what was asked before it and nothing of what comes after', () => {
    fc.assert(
      fc.property(arbitraryHistory, arbitraryRegime, arbitraryUntil, (history, inForce, until) => {
        const known = {
          ...history,
          facts: history.facts.filter(({ occurredAt }) => occurredAt <= until),
          referredOrders: history.referredOrders.filter(({ at }) => at <= until),
        };
        const asked = foldCustomer(history, inForce, until);
        const { standing } = advance(foldWhole(known, inForce), inForce, until);
        expect(JSON.stringify(asked.standing)).toBe(JSON.stringify(standing));
        expect(asked.nextChangeAt).toBeGreaterThan(until);
      }),
      { numRuns: 30 },
    );
  });
});

/** All facts and conversions, without what time does afterwards. */
const foldWhole = (history: CustomerHistory, inForce: ReturnType<typeof regimeOf>): CustomerFold => {
  const last = Math.max(
    0,
    ...history.facts.map(({ occurredAt }) => occurredAt),
    ...history.referredOrders.map(({ at }) => at),
  );
  return foldCustomer(history, inForce, last).fold;
};
