import { fact, isoOnDay, onDay, orderPlaced } from '../customer/fact-builder';
import type { Fact } from '../facts/envelope';
import {
  claimed,
  completed,
  contact,
  dayOf,
  enquiry,
  enquiryClosed,
  hours,
  identified,
  itemOn,
  itemsOn,
  offer,
  released,
} from './arbitrary-scenario';

const seconds = (count: number): number => count / 86_400;

// coverage: 156
describe('Q4 conversion', () => {
  test.each<[string, ReadonlyArray<Fact>, number]>([
    ['by phone: 180 s', [enquiry(0.5, 'e1', 'phone')], 0.5 + seconds(180)],
    ['by chat: 180 s', [enquiry(0.5, 'e1', 'chat')], 0.5 + seconds(180)],
    ['by e-mail: 24 h', [enquiry(0.5, 'e1')], 1.5],
    ['answered: next action within 7 d', [enquiry(0.5, 'e1'), contact(1, 'sales')], 8],
    [
      'not reached: the first answer is still due',
      [enquiry(0.5, 'e1'), contact(1, 'sales', { outcome: 'no_answer' })],
      1.5,
    ],
    [
      'a call that was completed: next action within 7 d',
      [enquiry(0.5, 'e1'), contact(1, 'sales', { outcome: 'completed' })],
      8,
    ],
    ['a contact at the instant of the enquiry answers it', [contact(0.5, 'sales'), enquiry(0.5, 'e1')], 7.5],
    ['a contact before the enquiry is no answer', [contact(0.4, 'sales'), enquiry(0.5, 'e1')], 1.5],
    ['an offer about something else is no answer', [enquiry(0.5, 'e1'), offer(2, 'of1', 20)], 1.5],
    [
      'the later of two offers: when that ends',
      [enquiry(0.5, 'e1'), offer(3, 'of2', 9, 'e1'), offer(2, 'of1', 20, 'e1')],
      9,
    ],
    ['an offer waits: when it ends', [enquiry(0.5, 'e1'), contact(1, 'sales'), offer(2, 'of1', 20, 'e1')], 20],
    [
      'the offer was answered: 7 d after the last contact',
      [enquiry(0.5, 'e1'), offer(2, 'of1', 20, 'e1'), fact('OfferAnswered', 3, { offerId: 'of1', answer: 'declined' })],
      10,
    ],
  ])('an open enquiry is due %s', (_, facts, due) => {
    const item = itemOn(4, 'Q4', facts);
    expect(item).toMatchObject({ state: 'open', visibility: 'visible', triggerKey: 'e1', weight: 0.8 });
    expect(dayOf(item.dueAt)).toBeCloseTo(due, 9);
  });

  // The last contact was when the offer was made: an answer given in time, at the end of an offer, made the item as
  // many days overdue as the offer had been open beyond seven.
  test('an answer is a contact: the next action is due 7 d after it, not after the offer', () => {
    const facts = [enquiry(0.5, 'e1'), offer(2, 'of1', 30, 'e1')];
    const answer = fact('OfferAnswered', 20, { offerId: 'of1', answer: 'declined' });
    expect(dayOf(itemOn(19, 'Q4', facts).dueAt)).toBe(30);
    expect(dayOf(itemOn(21, 'Q4', [...facts, answer]).dueAt)).toBe(27);
    // Another offer waits for its answer, whatever was said of the one before.
    expect(dayOf(itemOn(21, 'Q4', [...facts, offer(10, 'of2', 40, 'e1'), answer]).dueAt)).toBe(40);
  });

  test.each<[string, ReadonlyArray<Fact>]>([
    ['closed', [enquiryClosed(2, 'e1', 'lost')]],
    ['an order was placed for it', [orderPlaced(2, 'o1', { enquiryId: 'e1' })]],
  ])('an enquiry leaves when %s', (_, facts) => {
    expect(itemOn(3, 'Q4', [enquiry(0.5, 'e1'), ...facts])).toMatchObject({ state: 'closed', closedBy: 'auto' });
  });

  test.each<[string, Fact, number]>([
    ['at its instant', orderPlaced(0.5, 'o1', { enquiryId: 'e1' }), 0],
    ['before it, as an order of an earlier one with its name,', orderPlaced(0.4, 'o1', { enquiryId: 'e1' }), 1],
    ['for another one', orderPlaced(0.5, 'o1', { enquiryId: 'e2' }), 1],
  ])('an order placed %s leaves so many items of the enquiry: %d', (_, order, count) => {
    expect(itemsOn(3, 'Q4', [order, enquiry(0.5, 'e1')])).toHaveLength(count);
  });

  test('nurture brings the same item back after 30 d, or when agreed, as often as needed', () => {
    const nurtured = [enquiry(0.5, 'e1'), completed(1, 'Q4', 'e1', 'nurture')];
    expect([itemOn(2, 'Q4', nurtured).notBefore, itemOn(2, 'Q4', nurtured).dueAt].map(dayOf)).toEqual([31, 32]);
    expect(itemOn(31, 'Q4', nurtured).visibility).toBe('visible');
    const agreed = [enquiry(0.5, 'e1'), completed(1, 'Q4', 'e1', 'nurture', 6)];
    expect(dayOf(itemOn(2, 'Q4', agreed).notBefore)).toBe(6);
    for (const past of [0.6, 1]) {
      const late = [enquiry(0.5, 'e1'), completed(1, 'Q4', 'e1', 'nurture', past)];
      expect(dayOf(itemOn(2, 'Q4', late).notBefore)).toBe(31);
    }
    const thrice = [1, 40, 80, 120].map((day) => completed(day, 'Q4', 'e1', 'nurture'));
    expect(itemOn(121, 'Q4', [enquiry(0.5, 'e1'), ...thrice])).toMatchObject({ state: 'open', attempts: 4 });
  });

  // It slept for 30 days whatever came: an offer made meanwhile ended unseen, and was due when the sleep was over.
  test('an offer wakes what was to be nurtured, and is due when it ends', () => {
    const nurtured = [enquiry(0.5, 'e1'), completed(1, 'Q4', 'e1', 'nurture')];
    const offered = [...nurtured, offer(5, 'of1', 12, 'e1')];
    const awake = { visibility: 'visible', state: 'open', attempts: 1 };
    expect(itemOn(4.9, 'Q4', offered)).toMatchObject({ visibility: 'snoozed' });
    expect(itemOn(5, 'Q4', offered)).toMatchObject({ ...awake, dueAt: onDay(12), startedAt: onDay(5) });
    const answered = [...offered, fact('OfferAnswered', 8, { offerId: 'of1', answer: 'declined' })];
    expect(itemOn(9, 'Q4', answered)).toMatchObject({ ...awake, dueAt: onDay(15) });
    const later = itemOn(10, 'Q4', [...answered, completed(9.5, 'Q4', 'e1', 'nurture')]);
    expect([later.visibility, dayOf(later.notBefore)]).toEqual(['snoozed', 39.5]);
    expect(dayOf(later.dueAt)).toBeGreaterThan(39.5);
  });

  test.each(['converted', 'lost', 'disqualified'])('%s closes the item for good', (outcome) => {
    const item = itemOn(400, 'Q4', [enquiry(0.5, 'e1'), completed(1, 'Q4', 'e1', outcome)]);
    expect(item).toMatchObject({ state: 'closed', closedBy: 'outcome', outcome, closedAt: onDay(1) });
  });
});

const request = (days: number, parts: { agreedDueAt?: string } = {}): Fact =>
  fact('ServiceRequestOpened', days, {
    requestId: 'r1',
    partyId: 'p1',
    channel: 'email',
    category: 'billing',
    class: 'deferred',
    openedAt: isoOnDay(days),
    ...parts,
  });
const requestResolved = (days: number): Fact =>
  fact('ServiceRequestResolved', days, {
    requestId: 'r1',
    resolutionCode: 'done',
    byTier: 'back_office',
    resolvedAt: isoOnDay(days),
  });
const promise = (days: number, dueDays: number, relatedTo?: string): Fact =>
  fact('PromiseMade', days, {
    promiseId: 'pr1',
    partyId: 'p1',
    madeBy: 'a1',
    dueAt: isoOnDay(dueDays),
    ...(relatedTo === undefined ? {} : { relatedTo }),
  });
const failure = (days: number): Fact =>
  fact('ServiceFailureDetected', days, {
    failureId: 'f1',
    partyIds: ['p1'],
    kind: 'outage',
    severity: 2,
    detectedBy: 'us',
  });

const DSR = 'data-subject-request:d1';
const dataSubjectRequest = (day: number, due: number): Fact =>
  fact('DataSubjectRequestReceived', day, {
    partyId: 'p1',
    dsrId: 'd1',
    kind: 'access',
    receivedAt: isoOnDay(day),
    dueAt: isoOnDay(due),
  });

// coverage: 158
describe('Q6 deliver the basics', () => {
  // coverage: 101
  test.each<[string, ReadonlyArray<Fact>, string, number, number]>([
    ['a request at 75 % of its time', [request(0.1)], 'request:r1', 0.1 + hours(18), 1.1],
    ['a promise 24 h before it is due', [promise(0, 5)], 'promise:pr1', 4, 5],
    ['a promise made less than 24 h before', [promise(4.5, 5)], 'promise:pr1', 4.5, 5],
    [
      'an order after its promised delivery',
      [orderPlaced(0, 'o1', { promisedAt: isoOnDay(3.3) })],
      'order:o1',
      3.3,
      3.3,
    ],
    ['a failure at once', [failure(2)], 'failure:f1', 2, 3],
    ['a request of the data subject at 75 % of its legal time', [dataSubjectRequest(1, 32)], DSR, 24.25, 32],
  ])('%s opens an item at that very instant', (_, facts, triggerKey, entered, due) => {
    expect(itemsOn(entered - hours(0.01), 'Q6', facts)).toEqual([]);
    const item = itemOn(entered + 0.01, 'Q6', facts);
    expect(item).toMatchObject({ triggerKey, weight: 0.9, retentionKind: 'preventive', visibility: 'visible' });
    expect(Math.abs(item.enteredAt - onDay(entered))).toBeLessThanOrEqual(1);
    expect(dayOf(item.dueAt)).toBeCloseTo(due, 9);
  });

  test('an order that is late ages from when it was placed', () => {
    const item = itemOn(4, 'Q6', [orderPlaced(0, 'o1', { promisedAt: isoOnDay(3) })]);
    expect([item.startedAt, item.dueAt].map(dayOf)).toEqual([0, 3]);
  });

  test.each<[string, ReadonlyArray<Fact>]>([
    ['request', [request(0), requestResolved(2)]],
    ['promise', [promise(0, 1.5), fact('PromiseSettled', 2, { promiseId: 'pr1', outcome: 'kept' })]],
    [
      'order',
      [
        orderPlaced(0, 'o1', { promisedAt: isoOnDay(1) }),
        fact('OrderFulfilled', 2, { orderId: 'o1', deliveredAt: isoOnDay(2), complete: true }),
      ],
    ],
    ['failure', [failure(1), contact(2, 'information')]],
    [
      'request of the data subject',
      [
        dataSubjectRequest(0, 2.5),
        fact('DataSubjectRequestFulfilled', 2, { partyId: 'p1', dsrId: 'd1', outcome: 'refused' }),
      ],
    ],
  ])('a %s leaves when it is settled', (_, facts) => {
    expect(itemOn(1.9, 'Q6', facts)).toMatchObject({ state: 'open' });
    expect(itemOn(2, 'Q6', facts)).toMatchObject({ state: 'closed', closedBy: 'auto', closedAt: onDay(2) });
  });

  test('a marketing contact or a call that nobody took does not follow up a failure', () => {
    const facts = [failure(1), contact(2, 'campaign'), contact(2.1, 'service', { outcome: 'no_answer' })];
    expect(itemOn(3, 'Q6', facts)).toMatchObject({ state: 'open' });
  });

  test.each<[string, Fact, string]>([
    ['at its very instant', contact(1, 'service'), 'closed'],
    ['before it', contact(0.9, 'service'), 'open'],
    ['of the customer with us', contact(2, 'service', { direction: 'inbound' }), 'open'],
    ['by a message left', contact(2, 'service', { outcome: 'voicemail' }), 'closed'],
  ])('a contact %s follows up a failure or not', (_, told, state) => {
    // Told before the failure of the same instant, it opens nothing at all.
    const items = itemsOn(3, 'Q6', [failure(1), told]);
    expect(items.every((item) => item.state === state)).toBe(true);
    expect(items.length > 0 || state === 'closed').toBe(true);
  });

  test('the agreed time of a request is not owed a second time as a promise', () => {
    const facts = [request(0, { agreedDueAt: isoOnDay(0.8) }), promise(0, 0.8, 'r1')];
    expect(itemsOn(2, 'Q6', facts).map(({ triggerKey }) => triggerKey)).toEqual(['request:r1']);
  });

  test('a reopened request is a new obligation', () => {
    const reopened = fact('ServiceRequestReopened', 3, { requestId: 'r1', reason: 'again' });
    const facts = [request(0), requestResolved(2), reopened];
    expect(itemsOn(3 + hours(19), 'Q6', facts)).toMatchObject([
      { triggerKey: 'request:r1', state: 'closed' },
      { triggerKey: `request:r1:${isoOnDay(3)}`, state: 'open', dueAt: onDay(4) },
    ]);
  });

  test('a customer who cannot be reached while something is owed opens an item, until a contact point works', () => {
    const facts = [identified(0, false), promise(0, 10)];
    expect(itemOn(1, 'Q6', facts)).toMatchObject({ triggerKey: 'data:promise:pr1', state: 'open' });
    expect(itemOn(3, 'Q6', [...facts, identified(2)])).toMatchObject({ state: 'closed', closedBy: 'auto' });
    expect(itemsOn(1, 'Q6', [promise(0, 10)])).toEqual([]);
  });

  test.each(['delivered', 'rescheduled_with_agreement', 'failed', 'duplicate'])(
    '%s closes the item for good',
    (outcome) => {
      const facts = [failure(1), completed(1.1, 'Q6', 'failure:f1', outcome)];
      expect(itemOn(100, 'Q6', facts)).toMatchObject({ state: 'closed', closedBy: 'outcome', outcome });
    },
  );
});

describe('claims and releases', () => {
  const opening = failure(1);

  test('a claim holds the item until its lease ends, to the millisecond', () => {
    const facts = [opening, claimed(1.5, 'Q6', 'failure:f1')];
    const endsAt = 1.5 + hours(0.5);
    expect(itemOn(endsAt - 1 / 86_400_000, 'Q6', facts)).toMatchObject({
      state: 'claimed',
      claimedBy: { agentId: 'a1' },
    });
    expect(itemOn(endsAt, 'Q6', facts)).toMatchObject({ state: 'open', claimedBy: null });
  });

  test('the first action on an item is its first claim, whatever is released and claimed later', () => {
    const facts = [opening, claimed(1.5, 'Q6', 'failure:f1'), released(1.51, 'Q6', 'failure:f1')];
    expect(itemOn(1.6, 'Q6', facts)).toMatchObject({ state: 'open', firstActionAt: onDay(1.5) });
    expect(itemOn(1.66, 'Q6', [...facts, claimed(1.65, 'Q6', 'failure:f1')])).toMatchObject({
      claimedBy: { at: onDay(1.65) },
      firstActionAt: onDay(1.5),
    });
    expect(itemOn(1.7, 'Q6', [opening, completed(1.6, 'Q6', 'failure:f1', 'delivered')])).toMatchObject({
      state: 'closed',
      firstActionAt: onDay(1.6),
    });
    expect(itemOn(1.6, 'Q6', [opening])).toMatchObject({ firstActionAt: null });
  });

  test('an item that closed by itself while it was held stays closed when the lease ends', () => {
    const facts = [opening, claimed(1.5, 'Q6', 'failure:f1'), contact(1.51, 'service')];
    expect(itemOn(2, 'Q6', facts)).toMatchObject({ state: 'closed', closedBy: 'auto', closedAt: onDay(1.51) });
  });

  test('a release snoozes the item until the instant named', () => {
    const facts = [opening, claimed(1.5, 'Q6', 'failure:f1'), released(1.51, 'Q6', 'failure:f1', 1.9)];
    expect(itemOn(1.6, 'Q6', facts)).toMatchObject({ state: 'open', visibility: 'snoozed', notBefore: onDay(1.9) });
    expect(itemOn(1.9, 'Q6', facts)).toMatchObject({ visibility: 'visible', dueAt: onDay(2) });
  });
});
