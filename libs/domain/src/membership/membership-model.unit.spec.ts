import * as fc from 'fast-check';
import { run } from '../command/given-when-then';
import { type Step, walk } from '../command/walks';
import { compareFacts } from '../facts/envelope';
import { enrolMembership } from './enrol-membership';
import { grantReward } from './grant-reward';

interface Model {
  readonly isEnrolled: boolean;
  readonly movements: ReadonlyArray<{ readonly at: number; readonly points: number }>;
}

/** The balance after each movement, in the order in which they happened. */
const balances = (movements: Model['movements']): ReadonlyArray<number> => {
  let balance = 0;
  return movements.toSorted((a, b) => a.at - b.at).map(({ points }) => (balance += points));
};

const enrol = (programId: string): Step<Model> => ({
  name: `enrol in ${programId}`,
  ask: (facts, occurredAt, now) =>
    run(enrolMembership, { membershipId: 'm1', partyId: 'customer', programId, type: 'discrete' }, facts, {
      occurredAt,
      now,
    }).decision,
  expected: (model) => (model.isEnrolled && programId !== 'club' ? 'AlreadyMember' : { ...model, isEnrolled: true }),
});

const grant = (points: number, backMinutes: number): Step<Model> => ({
  name: `grant ${points} points ${backMinutes} min ago`,
  backMinutes,
  ask: (facts, occurredAt, now) =>
    run(
      grantReward,
      { membershipId: 'm1', kind: 'points', benefit: 'value', reason: 'order', pointsDelta: points },
      facts,
      { occurredAt, now },
    ).decision,
  expected: (model, at) => {
    if (!model.isEnrolled) return 'MembershipNotFound';
    const movements = [...model.movements, { at, points }];
    return balances(movements).some((balance) => balance < 0) ? 'InsufficientPoints' : { ...model, movements };
  },
});

describe('the membership as a state machine', () => {
  // coverage: 149
  it('moves and refuses as the model does, and its points are never below 0, backdated or not', () => {
    walk<Model>({
      start: { isEnrolled: false, movements: [] },
      steps: [
        fc.constant(enrol('club')),
        fc.tuple(fc.integer({ min: -60, max: 40 }), fc.constantFrom(0, 0, 0, 3, 8)).map((said) => grant(...said)),
        fc.tuple(fc.integer({ min: 1, max: 99 }), fc.constantFrom(0, 5)).map((said) => grant(...said)),
      ],
      agrees: ({ movements }, facts) => {
        const told = facts
          .toSorted(compareFacts)
          .flatMap((fact) => (fact.type === 'RewardGranted' ? [fact.data.pointsDelta] : []));
        let balance = 0;
        for (const points of told) expect((balance += points)).toBeGreaterThanOrEqual(0);
        expect(balance).toBe(balances(movements).at(-1) ?? 0);
      },
    });
  });
});
