import * as fc from 'fast-check';
import { stateOf } from '../command/definition';
import { run } from '../command/given-when-then';
import { type Step, walk } from '../command/walks';
import { defaultConfiguration } from '../policy/configuration';
import { fulfilOrder } from './fulfil-order';
import { placeOrder } from './place-order';
import { reverseOrder } from './reverse-order';
import { ofOrder } from './state';

const TOTAL = 1_000;

interface Model {
  readonly isPlaced: boolean;
  readonly reversedMinor: number;
  readonly delivered: 'nothing' | 'part' | 'whole';
}

const place = (channel: string): Step<Model> => ({
  name: `place by ${channel}`,
  ask: (facts, occurredAt, now) =>
    run(
      placeOrder,
      {
        orderId: 'o1',
        partyId: 'customer',
        channel,
        lines: [{ sku: 's1', productLine: 'tea', qty: 1, listMinor: TOTAL, netMinor: TOTAL }],
        totalNetMinor: TOTAL,
        currency: 'GBP',
      },
      facts,
      { occurredAt, now },
    ).decision,
  expected: (model) => (model.isPlaced && channel !== 'web' ? 'InvalidState' : { ...model, isPlaced: true }),
});

const fulfil = (complete: boolean): Step<Model> => ({
  name: complete ? 'deliver the whole' : 'deliver a part',
  ask: (facts, occurredAt, now) => run(fulfilOrder, { orderId: 'o1', complete }, facts, { occurredAt, now }).decision,
  expected: (model) => {
    if (!model.isPlaced) return 'OrderNotFound';
    if (model.reversedMinor === TOTAL) return 'OrderReversedAlready';
    if (model.delivered === 'whole' || (model.delivered === 'part' && !complete)) return 'AlreadyFulfilled';
    return { ...model, delivered: complete ? 'whole' : 'part' };
  },
});

const reverse = (amountMinor: number): Step<Model> => ({
  name: `give back ${amountMinor}`,
  ask: (facts, occurredAt, now) =>
    run(reverseOrder, { orderId: 'o1', kind: 'refunded', amountMinor, reason: 'broken' }, facts, { occurredAt, now })
      .decision,
  expected: (model) => {
    if (!model.isPlaced) return 'OrderNotFound';
    if (model.reversedMinor === TOTAL) return 'OrderReversedAlready';
    const reversedMinor = model.reversedMinor + amountMinor;
    return reversedMinor > TOTAL ? 'ExceedsRefundable' : { ...model, reversedMinor };
  },
});

describe('the order as a state machine', () => {
  it('moves and refuses as the model does, and never gives back more than it took', () => {
    walk<Model>({
      start: { isPlaced: false, reversedMinor: 0, delivered: 'nothing' },
      steps: [
        fc.constant(place('web')),
        fc.boolean().map(fulfil),
        fc.constantFrom(1, 200, 400, 1_000, 1_001).map(reverse),
      ],
      agrees: ({ isPlaced, reversedMinor, delivered }, facts) => {
        const state = stateOf(ofOrder, facts, defaultConfiguration);
        expect(state.stage).toBe(!isPlaced ? 'unknown' : reversedMinor === TOTAL ? 'fully_reversed' : 'placed');
        if (state.stage === 'unknown') return;
        expect(state.reversedMinor).toBe(reversedMinor);
        expect(state.fulfilled?.complete).toBe(delivered === 'nothing' ? undefined : delivered === 'whole');
        const given = facts.flatMap((fact) => (fact.type === 'OrderReversed' ? [fact.data.amountMinor] : []));
        expect(given.reduce((sum, amount) => sum + amount, 0)).toBeLessThanOrEqual(TOTAL);
      },
    });
  });
});
