import * as fc from 'fast-check';
import { stateOf } from '../command/definition';
import { run } from '../command/given-when-then';
import { type Step, walk } from '../command/walks';
import { defaultConfiguration } from '../policy/configuration';
import { HOUR_MS, toIso } from '../time/calendar';
import { makePromise } from './make-promise';
import { settlePromise } from './settle-promise';
import { ofPromise } from './state';

interface Model {
  readonly dueAt: number | null;
  readonly outcome: string | null;
}

const p1 = { promiseId: 'p1' };

const make = (hoursAhead: number): Step<Model> => ({
  name: `promise in ${hoursAhead} h`,
  ask: (facts, occurredAt, now) =>
    run(makePromise, { ...p1, partyId: 'customer', dueAt: toIso(occurredAt + hoursAhead * HOUR_MS) }, facts, {
      occurredAt,
      now,
    }).decision,
  expected: (model, at) => {
    // Another due time makes another promise, and every step has another instant.
    if (model.dueAt !== null) return 'InvalidState';
    return hoursAhead <= 0 ? 'InvalidInterval' : { ...model, dueAt: at + hoursAhead * HOUR_MS };
  },
});

/** What is said of the outcome: fulfilled now, never fulfilled, or released by somebody. */
const settle = (
  said: 'fulfilled' | 'broken' | 'released',
  by: 'agent' | 'customer',
  waitMinutes: number,
): Step<Model> => ({
  name: `${said} by the ${by} after ${waitMinutes} min`,
  waitMinutes,
  ask: (facts, occurredAt, now) =>
    run(settlePromise, { ...p1, ...(said === 'fulfilled' ? {} : { outcome: said }) }, facts, {
      occurredAt,
      now,
      actor: { kind: by, id: by, roles: [] },
    }).decision,
  expected: (model, at) => {
    if (model.dueAt === null) return 'PromiseNotFound';
    if (said === 'released' && by !== 'customer') return 'Forbidden';
    if (model.outcome !== null) return 'PromiseAlreadySettled';
    if (said !== 'fulfilled') return { ...model, outcome: said };
    return { ...model, outcome: at <= model.dueAt ? 'kept' : 'broken' };
  },
});

describe('the promise as a state machine', () => {
  it('moves and refuses as the model does, and its outcome is never said again', () => {
    walk<Model>({
      start: { dueAt: null, outcome: null },
      steps: [
        fc.constantFrom(-1, 0, 1, 2, 3).map(make),
        fc
          .tuple(
            fc.constantFrom('fulfilled', 'fulfilled', 'broken', 'released'),
            fc.constantFrom('agent', 'customer'),
            fc.constantFrom(1, 59, 61, 200),
          )
          .map((said) => settle(...said)),
      ],
      agrees: ({ dueAt, outcome }, facts) => {
        const state = stateOf(ofPromise, facts, defaultConfiguration);
        const stage = dueAt === null ? 'unknown' : outcome === null ? 'made' : 'settled';
        expect(state.stage).toBe(stage);
        if (state.stage === 'settled') expect(state.settled.outcome).toBe(outcome);
        expect(facts.length).toBe(Number(dueAt !== null) + Number(outcome !== null));
      },
    });
  });
});
