import * as fc from 'fast-check';
import { stateOf } from '../command/definition';
import { run } from '../command/given-when-then';
import { type Step, walk } from '../command/walks';
import { defaultConfiguration } from '../policy/configuration';
import { fulfilDataSubjectRequest } from './fulfil-data-subject-request';
import { receiveDataSubjectRequest } from './receive-data-subject-request';
import { ofDataSubject, openRequests } from './state';

interface Request {
  readonly kind: string;
  readonly outcome: string | null;
}
type Model = Readonly<Record<string, Request>>;

const openOf = (model: Model) => Object.entries(model).filter(([, { outcome }]) => outcome === null);

const receive = (dsrId: string, kind: string): Step<Model> => ({
  name: `receive ${kind} as ${dsrId}`,
  ask: (facts, occurredAt, now) =>
    run(receiveDataSubjectRequest, { partyId: 'customer', dsrId, kind }, facts, { occurredAt, now }).decision,
  expected: (model) => {
    const known = model[dsrId];
    if (known) return known.kind === kind ? model : 'InvalidState';
    if (openOf(model).some(([, request]) => request.kind === kind)) return 'DuplicateRequest';
    return { ...model, [dsrId]: { kind, outcome: null } };
  },
});

const answer = (dsrId: string, outcome: string): Step<Model> => ({
  name: `answer ${dsrId}: ${outcome}`,
  ask: (facts, occurredAt, now) =>
    run(
      fulfilDataSubjectRequest,
      { partyId: 'customer', dsrId, outcome, ...(outcome === 'refused' ? { refusalBasis: 'unfounded' } : {}) },
      facts,
      { occurredAt, now },
    ).decision,
  expected: (model) => {
    const known = model[dsrId];
    if (known === undefined) return 'DataSubjectRequestNotFound';
    if (known.outcome !== null) return known.outcome === outcome ? model : 'InvalidState';
    if (known.kind === 'erasure' && outcome === 'fulfilled') return 'InvalidState';
    return { ...model, [dsrId]: { ...known, outcome } };
  },
});

const dsrId = fc.constantFrom('d1', 'd2', 'd3', 'd4', 'd5');

describe('the data-subject request as a state machine', () => {
  it('moves and refuses as the model does, and one of a kind is open at most', () => {
    walk<Model>({
      start: {},
      steps: [
        fc.tuple(dsrId, fc.constantFrom('access', 'objection', 'erasure')).map((said) => receive(...said)),
        fc.tuple(dsrId, fc.constantFrom('fulfilled', 'refused')).map((said) => answer(...said)),
      ],
      agrees: (model, facts) => {
        const open = openRequests(stateOf(ofDataSubject, facts, defaultConfiguration));
        expect(open.map((request) => request.dsrId).sort()).toEqual(
          openOf(model)
            .map(([id]) => id)
            .sort(),
        );
        expect(new Set(open.map(({ kind }) => kind)).size).toBe(open.length);
      },
    });
  });
});
