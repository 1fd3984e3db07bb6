import { refuse } from '../command/errors';
import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';
import type { Instant } from '../time/calendar';

type Received = FactData['EnquiryReceived'];
type Closed = FactData['EnquiryClosed'];

/** An enquiry as its stream tells it (`domain.md §11.3 Q4`). */
export type EnquiryState =
  /** `closed`: an imported closing that is dated before the receipt stands, as it does in the read models. */
  | { readonly stage: 'unknown'; readonly closed: Closed | null }
  | { readonly stage: 'open'; readonly received: Received; readonly receivedAt: Instant }
  | { readonly stage: 'closed'; readonly received: Received; readonly closed: Closed };

export const evolveEnquiry = (state: EnquiryState, fact: Fact): EnquiryState => {
  switch (fact.type) {
    case 'EnquiryReceived':
      if (state.stage !== 'unknown') return state;
      return state.closed === null
        ? { stage: 'open', received: fact.data, receivedAt: fact.occurredAt }
        : { stage: 'closed', received: fact.data, closed: state.closed };
    case 'EnquiryClosed':
      if (state.stage === 'open') return { stage: 'closed', received: state.received, closed: fact.data };
      return state.stage === 'unknown' && state.closed === null ? { stage: 'unknown', closed: fact.data } : state;
    default:
      return state;
  }
};

export const enquiryNotFound = (enquiryId: string) =>
  refuse('EnquiryNotFound', `enquiry ${enquiryId} is unknown`, { path: '/enquiryId' });

/** What all commands on an enquiry share. */
export const ofEnquiry = {
  streamOf: ({ enquiryId }: { readonly enquiryId: string }): string => `enquiry-${enquiryId}`,
  initial: { stage: 'unknown', closed: null } as EnquiryState,
  evolve: evolveEnquiry,
  partiesIn: (state: EnquiryState): ReadonlyArray<string> =>
    state.stage === 'unknown' ? [] : [state.received.partyId],
};
