import { onDay, orderPlaced } from '../customer/fact-builder';
import type { Fact } from '../facts/envelope';
import {
  complaint,
  completed,
  consent,
  dayOf,
  followedUp,
  itemOn,
  itemsOn,
  offer,
  ordersEvery,
  identified,
  resolved,
  survey,
  wallet,
  withdrawn,
} from './arbitrary-scenario';

// coverage: 160
describe('Q8 value development', () => {
  const fond = [
    identified(0),
    consent(150.2, 'marketing'),
    ...ordersEvery(30, 6, 150),
    survey(151, 'nps', 10),
    survey(151, 'csat_transactional', 5),
  ];

  test('opens once a quarter, due in 30 d', () => {
    const item = itemOn(160, 'Q8', fond);
    expect(item).toMatchObject({ triggerKey: 'dev:2024-Q2', weight: 0.3, state: 'open' });
    expect(item.dueAt - item.startedAt).toBe(30 * 86_400_000);
  });

  test.each<[string, ReadonlyArray<Fact>]>([
    ['without consent', fond.filter(({ type }) => type !== 'ConsentGranted')],
    ['within 30 d of an offer', [...fond, offer(150.5, 'of1', 170)]],
    [
      'with a high share of wallet',
      [
        ...fond.filter(({ type }) => type !== 'SurveyAnswered'),
        wallet(150.5, 0.8),
        survey(151, 'csat_transactional', 4),
      ],
    ],
  ])('stays closed %s', (_, facts) => {
    expect(itemsOn(160, 'Q8', facts).filter(({ enteredAt }) => enteredAt >= onDay(150.5))).toEqual([]);
  });

  test('opens when the offer is older than 30 d', () => {
    const facts = [...fond.map((each) => each), orderPlaced(170, 'o170'), offer(120, 'of1', 130)];
    const entered = itemsOn(175, 'Q8', facts).map(({ enteredAt }) => dayOf(enteredAt));
    expect(entered.every((day) => day < 120 || day > 150)).toBe(true);
  });

  test.each<[string, Fact, boolean]>([
    ['an order in a new line closes it', orderPlaced(162, 'o162', { lines: [{ productLine: 'music' }] }), true],
    ['an order in a known line does not', orderPlaced(162, 'o162'), false],
    ['withdrawn consent closes it', withdrawn(162, 'marketing'), true],
  ])('%s', (_, event, leaves) => {
    expect(itemOn(163, 'Q8', [...fond, event]).state).toBe(leaves ? 'closed' : 'open');
  });

  test('declined keeps the queue quiet for 90 d, across the quarter', () => {
    const active = [...fond, ...ordersEvery(30, 6, 330), survey(240, 'nps', 10), survey(240, 'csat_transactional', 5)];
    const facts = [...active, completed(165.5, 'Q8', 'dev:2024-Q2', 'declined')];
    const [, next] = itemsOn(300, 'Q8', facts);
    expect(next?.enteredAt ?? 0).toBeGreaterThanOrEqual(onDay(255.5));
  });

  test('an open complaint and an item of Q6 hide it, and its span begins anew afterwards', () => {
    const facts = [...fond, complaint(160, 'c1', 1), resolved(160.5, 'c1'), followedUp(167.5, 'c1', 5)];
    expect(itemOn(165, 'Q8', facts)).toMatchObject({ visibility: 'suppressed', suppressedSince: onDay(160) });
    const back = itemOn(168, 'Q8', facts);
    expect(back).toMatchObject({ visibility: 'visible', suppressedSince: null, startedAt: onDay(167.5) });
    expect(dayOf(back.dueAt)).toBe(197.5);
  });
});
