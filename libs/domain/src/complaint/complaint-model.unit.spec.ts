import * as E from 'fp-ts/Either';
import * as fc from 'fast-check';
import { stateOf } from '../command/definition';
import { happened, NOW, run } from '../command/given-when-then';
import type { Fact } from '../facts/envelope';
import { defaultConfiguration } from '../policy/configuration';
import { acknowledgeComplaint } from './acknowledge-complaint';
import { followUpComplaint } from './follow-up-complaint';
import { grantCompensation } from './grant-compensation';
import { receiveComplaint } from './receive-complaint';
import { resolveComplaint } from './resolve-complaint';
import { type ComplaintState, ofComplaint } from './state';

type Step = (facts: ReadonlyArray<Fact>, at: number) => ReturnType<typeof run>;
const c1 = { complaintId: 'c1' };
const at = (occurredAt: number) => ({ occurredAt, now: occurredAt });

const steps: Readonly<Record<string, Step>> = {
  receive: (facts, when) =>
    run(
      receiveComplaint,
      { ...c1, partyId: 'customer', channel: 'email', category: 'delivery', severity: 2 },
      facts,
      at(when),
    ),
  acknowledge: (facts, when) => run(acknowledgeComplaint, { ...c1, responsibleAgentId: 'agent-2' }, facts, at(when)),
  compensate: (facts, when) =>
    run(grantCompensation, { ...c1, kind: 'gesture', amountMinor: 10, justice: 'interactional' }, facts, at(when)),
  resolve: (facts, when) => run(resolveComplaint, { ...c1, decision: 'rejected', rootCause: 'none' }, facts, at(when)),
  dissatisfied: (facts, when) => run(followUpComplaint, { ...c1, verdict: 2 }, facts, at(when)),
  satisfied: (facts, when) => run(followUpComplaint, { ...c1, verdict: 4 }, facts, at(when)),
  unreachable: (facts, when) => run(followUpComplaint, { ...c1, unreachable: true }, facts, at(when)),
};

interface Model {
  stage: ComplaintState['stage'];
  attempts: number;
}

/** The state machine of domain.md §9.3, written down a second time and independently: null is a refusal. */
const expected = ({ stage, attempts }: Model, step: string): Model | null => {
  const isOpen = stage === 'received' || stage === 'acknowledged';
  switch (step) {
    case 'receive':
      return stage === 'unknown' ? { stage: 'received', attempts: 0 } : { stage, attempts };
    case 'acknowledge':
      return stage === 'received' ? { stage: 'acknowledged', attempts: 0 } : null;
    case 'compensate':
      return stage === 'unknown' || stage === 'closed' ? null : { stage, attempts };
    case 'resolve':
      return isOpen ? { stage: 'resolved', attempts: 0 } : null;
    case 'dissatisfied':
      return stage === 'resolved' ? { stage: 'received', attempts: 0 } : null;
    case 'satisfied':
      return stage === 'resolved' ? { stage: 'closed', attempts: 0 } : null;
    default:
      if (stage !== 'resolved') return null;
      return attempts === 1 ? { stage: 'closed', attempts: 0 } : { stage: 'resolved', attempts: 1 };
  }
};

const walk = fc.array(fc.constantFrom(...Object.entries(steps)), { minLength: 1, maxLength: 25 });

/** Plays the commands one minute apart and appends what they decide. */
const play = (
  names: ReadonlyArray<readonly [string, Step]>,
  check: (facts: ReadonlyArray<Fact>, name: string, isRefused: boolean) => void,
) => {
  const facts: Fact[] = [];
  names.forEach(([name, step], index) => {
    const offset = (index + 1) * 60_000;
    const { decision } = step(facts, NOW + offset);
    facts.push(...happened(decision, offset));
    check(facts, name, E.isLeft(decision));
  });
  return facts;
};

const stateAfter = (facts: ReadonlyArray<Fact>) => stateOf(ofComplaint, facts, defaultConfiguration);

describe('the complaint as a state machine', () => {
  it('moves and refuses as the model does, whatever is asked', () => {
    fc.assert(
      fc.property(walk, (names) => {
        let model: Model = { stage: 'unknown', attempts: 0 };
        play(names, (facts, name, isRefused) => {
          const next = expected(model, name);
          expect(isRefused).toBe(next === null);
          model = next ?? model;
          expect(stateAfter(facts).stage).toBe(model.stage);
        });
      }),
      { numRuns: 300 },
    );
  });

  // coverage: 107
  it('cannot be closed without a verdict of 3 or more, or two attempts after the last resolution', () => {
    fc.assert(
      fc.property(walk, (names) => {
        const facts = play(names, () => undefined);
        fc.pre(stateAfter(facts).stage === 'closed');
        const last = facts.findLastIndex(({ type }) => type === 'ComplaintResolved');
        const followUps = facts.slice(last).flatMap((fact) => (fact.type === 'ComplaintFollowedUp' ? [fact.data] : []));
        const isHeard = followUps.some((followUp) => (followUp.verdict ?? 0) >= 3);
        expect(isHeard || followUps.length === 2).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('folds any facts in any order without throwing', () => {
    fc.assert(
      fc.property(walk, fc.infiniteStream(fc.nat()), (names, numbers) => {
        const facts = play(names, () => undefined);
        const shuffled = facts.map((fact) => ({ ...fact, occurredAt: numbers.next().value ?? 0 }));
        expect(() => stateAfter(shuffled)).not.toThrow();
      }),
      { numRuns: 100 },
    );
  });
});
