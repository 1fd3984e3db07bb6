import { fact, isoOnDay, onDay, orderPlaced, orderReversed } from '../customer/fact-builder';
import type { Fact } from '../facts/envelope';
import { claimed, completed, dayOf, itemOn, itemsOn, ordersEvery, standingOn, survey } from './arbitrary-scenario';

// coverage: 159
describe('Q7 retention', () => {
  const regular = ordersEvery(30, 6, 150);
  const notice = (days: number, effective: number, withdrawnNow = false): Fact =>
    fact(
      'DefectionNoticeReceived',
      days,
      {
        partyId: 'p1',
        effectiveAt: isoOnDay(effective),
        reasonCodes: ['pricing'],
        channel: 'phone',
        ...(withdrawnNow ? { withdrawn: true } : {}),
      },
      withdrawnNow ? {} : { eventId: 'notice-1' },
    );

  // coverage: 100
  test('a pending notice is a reactive matter of 24 h, until it is taken back', () => {
    const facts = [...regular, notice(160.5, 200)];
    const item = itemsOn(161, 'Q7', facts).find(({ triggerKey }) => triggerKey === 'notice:notice-1');
    expect(item).toMatchObject({ retentionKind: 'reactive', state: 'open', dueAt: onDay(161.5) });
    const back = itemsOn(171, 'Q7', [...facts, notice(170, 200, true)]).find(
      ({ triggerKey }) => triggerKey === 'notice:notice-1',
    );
    expect(back).toMatchObject({ state: 'closed', closedBy: 'auto', closedAt: onDay(170) });
  });

  test('the effect of a notice ends retention: lost', () => {
    const facts = [...regular, notice(160.5, 165.25)];
    for (const item of itemsOn(166, 'Q7', facts)) expect(item.closedAt).toBe(onDay(165.25));
  });

  // coverage: 52, 99
  test('RR ≥ 2 opens a proactive item on the day it is reached, due in 7 d', () => {
    expect(itemsOn(209, 'Q7', regular)).toEqual([]);
    const item = itemOn(210, 'Q7', regular);
    expect(item).toMatchObject({ triggerKey: 'rr:o150', retentionKind: 'proactive', enteredAt: onDay(210) });
    expect(dayOf(item.dueAt)).toBe(217);
  });

  test('an order closes it, and the next silence is a new trigger', () => {
    const items = itemsOn(330, 'Q7', [...regular, orderPlaced(220.5, 'o220')]).filter(({ triggerKey }) =>
      triggerKey.startsWith('rr:'),
    );
    expect(items.map(({ triggerKey, closedBy }) => [triggerKey, closedBy])).toContainEqual(['rr:o150', 'auto']);
    expect(items.map(({ triggerKey }) => triggerKey)).toContainEqual('rr:o220');
  });

  // coverage: 52, 99
  test('orders that become rarer open the same trigger although RR is below 2', () => {
    // Ten orders every 30 d, then one every 90 d: after a year the recent half is thinner.
    const rarer = [...ordersEvery(30, 10, 270), orderPlaced(360, 'o360'), orderPlaced(430, 'o430')];
    const items = itemsOn(475, 'Q7', rarer).filter(({ triggerKey }) => triggerKey === 'rr:o430');
    expect(items).toMatchObject([{ retentionKind: 'proactive', why: 'Orders have become rarer than before' }]);
  });

  test('a fall of the zone through word of mouth is reactive once dissatisfaction has been managed', () => {
    const harm = fact('WordOfMouthObserved', 155.5, {
      partyId: 'p1',
      polarity: -0.9,
      reach: 'public',
      platform: 'forum',
      verified: true,
    });
    const facts = [...regular, harm];
    expect(itemsOn(156, 'Q7', facts)).toEqual([]);
    const done = completed(156.5, 'Q1', `terrorist:${isoOnDay(155.5)}`, 'apologised');
    const item = itemOn(157, 'Q7', [...facts, done]);
    expect(item).toMatchObject({ triggerKey: `zone:${isoOnDay(155.5)}`, retentionKind: 'reactive' });
    expect(dayOf(item.dueAt)).toBe(159.5);
  });

  test('a fall of the zone is reactive by word of mouth alone, and proactive by silence alone', () => {
    const harm = fact('WordOfMouthObserved', 155.5, {
      partyId: 'p1',
      polarity: -0.8,
      reach: 'public',
      platform: 'forum',
      verified: true,
    });
    const facts = [...regular, survey(155, 'nps', 10), harm];
    expect(standingOn(156, facts).loyalty.rules).toEqual(['H4']);
    const done = completed(156.5, 'Q1', `terrorist:${isoOnDay(155.5)}`, 'apologised');
    expect(itemOn(157, 'Q7', [...facts, done]).retentionKind).toBe('reactive');
    const silent = itemsOn(230, 'Q7', regular).filter(({ triggerKey }) => triggerKey.startsWith('zone:'));
    expect(silent).toMatchObject([{ retentionKind: 'proactive' }]);
  });

  // coverage: 101
  test('a renewal opens a preventive item 30 d ahead, due 7 d before it', () => {
    const contract = orderPlaced(0, 'o0', { renewalDueAt: isoOnDay(80) });
    const item = itemOn(51, 'Q7', [contract]);
    expect(item).toMatchObject({ triggerKey: 'renew:o0', retentionKind: 'preventive', enteredAt: onDay(50) });
    expect(dayOf(item.dueAt)).toBe(73);
    expect(itemOn(61, 'Q7', [contract, orderPlaced(60, 'o60')])).toMatchObject({ closedBy: 'auto' });
  });

  test.each<[string, ReadonlyArray<Fact>, number | null]>([
    ['placed when 7 d and more are left: 7 d before it', [orderPlaced(72.5, 'o0', { renewalDueAt: isoOnDay(80) })], 73],
    ['placed 7 d before it: at the renewal', [orderPlaced(73, 'o0', { renewalDueAt: isoOnDay(80) })], 80],
    ['placed at it: never', [orderPlaced(80, 'o0', { renewalDueAt: isoOnDay(80) })], null],
    [
      'renewed at the very start of the 30 d: never',
      [orderPlaced(0, 'o0', { renewalDueAt: isoOnDay(80) }), orderPlaced(50, 'o50')],
      null,
    ],
    [
      'taken back as a whole: never',
      [orderPlaced(0, 'o0', { renewalDueAt: isoOnDay(80) }), orderReversed(20, 'o0', 10_000, { kind: 'cancelled' })],
      null,
    ],
  ])('a renewal of an order %s', (_, facts, due) => {
    const items = itemsOn(90, 'Q7', facts).filter(({ triggerKey }) => triggerKey === 'renew:o0');
    expect(items.map(({ dueAt }) => dayOf(dueAt))).toEqual(due === null ? [] : [due]);
  });

  describe('a fall of the zone', () => {
    const angry = survey(155.5, 'nps', 2);
    const apologised = completed(156.5, 'Q1', 'survey-155.5', 'apologised');
    const falls = (days: number, facts: ReadonlyArray<Fact>) =>
      itemsOn(days, 'Q7', facts).filter(({ triggerKey }) => triggerKey.startsWith('zone:'));

    test('is over when the customer has been out of defection for 14 d', () => {
      const facts = [...regular, angry, apologised, survey(160.5, 'nps', 10)];
      expect(standingOn(171, facts).loyalty.history.at(-1)).toMatchObject({ zone: 'indifference', from: onDay(170) });
      expect(falls(183.9, facts)).toMatchObject([{ state: 'open' }]);
      expect(falls(184, facts)).toMatchObject([{ closedBy: 'auto', closedAt: onDay(184) }]);
    });

    test('is none from no zone at all', () => {
      const facts = [angry, apologised, orderPlaced(157.5, 'o157')];
      expect(standingOn(158, facts).loyalty).toMatchObject({ zone: 'defection', previousZone: null });
      expect(falls(158, facts)).toEqual([]);
    });
  });

  // The call back within 24 h waited for the 30 days after the outcome of another item of the queue, until after the
  // customer had left.
  test('an outcome does not put off the answer to a notice that came while the agent was at work', () => {
    const facts = [
      ...regular,
      claimed(211.49, 'Q7', 'rr:o150'),
      notice(211.5, 225),
      completed(211.51, 'Q7', 'rr:o150', 'unreachable'),
    ];
    const item = itemsOn(212, 'Q7', facts).find(({ triggerKey }) => triggerKey === 'notice:notice-1');
    expect(item).toMatchObject({ state: 'open', visibility: 'visible', notBefore: onDay(211.5), dueAt: onDay(212.5) });
  });

  test('an outcome keeps the queue quiet for 30 d, then a trigger that still holds opens', () => {
    const contract = orderPlaced(151, 'o151', { renewalDueAt: isoOnDay(270) });
    const facts = [...regular, contract, completed(220.5, 'Q7', 'rr:o151', 'saved')];
    const renewal = itemsOn(260, 'Q7', facts).find(({ triggerKey }) => triggerKey === 'renew:o151');
    expect(renewal?.enteredAt).toBe(onDay(250.5));
  });
});
