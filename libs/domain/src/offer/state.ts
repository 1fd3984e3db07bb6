import { refuse } from '../command/errors';
import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';
import type { Instant } from '../time/calendar';

type Made = FactData['OfferMade'];
type Answered = FactData['OfferAnswered'];

/** An offer as its stream tells it; that it has expired follows from the clock. */
export type OfferState =
  | { readonly stage: 'unknown' }
  | { readonly stage: 'made'; readonly made: Made; readonly madeAt: Instant }
  | { readonly stage: 'answered'; readonly made: Made; readonly answered: Answered };

export const evolveOffer = (state: OfferState, fact: Fact): OfferState => {
  switch (fact.type) {
    case 'OfferMade':
      return state.stage === 'unknown' ? { stage: 'made', made: fact.data, madeAt: fact.occurredAt } : state;
    case 'OfferAnswered':
      return state.stage === 'made' ? { stage: 'answered', made: state.made, answered: fact.data } : state;
    default:
      return state;
  }
};

export const offerNotFound = (offerId: string) =>
  refuse('OfferNotFound', `offer ${offerId} is unknown`, { path: '/offerId' });

/** What all commands on an offer share. */
export const ofOffer = {
  streamOf: ({ offerId }: { readonly offerId: string }): string => `offer-${offerId}`,
  initial: { stage: 'unknown' } as OfferState,
  evolve: evolveOffer,
  partiesIn: (state: OfferState): ReadonlyArray<string> => (state.stage === 'unknown' ? [] : [state.made.partyId]),
};
