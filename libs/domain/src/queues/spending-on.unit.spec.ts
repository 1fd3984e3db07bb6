import { fact, isoOnDay, orderPlaced } from '../customer/fact-builder';
import type { Fact } from '../facts/envelope';
import {
  activated,
  campaign,
  complaint,
  consent,
  dayOf,
  identified,
  itemOn,
  itemsOn,
  need,
  ordersEvery,
  reachable,
  registered,
  reviewed,
  standingOn,
  survey,
} from './arbitrary-scenario';

const policy = [activated({ capabilities: ['repairs'] }), reviewed(155)];
const best = [activated(), reviewed(155, 'platinum')];
/** Costs more to serve than it brings. */
const costly: Fact = fact('CostToServeRecorded', 1, {
  partyId: 'p1',
  amountMinor: 1_000_000,
  activity: 'visits',
  periodFrom: isoOnDay(0),
  periodTo: isoOnDay(1),
});
const regular = [registered, ...reachable, ...ordersEvery(30, 6, 150)];

describe('on whom we spend (domain.md §6.6, §11.3)', () => {
  // coverage: 78, 135
  it.each<[string, ReadonlyArray<Fact>, string, number]>([
    ['a good customer', [], 'gold', 1],
    ['one who brings nothing', [costly], 'lead', 0],
    ['one who brings nothing and needs what we cannot do', [costly, need('painting')], 'lead', 0],
    ['one who brings nothing and needs what we can do', [costly, need('repairs')], 'lead', 1],
  ])('%s is kept by Q7, or not', (_, facts, tier, items) => {
    const known = [...regular, ...facts];
    expect(standingOn(210, known, policy).value.tier).toBe(tier);
    expect(itemsOn(210, 'Q7', known, policy)).toHaveLength(items);
  });

  // coverage: 78, 82, 126
  it('a lost lead is not won back, whatever it needs; the best are won back within 5 d, others within 14 d', () => {
    const gone = [...reachable, orderPlaced(150, 'o150')];
    const lost = dayOf(standingOn(800, gone).lifecycle.lostSince ?? NaN);
    const spanOf = (inForce: ReadonlyArray<Fact>): number => {
      const item = itemOn(lost + 14.5, 'Q2', gone, inForce);
      return dayOf(item.dueAt) - dayOf(item.enteredAt);
    };
    expect([best, policy, []].map(spanOf)).toEqual([5, 5, 14]);
    expect(itemsOn(lost + 15, 'Q2', [...gone, costly, need('repairs')], policy)).toEqual([]);
  });

  it('the best are called after one and a half of their intervals, others after two', () => {
    const enteredOn = (inForce: ReadonlyArray<Fact>): ReadonlyArray<number> =>
      itemsOn(211, 'Q7', regular, inForce).map(({ enteredAt }) => dayOf(enteredAt));
    expect([best, policy, []].map(enteredOn)).toEqual([[195], [195], [210]]);
  });
});

describe('two customers who spend the same', () => {
  const running = [activated({ capabilities: ['repairs'] }), campaign(10, 40)];
  const suspect = [registered, ...reachable];

  // coverage: 32, 35, 151
  it('are targeted by what they need', () => {
    expect(itemsOn(12, 'Q3', [...suspect, need('repairs')], running)).toHaveLength(1);
    expect(itemsOn(12, 'Q3', [...suspect, need('painting')], running)).toEqual([]);
  });

  // coverage: 32
  it('are treated by how they feel: the one is developed, the other listened to', () => {
    const orders = [identified(0), consent(150.2, 'marketing'), ...ordersEvery(30, 6, 150)];
    const queuesOf = (...said: ReadonlyArray<Fact>): ReadonlyArray<string> =>
      standingOn(160, [...orders, ...said])
        .items.filter(({ state, enteredAt }) => state !== 'closed' && dayOf(enteredAt) >= 150)
        .map(({ queue }) => queue);
    expect(queuesOf(survey(151, 'nps', 10), survey(151, 'csat_transactional', 5))).toEqual(['Q8']);
    expect(queuesOf(survey(151, 'nps', 0), complaint(152, 'c1'))).toContain('Q1');
    expect(queuesOf(survey(151, 'nps', 0), complaint(152, 'c1'))).not.toContain('Q8');
  });

  // coverage: 151
  it('are called where each prefers it', () => {
    const contactPoints = (preferred: 'email' | 'phone'): Fact =>
      fact('PartyIdentified', 0, {
        partyId: 'p1',
        identifiers: (['email', 'phone'] as const).map((scheme) => ({
          scheme,
          value: scheme,
          verified: true,
          preferred: scheme === preferred,
          valid: true,
        })),
      });
    const howFor = (preferred: 'email' | 'phone'): string =>
      itemOn(152, 'Q1', [contactPoints(preferred), ...ordersEvery(30, 6, 150), survey(151, 'nps', 3)]).how;
    expect([howFor('email'), howFor('phone')]).toEqual(['email', 'phone']);
  });

  // coverage: 71
  it('are not marketed to for standing surety for somebody', () => {
    const surety = fact('PartyRoleAssigned', 0, {
      partyId: 'p1',
      role: 'guarantor',
      counterpartyId: 'p2',
      validFrom: isoOnDay(0),
    });
    expect(itemsOn(12, 'Q3', suspect, running)).toHaveLength(1);
    expect(itemsOn(12, 'Q3', [...suspect, surety], running)).toEqual([]);
  });
});
