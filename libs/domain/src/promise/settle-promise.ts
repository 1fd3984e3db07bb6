import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { invalidField, refuse } from '../command/errors';
import { guardNotFuture } from '../command/guards';
import { id, instant, oneOf } from '../facts/codec';
import { record, type RecordOf, refine } from '../facts/structure';
import { toIso } from '../time/calendar';
import { promiseOutcomes } from './events';
import { ofPromise, promiseNotFound, type PromiseState } from './state';

const required = { promiseId: id };
/**
 * `outcome: released` lets us off; `outcome: broken` without `fulfilledAt` says that it was never
 * fulfilled. Otherwise the promise was fulfilled at `fulfilledAt`, the command's occurredAt when absent.
 */
const optional = { fulfilledAt: instant, outcome: oneOf(promiseOutcomes) };
export type SettlePromise = RecordOf<typeof required, typeof optional>;

/**
 * Kept iff fulfilledAt ≤ dueAt, else broken; only a customer releases (`domain.md §10.9`). A promise of a request's
 * agreed time waits for the customer with it, as the read models have it (§10.4).
 */
export const settlePromise: CommandDefinition<SettlePromise, PromiseState> = {
  name: 'SettlePromise',
  input: refine(record(required, optional), ({ outcome, fulfilledAt }) =>
    outcome === 'released' && fulfilledAt !== undefined
      ? { field: 'fulfilledAt', message: 'must be left out of a release' }
      : null,
  ),
  ...ofPromise,
  needs: ({ promiseId }) => ({ promiseId }),
  goesOn: true,
  decide:
    ({ promiseId, fulfilledAt, outcome }, context) =>
    (state) => {
      if (state.stage === 'unknown') return promiseNotFound(promiseId);
      if (outcome === 'released' && context.actor.kind !== 'customer') {
        return refuse('Forbidden', 'only the customer releases from a promise', { path: '/outcome' });
      }
      if (state.stage === 'settled') {
        return refuse('PromiseAlreadySettled', `promise ${promiseId} is ${state.settled.outcome}`, {
          details: { outcome: state.settled.outcome },
        });
      }
      const subjects = [state.made.partyId];
      if (outcome === 'released' || (outcome === 'broken' && fulfilledAt === undefined)) {
        return E.right([decided('PromiseSettled', { promiseId, outcome }, subjects)]);
      }
      const at = fulfilledAt === undefined ? context.occurredAt : Date.parse(fulfilledAt);
      const future = guardNotFuture(at, context, '/fulfilledAt');
      if (future) return E.left(future);
      const dueAt = context.knowledge.promiseDueAt ?? Date.parse(state.made.dueAt);
      const computed = at <= dueAt ? 'kept' : 'broken';
      if (outcome !== undefined && outcome !== computed) {
        return invalidField('/outcome', `is computed: fulfilled at ${toIso(at)}, due ${toIso(dueAt)}: ${computed}`);
      }
      return E.right([decided('PromiseSettled', { promiseId, outcome: computed, fulfilledAt: toIso(at) }, subjects)]);
    },
};
