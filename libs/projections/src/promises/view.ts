import type { PartyView } from '../figures/definition';
import { isoOrNull } from '../iso';
import { promisesOf } from './judged-promise';

/** PR19 of one customer: every promise and what became of it (`domain.md §10.9`), the latest due first. */
export const promiseView: PartyView = {
  code: 'PR19',
  name: 'promises',
  title: 'Every promise, agreed times of requests included, with its due and what became of it',
  read: async ({ evidence, policy, asOf }) => ({
    promises: [...promisesOf(evidence, policy.configuration, asOf)]
      .sort((a, b) => b.dueAt - a.dueAt || (a.promiseId < b.promiseId ? -1 : 1))
      .map((promise) => ({
        ...promise,
        madeAt: isoOrNull(promise.madeAt),
        dueAt: isoOrNull(promise.dueAt),
        fulfilledAt: isoOrNull(promise.fulfilledAt),
      })),
  }),
};
