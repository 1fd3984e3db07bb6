import * as E from 'fp-ts/Either';
import * as fc from 'fast-check';
import { stateOf } from '../command/definition';
import { happened, hours, NOW, run } from '../command/given-when-then';
import type { Fact } from '../facts/envelope';
import { defaultConfiguration } from '../policy/configuration';
import { escalateServiceRequest } from './escalate-service-request';
import { openServiceRequest } from './open-service-request';
import { pauseServiceRequest } from './pause-service-request';
import { reopenServiceRequest } from './reopen-service-request';
import { resolveServiceRequest } from './resolve-service-request';
import { resumeServiceRequest } from './resume-service-request';
import { ofServiceRequest, type ServiceRequestState } from './state';

type Step = (facts: ReadonlyArray<Fact>, at: number) => ReturnType<typeof run>;
const r1 = { requestId: 'r1' };
const at = (occurredAt: number) => ({ occurredAt, now: occurredAt });
const escalateTo =
  (level: number): Step =>
  (facts, when) =>
    run(escalateServiceRequest, { ...r1, to: 'manager', level, reason: 'late' }, facts, at(when));

const steps: Readonly<Record<string, Step>> = {
  open: (facts, when) =>
    run(
      openServiceRequest,
      {
        ...r1,
        partyId: 'customer',
        channel: 'chat',
        category: 'billing',
        class: 'immediate',
        openedAt: '2026-03-10T12:00:00Z',
      },
      facts,
      at(when),
    ),
  escalate1: escalateTo(1),
  escalate3: escalateTo(3),
  pause: (facts, when) => run(pauseServiceRequest, r1, facts, at(when)),
  resume: (facts, when) => run(resumeServiceRequest, r1, facts, at(when)),
  resolve: (facts, when) =>
    run(resolveServiceRequest, { ...r1, resolutionCode: 'done', byTier: 'back_office' }, facts, at(when)),
  reopen: (facts, when) => run(reopenServiceRequest, { ...r1, reason: 'again' }, facts, at(when)),
};

interface Model {
  stage: ServiceRequestState['stage'];
  level: number;
  isReopened: boolean;
  pausedAt: number;
  pausedMs: number;
  resolvedAt: number;
}
const start: Model = { stage: 'unknown', level: 0, isReopened: false, pausedAt: 0, pausedMs: 0, resolvedAt: 0 };

/** domain.md §10 written down a second time and independently: null is a refusal. */
const expected = (model: Model, step: string, when: number): Model | null => {
  const { stage } = model;
  const isRunning = stage === 'open' || stage === 'paused';
  const pausedMs = stage === 'paused' ? model.pausedMs + when - model.pausedAt : model.pausedMs;
  const level = step === 'escalate1' ? 1 : 3;
  switch (step) {
    case 'open':
      return stage === 'unknown' ? { ...model, stage: 'open' } : model;
    case 'pause':
      if (stage !== 'open' || model.pausedMs >= hours(72) || (model.level === 0 && !model.isReopened)) return null;
      return { ...model, stage: 'paused', pausedAt: when };
    case 'resume':
      return stage === 'paused' ? { ...model, stage: 'open', pausedMs } : null;
    case 'resolve':
      return isRunning ? { ...model, stage: 'resolved', pausedMs, resolvedAt: when } : null;
    case 'reopen':
      if (stage !== 'resolved' || when - model.resolvedAt > hours(7 * 24)) return null;
      return { ...model, stage: 'open', isReopened: true };
    default:
      return isRunning && level > model.level ? { ...model, level } : null;
  }
};

const walk = fc.array(
  fc.record({
    step: fc.constantFrom(...Object.entries(steps)),
    /** Long enough to use up pauses and reopening windows. */
    waitHours: fc.constantFrom(1, 12, 36, 72, 100),
  }),
  { minLength: 1, maxLength: 25 },
);

describe('the service request as a state machine', () => {
  it('moves and refuses as the model does, whatever is asked', () => {
    fc.assert(
      fc.property(walk, (walked) => {
        const facts: Fact[] = [];
        let model = start;
        let offset = 0;
        for (const {
          step: [name, step],
          waitHours,
        } of walked) {
          offset += hours(waitHours);
          const { decision } = step(facts, NOW + offset);
          const next = expected(model, name, NOW + offset);
          expect([name, E.isLeft(decision)]).toEqual([name, next === null]);
          model = next ?? model;
          facts.push(...happened(decision, offset));
          const state = stateOf(ofServiceRequest, facts, defaultConfiguration);
          expect(state.stage).toBe(model.stage);
          if (state.stage !== 'unknown') expect(state.pausedMs).toBe(model.pausedMs);
        }
      }),
      { numRuns: 300 },
    );
  });
});
