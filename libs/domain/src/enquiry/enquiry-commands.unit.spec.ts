import * as fc from 'fast-check';
import { absorbedBy, given, hours, live, past, run } from '../command/given-when-then';
import { type Step, walk } from '../command/walks';
import type { FactData } from '../facts/catalogue';
import { closeEnquiry } from './close-enquiry';
import { enquiryOutcomes } from './events';
import { receiveEnquiry } from './receive-enquiry';

const enquiry = { enquiryId: 'e1', partyId: 'customer', channel: 'web', productLine: 'tea' } as const;
const received = (offsetMs = -hours(2)) => past('EnquiryReceived', enquiry, offsetMs);
const closed = (data: Partial<FactData['EnquiryClosed']> = {}, offsetMs = -hours(1)) =>
  past('EnquiryClosed', { enquiryId: 'e1', outcome: 'lost', ...data }, offsetMs);
const placedBy = (partyId: string) => ({ knowledge: { orderPayers: new Map([['o1', partyId]]) } });

describe('ReceiveEnquiry', () => {
  it('receives it with all that was said', () => {
    const said = { ...enquiry, campaignId: 'spring', estValueMinor: 0, text: 'Do you have green tea?' };
    const outcome = given().when(receiveEnquiry, said);
    outcome.then(['EnquiryReceived', said, ['customer']]);
    expect(outcome.streamId).toBe('enquiry-e1');
  });

  it('gives it an id that the same command gives again', () => {
    const { enquiryId: _, ...unnamed } = enquiry;
    const [first, second] = [given().when(receiveEnquiry, unnamed), given().when(receiveEnquiry, unnamed)];
    expect(first.streamId).toMatch(/^enquiry-[0-9a-f-]{36}$/);
    expect(second.streamId).toBe(first.streamId);
  });

  it('is about the survivor of a merge', () => {
    given()
      .when(receiveEnquiry, enquiry, { parties: { customer: absorbedBy('root'), root: live('root') } })
      .then(['EnquiryReceived', { ...enquiry, partyId: 'root' }, ['root']]);
  });

  it.each([
    ['a party nobody knows', 'unknown', 'PartyNotFound'],
    ['an erased party', 'erased', 'PartyErased'],
  ] as const)('refuses %s', (_, status, code) => {
    given()
      .when(receiveEnquiry, enquiry, { parties: { customer: { status } } })
      .thenRefused(code);
  });

  it('refuses a negative value', () => {
    given()
      .when(receiveEnquiry, { ...enquiry, estValueMinor: -1 })
      .thenRefused('ValidationFailed', { path: '/estValueMinor' });
  });

  it('says nothing new when it is received again, and refuses another one with its id', () => {
    given(received()).when(receiveEnquiry, enquiry).thenNothing();
    given(received(), closed()).when(receiveEnquiry, enquiry).thenNothing();
    given(received())
      .when(receiveEnquiry, { ...enquiry, productLine: 'cups' })
      .thenRefused('InvalidState', { path: '/enquiryId' });
  });
});

describe('CloseEnquiry', () => {
  it.each([
    [{ outcome: 'lost', reason: 'price' }],
    [{ outcome: 'disqualified' }],
    [{ outcome: 'converted', orderId: 'o1' }],
  ] as const)('closes it as %j', (how) => {
    given(received())
      .when(closeEnquiry, { enquiryId: 'e1', ...how }, placedBy('customer'))
      .then(['EnquiryClosed', { enquiryId: 'e1', ...how }, ['customer']]);
  });

  it.each([
    ['names no order', {}, 'customer'],
    ['names an order nobody of ours placed', { orderId: 'o2' }, 'customer'],
    ['names an order of another party', { orderId: 'o1' }, 'neighbour'],
  ])('refuses a conversion that %s', (_, order, payer) => {
    given(received())
      .when(closeEnquiry, { enquiryId: 'e1', outcome: 'converted', ...order }, placedBy(payer))
      .thenRefused('OrderMismatch', { path: '/orderId', details: { ...order, partyId: 'customer' } });
  });

  it('refuses an order of another party with any outcome', () => {
    given(received())
      .when(closeEnquiry, { enquiryId: 'e1', outcome: 'lost', orderId: 'o1' }, placedBy('neighbour'))
      .thenRefused('OrderMismatch');
  });

  it('takes the order of the survivor for one of the party that enquired', () => {
    const parties = { customer: absorbedBy('root'), root: live('root') };
    given(received())
      .when(closeEnquiry, { enquiryId: 'e1', outcome: 'converted', orderId: 'o1' }, { parties, ...placedBy('root') })
      .thenAccepted();
  });

  it('happens once, and not before the receipt', () => {
    given(received(), closed())
      .when(closeEnquiry, { enquiryId: 'e1', outcome: 'disqualified' })
      .thenRefused('EnquiryClosedAlready', { details: { outcome: 'lost' } });
    given(received(1))
      .when(closeEnquiry, { enquiryId: 'e1', outcome: 'lost' })
      .thenRefused('InvalidInterval', { path: '/occurredAt' });
    given(received(0)).when(closeEnquiry, { enquiryId: 'e1', outcome: 'lost' }).thenAccepted();
  });

  it('refuses an unknown enquiry, and one whose imported closing is dated before its receipt', () => {
    given().when(closeEnquiry, { enquiryId: 'e1', outcome: 'lost' }).thenRefused('EnquiryNotFound');
    given(closed({}, -hours(3)), received())
      .when(closeEnquiry, { enquiryId: 'e1', outcome: 'lost' })
      .thenRefused('EnquiryClosedAlready');
  });
});

/** Received, then closed, each once; written down a second time. */
interface Model {
  readonly stage: 'unknown' | 'open' | 'closed';
}

const receive = (waitMinutes: number): Step<Model> => ({
  name: 'receive',
  waitMinutes,
  ask: (facts, occurredAt, now) => run(receiveEnquiry, enquiry, facts, { occurredAt, now }).decision,
  expected: ({ stage }) => ({ stage: stage === 'unknown' ? 'open' : stage }),
});

const close = (waitMinutes: number, outcome: FactData['EnquiryClosed']['outcome'], orderId?: string): Step<Model> => ({
  name: `close as ${outcome} by ${orderId ?? 'no order'}`,
  waitMinutes,
  ask: (facts, occurredAt, now) =>
    run(closeEnquiry, { enquiryId: 'e1', outcome, ...(orderId === undefined ? {} : { orderId }) }, facts, {
      occurredAt,
      now,
      ...placedBy('customer'),
    }).decision,
  expected: ({ stage }) => {
    if (stage === 'unknown') return 'EnquiryNotFound';
    if (stage === 'closed') return 'EnquiryClosedAlready';
    if (orderId === 'o2' || (outcome === 'converted' && orderId === undefined)) return 'OrderMismatch';
    return { stage: 'closed' };
  },
});

describe('the enquiry as a state machine', () => {
  it('moves and refuses as the model does, whatever is asked', () => {
    const waitMinutes = fc.integer({ min: 1, max: 60 });
    walk<Model>({
      start: { stage: 'unknown' },
      steps: [
        waitMinutes.map(receive),
        fc
          .tuple(waitMinutes, fc.constantFrom(...enquiryOutcomes), fc.constantFrom(undefined, 'o1', 'o2'))
          .map((said) => close(...said)),
      ],
      agrees: ({ stage }, facts) => {
        const both = ['EnquiryReceived', 'EnquiryClosed'];
        expect(facts.map(({ type }) => type)).toEqual(both.slice(0, ['unknown', 'open', 'closed'].indexOf(stage)));
      },
    });
  });
});
