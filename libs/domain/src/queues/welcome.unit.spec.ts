import { fact, isoOnDay, onDay, orderPlaced } from '../customer/fact-builder';
import type { Fact } from '../facts/envelope';
import { completed, consent, contact, dayOf, identified, itemOn, itemsOn, survey } from './arbitrary-scenario';

// coverage: 157
describe('Q5 welcome and get to know', () => {
  const order = orderPlaced(0.5, 'o1');
  const fulfilled = fact('OrderFulfilled', 2, { orderId: 'o1', deliveredAt: isoOnDay(2), complete: true });

  test.each<[string, ReadonlyArray<Fact>, number]>([
    ['7 d after the order', [], 7.5],
    ['72 h after the delivery', [fulfilled], 5],
    ['30 d after the order once welcomed', [fulfilled, contact(3, 'welcome')], 30.5],
    ['30 d after the order once the outcome says so', [fulfilled, completed(3, 'Q5', 'o1', 'welcomed')], 30.5],
    ['30 d after the order once welcomed at its instant', [contact(0.5, 'welcome')], 30.5],
    ['as before, from 7 d after a welcome of before the order', [fulfilled, contact(0.4, 'welcome')], 11.9],
    ['as before when the customer called', [fulfilled, contact(3, 'welcome', { direction: 'inbound' })], 5],
    ['as before when the contact was about something else', [fulfilled, contact(3, 'service')], 5],
    ['as before when nobody answered', [fulfilled, contact(3, 'welcome', { outcome: 'no_answer' })], 5],
  ])('is due %s', (_, facts, due) => {
    const item = itemOn(4, 'Q5', [order, ...facts]);
    expect(item).toMatchObject({ triggerKey: 'o1', state: 'open', retentionKind: 'preventive' });
    expect(dayOf(item.dueAt)).toBe(due);
  });

  // A delivery told to be 72 h older than its order made the item due the instant it entered: its moment for a
  // contact, past the quiet hours, then lay behind its due, and a span of nothing cannot be moved.
  test('is due 72 h after the order when a misdated delivery comes before it', () => {
    const early = fact('OrderFulfilled', 0, { orderId: 'o3', deliveredAt: isoOnDay(0), complete: true });
    const item = itemOn(3.5, 'Q5', [early, orderPlaced(3, 'o3')]);
    expect(dayOf(item.dueAt)).toBe(6);
    expect(item.notBefore).toBeLessThan(item.dueAt);
  });

  test('a second order is not welcomed, the order that ends a lost period is', () => {
    expect(itemsOn(40, 'Q5', [order, orderPlaced(30, 'o2')])).toHaveLength(1);
    const items = itemsOn(601, 'Q5', [order, orderPlaced(600, 'o2')]);
    expect(items.map(({ triggerKey, state }) => [triggerKey, state])).toEqual([
      ['o1', 'closed'],
      ['o2', 'open'],
    ]);
  });

  test('expires 90 d after the order, and closes when the order is reversed', () => {
    expect(itemOn(91, 'Q5', [order])).toMatchObject({ state: 'closed', closedBy: 'auto', outcome: 'expired' });
    const back = fact('OrderReversed', 4, { orderId: 'o1', kind: 'returned', amountMinor: 10_000, reason: 'no' });
    expect(itemOn(5, 'Q5', [order, back])).toMatchObject({ closedBy: 'auto', outcome: null });
  });

  test('closes once welcomed, delivered, asked and known', () => {
    const known = [
      fact('PartyRegistered', 1, {
        partyId: 'p1',
        kind: 'person',
        displayName: 'A',
        source: 'web',
        birthYear: 1980,
        locale: 'en-GB',
      }),
      identified(1),
      consent(1, 'marketing'),
      ...(['need', 'preference'] as const).map((kind) =>
        fact('PreferenceRecorded', 1, {
          partyId: 'p1',
          preferenceId: kind,
          kind,
          key: kind,
          value: 'x',
          origin: 'stated',
          horizon: 'current',
        }),
      ),
    ];
    const done = [order, fulfilled, contact(3, 'welcome'), contact(12, 'survey')];
    expect(itemOn(13, 'Q5', done)).toMatchObject({ state: 'open' });
    expect(itemOn(13, 'Q5', [...done, ...known])).toMatchObject({ state: 'closed', closedAt: onDay(12) });
    const answered = (instrument: Parameters<typeof survey>[1]) =>
      itemOn(13, 'Q5', [order, fulfilled, contact(3, 'welcome'), ...known, survey(12, instrument, 5)]).state;
    expect((['csat_transactional', 'csat_relationship', 'ces', 'nps'] as const).map(answered)).toEqual([
      'closed',
      'closed',
      'open',
      'open',
    ]);
    const answeredOn = (day: number) =>
      itemOn(13, 'Q5', [order, fulfilled, contact(3, 'welcome'), ...known, survey(day, 'csat_relationship', 5)]).state;
    expect([0.4, 0.5].map(answeredOn)).toEqual(['open', 'closed']);
    const unwelcomed = [order, fulfilled, contact(12, 'survey'), ...known];
    const after = (outcome: string) => itemOn(13, 'Q5', [...unwelcomed, completed(3, 'Q5', 'o1', outcome)]).state;
    expect(['welcomed', 'unreachable'].map(after)).toEqual(['closed', 'open']);
  });

  test('unreachable tries again after 72 h, whatever is agreed, three times in all, and is no welcome', () => {
    const tries = [1.5, 5.5, 9.5].map((day) => completed(day, 'Q5', 'o1', 'unreachable', day + 1));
    expect(itemOn(2, 'Q5', [order, ...tries])).toMatchObject({ attempts: 1, notBefore: onDay(4.5) });
    expect(itemOn(2, 'Q5', [order, ...tries]).dueAt).toBeLessThan(onDay(30));
    expect(itemOn(10, 'Q5', [order, ...tries])).toMatchObject({ attempts: 3, outcome: 'unreachable' });
  });

  test.each<[string, number, number]>([
    ['90 d after it was placed is not welcomed any more', 100, 0],
    ['less than 90 d after it was placed is', 99, 1],
  ])('an order that becomes the first one %s', (_, reversedOn, items) => {
    const back = (day: number): Fact =>
      fact('OrderReversed', day, { orderId: 'o1', kind: 'returned', amountMinor: 10_000, reason: 'no' });
    const facts = [order, orderPlaced(10, 'o2'), back(reversedOn)];
    expect(itemsOn(reversedOn, 'Q5', facts).filter(({ triggerKey }) => triggerKey === 'o2')).toHaveLength(items);
  });

  test('refused_contact ends the queue for the party', () => {
    const facts = [order, completed(1, 'Q5', 'o1', 'refused_contact'), orderPlaced(600, 'o2')];
    expect(itemsOn(601, 'Q5', facts)).toMatchObject([{ outcome: 'refused_contact' }]);
  });

  // The item of the other order stayed, and was shown to the next agent.
  test.each(['o1', 'o2'])('refused_contact on %s ends the work for the other order, too', (refused) => {
    const facts = [
      order,
      fact('DefectionNoticeReceived', 10, {
        partyId: 'p1',
        effectiveAt: isoOnDay(20),
        reasonCodes: ['pricing'],
        channel: 'phone',
      }),
      orderPlaced(30, 'o2'),
    ];
    expect(itemsOn(31, 'Q5', facts).map(({ state }) => state)).toEqual(['open', 'open']);
    const items = itemsOn(32, 'Q5', [...facts, completed(32, 'Q5', refused, 'refused_contact')]);
    expect(items.map(({ closedAt }) => closedAt)).toEqual([onDay(32), onDay(32)]);
    expect(items.find(({ triggerKey }) => triggerKey !== refused)).toMatchObject({ closedBy: 'auto', outcome: null });
  });

  test('a proactive contact elsewhere moves the window by the caps, a service contact does not', () => {
    expect(dayOf(itemOn(4, 'Q5', [order, contact(3.5, 'campaign')]).notBefore)).toBe(10.5);
    expect(itemOn(4, 'Q5', [order, contact(3.5, 'service')]).visibility).toBe('visible');
  });

  test('at night the window begins at 08:00 of the local day', () => {
    const late = orderPlaced(0.9, 'o1');
    expect(dayOf(itemOn(0.95, 'Q5', [late]).notBefore)).toBeCloseTo(1 + 8 / 24, 9);
    const bogota = fact('PartyRegistered', 0, {
      partyId: 'p1',
      kind: 'person',
      displayName: 'A',
      source: 'web',
      timeZone: 'America/Bogota',
    });
    expect(itemOn(0.95, 'Q5', [bogota, late]).visibility).toBe('visible');
  });
});
