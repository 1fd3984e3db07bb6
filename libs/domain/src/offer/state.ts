import { refuse } from '../command/errors';
import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';
import type { Instant } from '../time/calendar';

type Made = FactData['OfferMade'];
type Answered = FactData['OfferAnswered'];

/** An offer as its stream tells it; that it has expired follows from the clock. */
export type OfferState =
  /** `answered`: an imported answer that is dated before its offer stands, as it does in the read models. */
  | { readonly stage: 'unknown'; readonly answered: Answered | null }
  | { readonly stage: 'made'; readonly made: Made; readonly madeAt: Instant }
  | { readonly stage: 'answered'; readonly made: Made; readonly answered: Answered };

export const evolveOffer = (state: OfferState, fact: Fact): OfferState => {
  switch (fact.type) {
    case 'OfferMade':
      if (state.stage !== 'unknown') return state;
      return state.answered === null
        ? { stage: 'made', made: fact.data, madeAt: fact.occurredAt }
        : { stage: 'answered', made: fact.data, answered: state.answered };
    case 'OfferAnswered':
      if (state.stage === 'made') return { stage: 'answered', made: state.made, answered: fact.data };
      return state.stage === 'unknown' && state.answered === null ? { stage: 'unknown', answered: fact.data } : state;
    default:
      return state;
  }
};

export const offerNotFound = (offerId: string) =>
  refuse('OfferNotFound', `offer ${offerId} is unknown`, { path: '/offerId' });

/** What all commands on an offer share. */
export const ofOffer = {
  streamOf: ({ offerId }: { readonly offerId: string }): string => `offer-${offerId}`,
  initial: { stage: 'unknown', answered: null } as OfferState,
  evolve: evolveOffer,
  partiesIn: (state: OfferState): ReadonlyArray<string> => (state.stage === 'unknown' ? [] : [state.made.partyId]),
};
