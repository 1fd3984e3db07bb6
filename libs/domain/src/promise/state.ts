import { refuse } from '../command/errors';
import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';

/** A promise as its stream tells it (`domain.md §10.9`). */
export type PromiseState =
  | { readonly stage: 'unknown' }
  | { readonly stage: 'made'; readonly made: FactData['PromiseMade'] }
  | { readonly stage: 'settled'; readonly made: FactData['PromiseMade']; readonly settled: FactData['PromiseSettled'] };

export const evolvePromise = (state: PromiseState, fact: Fact): PromiseState => {
  switch (state.stage) {
    case 'unknown':
      return fact.type === 'PromiseMade' ? { stage: 'made', made: fact.data } : state;
    case 'made':
      return fact.type === 'PromiseSettled' ? { stage: 'settled', made: state.made, settled: fact.data } : state;
    case 'settled':
      return state;
  }
};

export const promiseNotFound = (promiseId: string) =>
  refuse('PromiseNotFound', `promise ${promiseId} is unknown`, { path: '/promiseId' });

/** What all commands on a promise share. */
export const ofPromise = {
  streamOf: ({ promiseId }: { readonly promiseId: string }): string => `promise-${promiseId}`,
  initial: { stage: 'unknown' } as PromiseState,
  evolve: evolvePromise,
  partiesIn: (state: PromiseState): ReadonlyArray<string> => (state.stage === 'unknown' ? [] : [state.made.partyId]),
};
