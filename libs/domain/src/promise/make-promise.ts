import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { idFromCommand } from '../command/identity';
import { rootOf } from '../command/knowledge';
import { repeats } from '../command/same-statement';
import { freeText, id, instant, reference } from '../facts/codec';
import { record, type RecordOf, said } from '../facts/structure';
import { toIso } from '../time/calendar';
import { ofPromise, type PromiseState } from './state';

const required = { partyId: id, dueAt: instant };
/** `madeBy`: the actor when absent. */
const optional = { promiseId: id, madeBy: reference, relatedTo: reference, text: said(freeText) };
export type MakePromise = RecordOf<typeof required, typeof optional>;

const promiseIdOf = ({ promiseId }: MakePromise, { commandId }: { readonly commandId: string }): string =>
  promiseId ?? idFromCommand(commandId, 'promise');

/** Promises something until `dueAt`, later than occurredAt (`domain.md §10.9`). InvalidState: the id is taken by another one. */
export const makePromise: CommandDefinition<MakePromise, PromiseState> = {
  name: 'MakePromise',
  input: record(required, optional),
  ...ofPromise,
  needs: ({ partyId }) => ({ parties: [partyId] }),
  streamOf: (input, context) => ofPromise.streamOf({ promiseId: promiseIdOf(input, context) }),
  decide: (input, context) => (state) => {
    const promiseId = promiseIdOf(input, context);
    const partyId = rootOf(context.knowledge, input.partyId);
    const made = { ...input, promiseId, partyId, madeBy: input.madeBy ?? context.actor.id };
    if (state.stage !== 'unknown') {
      return repeats(state.made, made, context.knowledge)
        ? E.right([])
        : refuse('InvalidState', `promise ${promiseId} was made already`, { path: '/promiseId' });
    }
    if (Date.parse(input.dueAt) <= context.occurredAt) {
      return refuse('InvalidInterval', `the promise falls due after ${toIso(context.occurredAt)}`, { path: '/dueAt' });
    }
    return E.right([decided('PromiseMade', made, [partyId])]);
  },
};
