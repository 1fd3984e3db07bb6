import { refuse } from '../command/errors';
import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';
import type { Instant } from '../time/calendar';

type Received = FactData['EnquiryReceived'];
type Closed = FactData['EnquiryClosed'];

/** An enquiry as its stream tells it (`domain.md §11.3 Q4`). */
export type EnquiryState =
  | { readonly stage: 'unknown' }
  | { readonly stage: 'open'; readonly received: Received; readonly receivedAt: Instant }
  | { readonly stage: 'closed'; readonly received: Received; readonly closed: Closed };

export const evolveEnquiry = (state: EnquiryState, fact: Fact): EnquiryState => {
  switch (fact.type) {
    case 'EnquiryReceived':
      return state.stage === 'unknown' ? { stage: 'open', received: fact.data, receivedAt: fact.occurredAt } : state;
    case 'EnquiryClosed':
      return state.stage === 'open' ? { stage: 'closed', received: state.received, closed: fact.data } : state;
    default:
      return state;
  }
};

export const enquiryNotFound = (enquiryId: string) =>
  refuse('EnquiryNotFound', `enquiry ${enquiryId} is unknown`, { path: '/enquiryId' });

/** What all commands on an enquiry share. */
export const ofEnquiry = {
  streamOf: ({ enquiryId }: { readonly enquiryId: string }): string => `enquiry-${enquiryId}`,
  initial: { stage: 'unknown' } as EnquiryState,
  evolve: evolveEnquiry,
  partiesIn: (state: EnquiryState): ReadonlyArray<string> =>
    state.stage === 'unknown' ? [] : [state.received.partyId],
};
