/**
 * A verdict closes a complaint to the views whether or not its resolution was told: survey tools tell the one, help
 * desks the other, or none. The commands had a state machine of their own, to which such a verdict was nothing: a
 * complaint that was closed and recovered was acknowledged and compensated again, and one of which an attempt was told
 * before its resolution had one attempt less to the command than to the view.
 */
import * as fc from 'fast-check';
import { stateOf } from '../command/definition';
import { run } from '../command/given-when-then';
import { evolve } from '../customer/evolve';
import { emptyEvidence } from '../customer/mutable-evidence';
import { compareFacts, type Fact } from '../facts/envelope';
import { defaultConfiguration } from '../policy/configuration';
import { isClosedByFollowUp } from '../queues/complaint-steps';
import { acknowledgeComplaint } from './acknowledge-complaint';
import { acknowledged, received, resolved, unreachable, verdict } from './complaint-facts';
import { followUpComplaint } from './follow-up-complaint';
import { grantCompensation } from './grant-compensation';
import { ofComplaint } from './state';

const HOUR = 3_600_000;
const refusal = (answer: ReturnType<typeof run>) =>
  answer.decision._tag === 'Left' ? answer.decision.left.code : 'taken';

const partsTold = (offsetMs: number): fc.Arbitrary<Fact> =>
  fc.oneof(
    fc.constant(acknowledged(offsetMs)),
    fc.integer({ min: -9, max: 0 }).map((at) => resolved(offsetMs, at * HOUR)),
    fc.integer({ min: 1, max: 5 }).map((value) => verdict(value, offsetMs)),
    fc.constant(unreachable(1, offsetMs)),
  );
const history = fc
  .uniqueArray(fc.integer({ min: -9, max: 0 }), { minLength: 1, maxLength: 8 })
  .chain(([first = 0, ...rest]) =>
    fc.tuple(fc.constant<Fact>(received(first * HOUR)), ...rest.map((at) => partsTold(at * HOUR))),
  );

/** The stage that the read models have. */
const shownStage = (facts: ReadonlyArray<Fact>): string => {
  const evidence = emptyEvidence('customer', ['customer'], defaultConfiguration);
  for (const fact of facts.toSorted(compareFacts)) evolve(evidence, fact, defaultConfiguration);
  const complaint = evidence.complaints.get('c1');
  if (complaint === undefined) return 'unknown';
  if (isClosedByFollowUp(complaint, defaultConfiguration)) return 'closed';
  if (complaint.resolvedAt !== null) return 'resolved';
  return complaint.acknowledgedAt === null ? 'received' : 'acknowledged';
};

describe('a complaint of which others tell', () => {
  it('is to a command what it is to the views, whatever was told, in whatever order', () => {
    fc.assert(
      fc.property(history, (facts) => {
        expect(stateOf(ofComplaint, facts, defaultConfiguration).stage).toBe(shownStage(facts));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is closed by a verdict without a resolution: nothing is granted for it, and nobody acknowledges it', () => {
    const told = [received(-2 * HOUR), verdict(4, -HOUR)];
    const c1 = { complaintId: 'c1' };
    expect(refusal(run(followUpComplaint, { ...c1, verdict: 2 }, told))).toBe('ComplaintClosed');
    expect(refusal(run(acknowledgeComplaint, { ...c1, responsibleAgentId: 'ada' }, told))).toBe('AlreadyAcknowledged');
    const gift = { ...c1, kind: 'gesture', amountMinor: 10, justice: 'distributive' };
    expect(refusal(run(grantCompensation, gift, told))).toBe('ComplaintClosed');
  });

  it('counts an attempt that was told before the resolution', () => {
    const told = [received(-3 * HOUR), unreachable(1, -2 * HOUR), resolved(-HOUR)];
    expect(run(followUpComplaint, { complaintId: 'c1', unreachable: true }, told).decision).toMatchObject({
      right: [{ type: 'ComplaintFollowedUp', data: { attempt: 2 } }],
    });
    expect(stateOf(ofComplaint, [...told, unreachable(2, 0)], defaultConfiguration).stage).toBe('closed');
  });
});
