import type { PartyView } from '../figures/definition';
import { isoOrNull } from '../iso';
import { isAnswered, resolutionsOf } from './resolutions';

/** PR10 of one customer: every resolution with its confirmation, the newest first; `awaited`: it still asks for one. */
export const confirmationView: PartyView = {
  code: 'PR10',
  name: 'confirmations',
  title: 'Every resolution, and whether the customer confirmed it or is still to be asked',
  read: async ({ evidence, policy }) => ({
    resolutions: resolutionsOf(evidence, policy.configuration)
      .toSorted((one, other) => other.at - one.at || (one.id < other.id ? -1 : 1))
      .map(({ matter, id, at, confirmation }) => ({
        matter,
        id,
        resolvedAt: isoOrNull(at),
        confirmation,
        awaited: !isAnswered(confirmation) && confirmation !== 'unreachable',
      })),
  }),
};
