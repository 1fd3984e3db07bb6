import { fact, isoOnDay, onDay, orderPlaced } from '../customer/fact-builder';
import { foldCustomer } from '../customer/fold';
import type { Fact } from '../facts/envelope';
import type { SegmentDefinition } from '../policy/configuration';
import { regimeOf } from '../policy/fold-regime';
import { DAY_MS } from '../time/calendar';
import {
  activated,
  campaign,
  completed,
  consent,
  dayOf,
  dsr,
  enquiry,
  enquiryClosed,
  identified,
  itemOn,
  itemsOn,
  need,
  reachable,
  registered,
  standingOn,
  wallet,
  withdrawn,
} from './arbitrary-scenario';

// coverage: 155
describe('Q3 targeting', () => {
  const policy = [activated(), campaign(10, 40)];
  const suspect = [registered, ...reachable];

  test('opens while the campaign runs, due after 14 d', () => {
    expect(itemsOn(9, 'Q3', suspect, policy)).toEqual([]);
    const item = itemOn(10.5, 'Q3', suspect, policy);
    expect(item).toMatchObject({ triggerKey: 'c1', visibility: 'visible', weight: 0.2, how: 'email' });
    expect(dayOf(item.dueAt)).toBe(24);
    expect(dayOf(itemOn(31, 'Q3', suspect, [activated(), campaign(30, 35)]).dueAt)).toBe(35);
  });

  // coverage: 42
  test('opens to who has one of the needs of the segment, and whose share of wallet lies within its bounds', () => {
    const segments = [
      { segmentId: 'all', name: 'All', needs: ['credit', 'delivery'], wallet: { atLeast: 0.1, below: 0.5 } },
    ];
    const inForce = [activated({ capabilities: ['delivery'], segments }), campaign(10, 40)];
    const needy = [...suspect, need('delivery')];
    expect(itemsOn(12, 'Q3', [...needy, wallet(5, 0.2)], inForce)).toHaveLength(1);
    expect(itemsOn(12, 'Q3', [...needy, wallet(5, 0.5)], inForce)).toEqual([]);
    expect(itemsOn(12, 'Q3', needy, inForce)).toEqual([]);
  });

  test('looks again at the instant at which a share of wallet gets too old, where a segment asks for one', () => {
    const history = { partyId: 'p1', members: ['p1'], facts: [registered, wallet(5.3, 0.3)], referredOrders: [] };
    const tooOldAt = onDay(5.3) + 365 * DAY_MS + 1;
    const evaluatedAt = (segment: Partial<SegmentDefinition>) =>
      foldCustomer(
        history,
        regimeOf([activated({ segments: [{ segmentId: 'all', name: 'All', ...segment }] })]),
        tooOldAt,
      ).evaluatedAt;
    expect(evaluatedAt({ wallet: { below: 0.5 } })).toBe(tooOldAt);
    expect(evaluatedAt({})).toBeLessThan(tooOldAt);
  });

  test('opens to who needs five things of which we can do two: a fit of 40 is enough', () => {
    const needs = ['delivery', 'credit', 'advice', 'storage', 'repairs'].map(need);
    const with40 = [activated({ capabilities: ['delivery', 'credit'] }), campaign(10, 40)];
    expect(itemsOn(12, 'Q3', [...suspect, ...needs], with40)).toHaveLength(1);
  });

  // coverage: 77
  test.each<[string, ReadonlyArray<Fact>, ReadonlyArray<Fact>]>([
    ['no consent', [registered, identified(0)], policy],
    ['no valid contact point', [registered, identified(0, false), consent(0, 'marketing')], policy],
    ['a customer', [...suspect, orderPlaced(1, 'o1')], policy],
    ['fit below 40', [...suspect, need('repairs')], policy],
    ['the control arm', suspect, [activated(), campaign(10, 40, 'c3', 50)]],
    [
      'a segment of other needs',
      [...suspect, need('delivery')],
      [
        activated({ capabilities: ['delivery'], segments: [{ segmentId: 'all', name: 'All', needs: ['credit'] }] }),
        campaign(10, 40),
      ],
    ],
    ['another segment', suspect, [activated({ segments: [] }), campaign(10, 40)]],
    [
      'an employee',
      [...suspect, fact('PartyRoleAssigned', 0, { partyId: 'p1', role: 'employee', validFrom: isoOnDay(0) })],
      policy,
    ],
    ['an objection', [...suspect, fact('DataSubjectRequestReceived', 0, dsr('objection'))], policy],
    [
      'a suspect known as a guarantor only',
      [...suspect, fact('PartyRoleAssigned', 0, { partyId: 'p1', role: 'guarantor', validFrom: isoOnDay(0) })],
      policy,
    ],
    ['a disqualified enquiry', [...suspect, enquiry(-25, 'e1'), enquiryClosed(-20, 'e1', 'disqualified')], policy],
    ['an enquiry given up as lost', [...suspect, enquiry(-25, 'e1'), completed(-20, 'Q4', 'e1', 'lost')], policy],
    [
      'one given up as disqualified',
      [...suspect, enquiry(-25, 'e1'), completed(-20, 'Q4', 'e1', 'disqualified')],
      policy,
    ],
    ['a lost enquiry 30 d ago', [...suspect, enquiry(-25, 'e1'), enquiryClosed(-20, 'e1', 'lost')], policy],
  ])('stays closed to %s', (_, facts, inForce) => {
    expect(itemsOn(12, 'Q3', facts, inForce)).toEqual([]);
  });

  test('opens when the block after a lost enquiry ends, to the instant', () => {
    const facts = [...suspect, enquiry(-80, 'e1'), enquiryClosed(-77.75, 'e1', 'lost')];
    const item = itemOn(12.5, 'Q3', facts, policy);
    expect(dayOf(item.enteredAt)).toBe(12.25);
  });

  test('an enquiry that came to an order blocks nothing, nor does what was agreed with the customer', () => {
    const asked = [...suspect, enquiry(-25, 'e1')];
    expect(itemsOn(12, 'Q3', [...asked, enquiryClosed(-20, 'e1', 'converted')], policy)).toHaveLength(1);
    const again = [activated(), campaign(10, 40), campaign(20, 60, 'c2')];
    const interested = [...suspect, completed(12, 'Q3', 'c1', 'interested')];
    expect(itemsOn(21, 'Q3', interested, again).map(({ enteredAt }) => dayOf(enteredAt))).toEqual([10, 20]);
  });

  test.each<[string, SegmentDefinition, number]>([
    ['the segment is of dormant ones', { segmentId: 'all', name: 'Dormant', phases: ['lost'] }, 1],
    ['the segment is of everybody', { segmentId: 'all', name: 'All' }, 0],
  ])('a lost customer is targeted where %s', (_, segment, count) => {
    const inForce = [activated({ segments: [segment] }), campaign(900, 940)];
    const lost = [...suspect, orderPlaced(1, 'o1')];
    expect(standingOn(910, lost, inForce).lifecycle.phase).toBe('lost');
    expect(itemsOn(910, 'Q3', lost, inForce)).toHaveLength(count);
  });

  test.each<[string, ReadonlyArray<Fact>, number]>([
    ['the campaign is over', [], 40],
    ['consent is withdrawn', [withdrawn(15, 'marketing')], 15],
    ['an enquiry comes', [enquiry(15, 'e1')], 15],
    ['an order comes', [orderPlaced(15, 'o1')], 15],
  ])('closes when %s', (_, facts, closedOn) => {
    const item = itemOn(41, 'Q3', [...suspect, ...facts], policy);
    expect(item).toMatchObject({ state: 'closed', closedBy: 'auto', closedAt: onDay(closedOn) });
  });

  test('not_interested keeps the queue quiet for 180 d', () => {
    const facts = [...suspect, completed(12, 'Q3', 'c1', 'not_interested')];
    const again = [...policy, campaign(100, 400, 'c2')];
    expect(itemsOn(191, 'Q3', facts, again)).toHaveLength(1);
    expect(dayOf(itemsOn(193, 'Q3', facts, again)[1]?.enteredAt ?? 0)).toBe(192);
  });

  test('no_response tries again after 30 d, three times in all', () => {
    const long = [activated(), campaign(10, 400)];
    const [first, second, third] = [12, 50, 90].map((day) => completed(day, 'Q3', 'c1', 'no_response'));
    if (!first || !second || !third) throw new Error('three attempts');
    expect(itemOn(13, 'Q3', [...suspect, first], long)).toMatchObject({
      visibility: 'snoozed',
      notBefore: onDay(42) + 8 * 3_600_000,
    });
    expect(itemOn(95, 'Q3', [...suspect, first, second], long)).toMatchObject({ state: 'open', attempts: 2 });
    expect(itemOn(95, 'Q3', [...suspect, first, second, third], long)).toMatchObject({
      state: 'closed',
      outcome: 'no_response',
    });
    const another = [...long, campaign(95, 400, 'c2')];
    const items = itemsOn(130, 'Q3', [...suspect, first, second, third], another);
    expect(items.map(({ enteredAt }) => dayOf(enteredAt))).toEqual([10, 120]);
  });
});
