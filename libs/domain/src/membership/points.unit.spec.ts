import * as E from 'fp-ts/Either';
import * as fc from 'fast-check';
import { happened, NOW, run } from '../command/given-when-then';
import { evolve } from '../customer/evolve';
import type { Evidence } from '../customer/evidence';
import { fact, onDay, orderPlaced, orderReversed } from '../customer/fact-builder';
import { emptyEvidence } from '../customer/mutable-evidence';
import { compareFacts, type Fact } from '../facts/envelope';
import { type Configuration, defaultConfiguration } from '../policy/configuration';
import { configurationFaults } from '../policy/configuration-validity';
import { pointsFor, type PointsRules } from '../policy/points-rules';
import { DAY_MS } from '../time/calendar';
import { grantReward } from './grant-reward';
import { orderPointsOf, pointsLedger } from './points';

const withRules = (...pointsRules: PointsRules): Configuration => ({ ...defaultConfiguration, pointsRules });
/** 10 an order, and one for each whole 10.00. */
const club = withRules({ programId: 'club', pointsPerOrder: 10, minorPerPoint: 1_000 });

const evidenceOf = (facts: ReadonlyArray<Fact>, configuration: Configuration = club): Evidence => {
  const evidence = emptyEvidence('p1', ['p1'], configuration);
  for (const one of facts.toSorted(compareFacts)) evolve(evidence, one, configuration);
  return evidence;
};

const enrolled = (days: number, validTo?: string) =>
  fact('MembershipEnrolled', days, {
    membershipId: 'm1',
    partyId: 'p1',
    programId: 'club',
    type: 'continuous',
    ...(validTo === undefined ? {} : { validTo }),
  });
const rewarded = (days: number, pointsDelta: number) =>
  fact('RewardGranted', days, {
    membershipId: 'm1',
    kind: 'points',
    benefit: 'value',
    valueMinor: 0,
    pointsDelta,
    reason: 'r',
  });

const told = (facts: ReadonlyArray<Fact>, configuration?: Configuration) =>
  pointsLedger(evidenceOf(facts, configuration)).map(({ source, pointsDelta, balance }) => [
    source,
    pointsDelta,
    balance,
  ]);

describe('points that orders earn (domain.md §8.2)', () => {
  it.each<[string, PointsRules[number], number, number]>([
    ['for the order alone', { programId: 'club', pointsPerOrder: 5 }, 99_999, 5],
    ['for each whole amount', { programId: 'club', pointsPerOrder: 0, minorPerPoint: 1_000 }, 999, 0],
    ['from the whole amount on', { programId: 'club', pointsPerOrder: 0, minorPerPoint: 1_000 }, 1_000, 1],
    ['for both', { programId: 'club', pointsPerOrder: 5, minorPerPoint: 1_000 }, 2_999, 7],
  ])('come %s', (_, rule, netMinor, points) => {
    expect(pointsFor([rule], netMinor)).toEqual(points === 0 ? [] : [{ programId: 'club', points }]);
  });

  it('come to nobody without a rule', () => {
    expect(pointsFor(undefined, 10_000)).toEqual([]);
    expect(told([enrolled(0), orderPlaced(1, 'o1')], defaultConfiguration)).toEqual([]);
  });

  it('come to a member of the programme, from the enrolment on and until it ends', () => {
    const orders = [0, 1, 2, 3].map((day) => orderPlaced(day, `o${day}`));
    const member = enrolled(1, new Date(onDay(3)).toISOString());
    expect(told([member, ...orders])).toEqual([
      ['order', 20, 20],
      ['order', 20, 40],
    ]);
    expect(told(orders)).toEqual([]);
  });

  it('come by the rule that was in force when the order was placed', () => {
    const evidence = emptyEvidence('p1', ['p1'], club);
    evolve(evidence, enrolled(0), defaultConfiguration);
    evolve(evidence, orderPlaced(1, 'before'), defaultConfiguration);
    evolve(evidence, orderPlaced(2, 'under'), club);
    evolve(evidence, orderPlaced(3, 'after'), withRules({ programId: 'club', pointsPerOrder: 1 }));
    // The reversal comes under another rule, which does not matter.
    evolve(evidence, orderReversed(4, 'under', 10_000), defaultConfiguration);
    expect(orderPointsOf(evidence).map(({ orderId, points }) => [orderId, points])).toEqual([
      ['under', 20],
      ['after', 1],
      ['under', -20],
    ]);
  });

  it('go with the share of the order that is reversed', () => {
    const facts = [enrolled(0), orderPlaced(1, 'o1'), orderReversed(2, 'o1', 2_500), orderReversed(3, 'o1', 7_500)];
    expect(told(facts)).toEqual([
      ['order', 20, 20],
      ['reversal', -5, 15],
      ['reversal', -15, 0],
    ]);
  });

  it('that are spent already are not taken back', () => {
    const facts = [enrolled(0), orderPlaced(1, 'o1'), rewarded(2, -15), orderReversed(3, 'o1', 10_000)];
    expect(told(facts)).toEqual([
      ['order', 20, 20],
      ['reward', -15, 5],
      ['reversal', -5, 0],
    ]);
  });

  it('are rules of one programme each, and give something', () => {
    expect(
      configurationFaults(withRules({ programId: 'a', pointsPerOrder: 1 }, { programId: 'a', pointsPerOrder: 0 })).map(
        ({ path }) => path,
      ),
    ).toEqual(['/pointsRules/1', '/pointsRules/1']);
    expect(configurationFaults(club)).toEqual([]);
  });
});

/** Days before `NOW`, an amount or points: what is done with it depends on the kind. */
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('order', 'reversal', 'grant', 'redeem', 'redeem'),
    ago: fc.integer({ min: 0, max: 30 }),
    amount: fc.integer({ min: 1, max: 60 }),
  }),
  { maxLength: 25 },
);

const redeem = (points: number, facts: ReadonlyArray<Fact>, ago: number) =>
  run(
    grantReward,
    { membershipId: 'm1', kind: 'points', benefit: 'value', reason: 'r', pointsDelta: -points },
    facts.filter(({ type }) => type === 'MembershipEnrolled' || type === 'RewardGranted'),
    {
      occurredAt: NOW - ago * DAY_MS,
      configuration: club,
      knowledge: { orderPoints: orderPointsOf(evidenceOf(facts)) },
    },
  ).decision;

/** Facts of the history lie before `NOW`. */
const at = (ago: number): number => (NOW - onDay(0)) / DAY_MS - ago;

describe('the ledger of points', () => {
  // coverage: 92
  it('is never below 0, whatever is ordered, reversed and redeemed, and in whichever order it is told', () => {
    fc.assert(
      fc.property(steps, (said) => {
        const facts: Fact[] = [enrolled(at(40))];
        said.forEach(({ kind, ago, amount }, index) => {
          if (kind === 'order')
            facts.push(
              orderPlaced(at(ago), `o${index}`, { lines: [{ netMinor: amount * 1_000, listMinor: amount * 1_000 }] }),
            );
          if (kind === 'reversal') facts.push(orderReversed(at(ago), `o${index % 7}`, amount * 500));
          if (kind === 'grant') facts.push(rewarded(at(ago), amount));
          if (kind !== 'redeem') return;
          const decision = redeem(amount, facts, ago);
          const isWhole = (history: ReadonlyArray<Fact>): boolean =>
            pointsLedger(evidenceOf(history)).every(
              ({ source, points, pointsDelta }) => source !== 'reward' || points === pointsDelta,
            );
          // Redemptions that a fact told later has left without cover say nothing about this one.
          if (isWhole(facts)) expect(E.isRight(decision)).toBe(isWhole([...facts, rewarded(at(ago), -amount)]));
          facts.push(
            ...happened(decision, -ago * DAY_MS).map((one) => ({ ...one, id: `z${index}`, eventId: `z${index}` })),
          );
        });
        for (const { balance } of pointsLedger(evidenceOf(facts))) expect(balance).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 150 },
    );
  });

  it('lets what orders earned be redeemed to the last point and no further', () => {
    const facts = [enrolled(at(20)), orderPlaced(at(10), 'o1'), orderReversed(at(5), 'o1', 5_000)];
    expect(E.isRight(redeem(10, facts, 4))).toBe(true);
    expect(redeem(11, facts, 4)).toMatchObject({ left: { code: 'InsufficientPoints', details: { redeemable: 10 } } });
    // Before the reversal all of it was there; the reversal then takes what is left.
    expect(E.isRight(redeem(20, facts, 6))).toBe(true);
    expect(redeem(21, facts, 6)).toMatchObject({ left: { details: { redeemable: 20 } } });
    expect(redeem(1, facts, 11)).toMatchObject({ left: { details: { redeemable: 0 } } });
  });
});
