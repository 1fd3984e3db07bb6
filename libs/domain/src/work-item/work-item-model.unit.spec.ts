import * as fc from 'fast-check';
import { stateOf } from '../command/definition';
import { NOW, run } from '../command/given-when-then';
import { type Step, walk } from '../command/walks';
import { defaultConfiguration } from '../policy/configuration';
import { MINUTE_MS } from '../time/calendar';
import { claimWorkItem } from './claim-work-item';
import { completeWorkItem } from './complete-work-item';
import { releaseWorkItem } from './release-work-item';
import { isHeld, ofWorkItem } from './state';
import { ITEM_ID, known } from './work-item-fixtures';

const LEASE_MS = 30 * MINUTE_MS;

/** Who holds the item until just before when; and how its work ended, while nobody claimed it since. */
interface Model {
  readonly holder: string | null;
  readonly until: number;
  readonly completed: string | null;
}

const free = { holder: null, until: 0 };
const isHolding = ({ holder, until }: Model, agentId: string, at: number, isSupervised = false): boolean =>
  holder !== null && at < until && (holder === agentId || isSupervised);

const at = (occurredAt: number, now: number, role = 'front_office') => ({
  occurredAt,
  now,
  knowledge: known(),
  actor: { kind: 'agent', id: 'actor', roles: [role] } as const,
});

const claim = (agentId: string, waitMinutes: number): Step<Model> => ({
  name: `${agentId} claims after ${waitMinutes} min`,
  waitMinutes,
  ask: (facts, occurredAt, now) =>
    run(claimWorkItem, { itemId: ITEM_ID, agentId }, facts, at(occurredAt, now)).decision,
  expected: (model, when) => {
    if (isHolding(model, agentId, when)) return model;
    if (isHolding(model, agentId, when, true)) return 'AlreadyClaimed';
    return { holder: agentId, until: when + LEASE_MS, completed: null };
  },
});

const release = (agentId: string, role: string): Step<Model> => ({
  name: `${role} releases for ${agentId}`,
  ask: (facts, occurredAt, now) =>
    run(releaseWorkItem, { itemId: ITEM_ID, agentId, reason: 'shift' }, facts, at(occurredAt, now, role)).decision,
  expected: (model, when) =>
    isHolding(model, agentId, when, role === 'supervisor') ? { ...model, ...free } : 'NotHolder',
});

const complete = (agentId: string, outcome: string, role: string): Step<Model> => ({
  name: `${role} completes for ${agentId}: ${outcome}`,
  ask: (facts, occurredAt, now) =>
    run(completeWorkItem, { itemId: ITEM_ID, agentId, outcome }, facts, at(occurredAt, now, role)).decision,
  expected: (model, when) => {
    const said = `${agentId}: ${outcome}`;
    if (model.completed === said) return model;
    if (!isHolding(model, agentId, when, role === 'supervisor')) return 'NotHolder';
    if (outcome === 'won_back') return 'InvalidOutcome';
    return outcome === 'recovered' ? 'EvidenceRequired' : { ...free, completed: said };
  },
});

const agent = fc.constantFrom('agent-1', 'agent-2');
const role = fc.constantFrom('front_office', 'front_office', 'supervisor');

describe('the work on an item as a state machine', () => {
  it('moves and refuses as the model does, and one agent holds it at most', () => {
    walk<Model>({
      start: { ...free, completed: null },
      steps: [
        fc.tuple(agent, fc.constantFrom(1, 10, 29, 30)).map((said) => claim(...said)),
        fc.tuple(agent, role).map((said) => release(...said)),
        fc
          .tuple(agent, fc.constantFrom('apologised', 'unreachable', 'recovered', 'won_back'), role)
          .map((said) => complete(...said)),
      ],
      agrees: ({ holder, until, completed }, facts) => {
        const now = facts.at(-1)?.occurredAt ?? NOW;
        const state = stateOf(ofWorkItem, facts, defaultConfiguration);
        expect(isHeld(state, now) ? state.claimed.agentId : null).toBe(now < until ? holder : null);
        expect(state.stage === 'completed').toBe(completed !== null);
      },
    });
  });
});
