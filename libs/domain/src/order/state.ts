import { refuse } from '../command/errors';
import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';

interface PlacedOrder {
  readonly placed: FactData['OrderPlaced'];
  /** In the order's currency, minor units. */
  readonly reversedMinor: number;
  readonly fulfilled: FactData['OrderFulfilled'] | null;
}

/** An order as its stream tells it. */
export type OrderState =
  | { readonly stage: 'unknown' }
  | (PlacedOrder & { readonly stage: 'placed' })
  | (PlacedOrder & { readonly stage: 'fully_reversed' });

export const evolveOrder = (state: OrderState, fact: Fact): OrderState => {
  if (state.stage === 'unknown') {
    if (fact.type !== 'OrderPlaced') return state;
    return { stage: 'placed', placed: fact.data, reversedMinor: 0, fulfilled: null };
  }
  switch (fact.type) {
    case 'OrderFulfilled':
      return state.fulfilled?.complete ? state : { ...state, fulfilled: fact.data };
    case 'OrderReversed': {
      const reversedMinor = state.reversedMinor + fact.data.amountMinor;
      const isFull = reversedMinor >= state.placed.totalNetMinor;
      return { ...state, reversedMinor, stage: isFull ? 'fully_reversed' : 'placed' };
    }
    default:
      return state;
  }
};

export const orderNotFound = (orderId: string) =>
  refuse('OrderNotFound', `order ${orderId} is unknown`, { path: '/orderId' });

export const orderReversed = (orderId: string) =>
  refuse('OrderReversedAlready', `order ${orderId} is fully reversed`, { path: '/orderId' });

/** Whom its delivery and its return are about: who paid, and who has the benefit (`domain.md §3`). */
export const partiesOf = ({ partyId, beneficiaryId }: PlacedOrder['placed']): ReadonlyArray<string> =>
  beneficiaryId === undefined || beneficiaryId === partyId ? [partyId] : [partyId, beneficiaryId];

/** What all commands on an order share. */
export const ofOrder = {
  streamOf: ({ orderId }: { readonly orderId: string }): string => `order-${orderId}`,
  initial: { stage: 'unknown' } as OrderState,
  evolve: evolveOrder,
  partiesIn: (state: OrderState): ReadonlyArray<string> => (state.stage === 'unknown' ? [] : [state.placed.partyId]),
};
