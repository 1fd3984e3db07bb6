import type * as t from 'io-ts';
import { freeText, id, instant, oneOf, reference } from '../facts/codec';
import { personal, record } from '../facts/structure';

export const promiseOutcomes = ['kept', 'broken', 'released'] as const;

/** `madeBy`: the agent or system that promised; `relatedTo`: what the promise is about (order, request, complaint). */
export const PromiseMade = record(
  { promiseId: id, partyId: id, madeBy: reference, dueAt: instant },
  { relatedTo: reference, text: personal(freeText) },
);
export type PromiseMade = t.TypeOf<typeof PromiseMade>;

export const PromiseSettled = record({ promiseId: id, outcome: oneOf(promiseOutcomes) }, { fulfilledAt: instant });
export type PromiseSettled = t.TypeOf<typeof PromiseSettled>;
