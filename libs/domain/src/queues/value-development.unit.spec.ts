import { onDay, orderPlaced } from '../customer/fact-builder';
import { foldCustomer } from '../customer/fold';
import type { Fact } from '../facts/envelope';
import { assess } from '../loyalty/assessment';
import { defaultConfiguration } from '../policy/configuration';
import { policyAt, regimeOf } from '../policy/fold-regime';
import {
  activated,
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
    consent(152.2, 'marketing'),
    ...ordersEvery(30, 6, 150),
    survey(151, 'nps', 10),
    survey(151, 'csat_transactional', 5),
  ];

  test('opens once a quarter, due in 30 d', () => {
    const item = itemOn(160, 'Q8', fond);
    expect(item).toMatchObject({ triggerKey: 'dev:2024-Q2', weight: 0.3, state: 'open' });
    expect(item.dueAt - item.startedAt).toBe(30 * 86_400_000);
  });

  const content = [...fond.filter(({ type }) => type !== 'SurveyAnswered'), survey(151, 'csat_transactional', 4)];
  const without = (type: Fact['type']) => fond.filter((each) => each.type !== type);
  /** The recency ratio is 2 on day 210. */
  const consentedOn = (days: number) => [...without('ConsentGranted'), consent(days, 'marketing')];

  // Consent comes last and opens the item where nothing else speaks against it: an item of the quarter that
  // opened before would answer for the one that must not.
  test.each<[string, number, ReadonlyArray<Fact>, number | null]>([
    ['without consent', 160, without('ConsentGranted'), null],
    ['with consent', 160, fond, 152.2],
    ['within 30 d of an offer', 160, [...fond, offer(150.5, 'of1', 170)], null],
    ['30 d after an offer, exactly', 152.5, [...fond, offer(122.2, 'of1', 130)], null],
    ['more than 30 d after it', 160, [...fond, offer(122.1, 'of1', 130)], 152.2],
    ['on the day after 30 d', 160, [...fond, offer(125.5, 'of1', 130)], 156],
    ['satisfied and of an unknown share of wallet', 160, content, 152.2],
    ['with half of the wallet', 160, [...content, wallet(150.5, 0.5)], null],
    ['with less than half of it', 160, [...content, wallet(150.5, 0.499)], 152.2],
    ['with a recency ratio of 2', 211, consentedOn(210), 210],
    ['with a higher recency ratio', 211, consentedOn(210.001), null],
  ])('opens or stays closed %s', (_, asOf, facts, opened) => {
    expect(itemsOn(asOf, 'Q8', facts).map(({ enteredAt }) => dayOf(enteredAt))).toEqual(
      opened === null ? [] : [opened],
    );
  });

  test('opens in indifference from the score asked for', () => {
    const history = { partyId: 'p1', members: ['p1'], facts: content, referredOrders: [] };
    const { fold, standing } = foldCustomer(history, regimeOf([]), onDay(152.2));
    const { score } = assess(fold.evidence, policyAt(regimeOf([]), onDay(152.2)), onDay(152.2));
    if (score === null) throw new Error('a score');
    expect([standing.loyalty.zone, score > 60]).toEqual(['indifference', true]);
    const asked = (minScore: number): ReadonlyArray<Fact> => {
      const { queues } = defaultConfiguration;
      return [activated({ queues: { ...queues, Q8: { ...queues.Q8, minScore } } })];
    };
    expect(itemsOn(152.5, 'Q8', content, asked(score))).toHaveLength(1);
    expect(itemsOn(152.5, 'Q8', content, asked(score + 0.001))).toEqual([]);
    expect(defaultConfiguration.queues.Q8.minScore).toBe(60);
  });

  test('who is delighted and spends with us alone is asked for a referral, and 180 d later again', () => {
    const answers = [240, 300, 360].flatMap((day) => [survey(day, 'nps', 10), survey(day, 'csat_transactional', 5)]);
    const facts = [...fond, ...ordersEvery(30, 12, 510), ...answers, wallet(150.5, 0.9)];
    const openedOn = (days: number, ...more: ReadonlyArray<Fact>) =>
      itemsOn(days, 'Q8', [...facts, ...more]).map(({ enteredAt }) => dayOf(enteredAt));
    expect(itemOn(160, 'Q8', facts).what).toContain('referral');
    const asked = completed(165.5, 'Q8', 'dev:2024-Q2', 'accepted');
    expect(openedOn(345, asked)).toEqual([152.2]);
    expect(openedOn(346, asked)).toEqual([152.2, 346]);
  });

  test('postponed hides the item for 30 d', () => {
    const postponed = [...fond, completed(160.5, 'Q8', 'dev:2024-Q2', 'postponed')];
    expect(itemOn(161, 'Q8', postponed)).toMatchObject({ visibility: 'snoozed', notBefore: onDay(190.5) });
  });

  test.each<[string, Fact, boolean]>([
    ['an order in a new line closes it', orderPlaced(162, 'o162', { lines: [{ productLine: 'music' }] }), true],
    ['an order in a known line does not', orderPlaced(162, 'o162'), false],
    ['withdrawn consent closes it', withdrawn(162, 'marketing'), true],
  ])('%s', (_, event, leaves) => {
    expect(itemOn(163, 'Q8', [...fond, event]).state).toBe(leaves ? 'closed' : 'open');
  });

  test.each([
    ['declined keeps the queue quiet for 90 d, across the quarter', 'declined', 255.5],
    ['accepted does not: the next quarter begins with the next item', 'accepted', 182],
    ['nor does a referral', 'referral_given', 182],
  ])('%s', (_, outcome, entered) => {
    const active = [...fond, ...ordersEvery(30, 6, 330), survey(240, 'nps', 10), survey(240, 'csat_transactional', 5)];
    const [, next] = itemsOn(300, 'Q8', [...active, completed(165.5, 'Q8', 'dev:2024-Q2', outcome)]);
    expect(dayOf(next?.enteredAt ?? NaN)).toBe(entered);
  });

  test('an open complaint and an item of Q6 hide it, and its span begins anew afterwards', () => {
    const facts = [...fond, complaint(160, 'c1', 1), resolved(160.5, 'c1'), followedUp(167.5, 'c1', 5)];
    expect(itemOn(165, 'Q8', facts)).toMatchObject({ visibility: 'suppressed', suppressedSince: onDay(160) });
    const back = itemOn(168, 'Q8', facts);
    expect(back).toMatchObject({ visibility: 'visible', suppressedSince: null, startedAt: onDay(167.5) });
    expect(dayOf(back.dueAt)).toBe(197.5);
  });
});
