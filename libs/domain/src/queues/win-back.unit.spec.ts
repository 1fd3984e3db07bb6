import { fact, isoOnDay, onDay, orderPlaced } from '../customer/fact-builder';
import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';
import {
  completed,
  consent,
  dayOf,
  identified,
  itemOn,
  itemsOn,
  reachable,
  reviewed,
  standingOn,
  withdrawn,
} from './arbitrary-scenario';

// coverage: 154
describe('Q2 win back', () => {
  const gone = [...reachable, orderPlaced(0, 'o0')];
  const lostOn = (facts: ReadonlyArray<Fact>): number => dayOf(standingOn(600, facts).lifecycle.lostSince ?? NaN);

  /** On day 100, in effect from day 130. */
  const noticed = (...reasonCodes: FactData['DefectionNoticeReceived']['reasonCodes']): Fact =>
    fact('DefectionNoticeReceived', 100, {
      partyId: 'p1',
      effectiveAt: isoOnDay(130),
      reasonCodes,
      channel: 'phone',
    });

  test('opens 14 d after the loss, due in 14 d, in its own window', () => {
    const lost = lostOn(gone);
    expect(itemsOn(lost + 13, 'Q2', gone)).toEqual([]);
    const item = itemOn(lost + 14.5, 'Q2', gone);
    expect(item).toMatchObject({ triggerKey: 'lost:o0', visibility: 'visible', enteredAt: onDay(lost + 14) });
    expect(dayOf(item.dueAt)).toBe(lost + 28);
  });

  test.each<[string, ReadonlyArray<Fact>]>([
    ['no consent for win-back', [identified(0), orderPlaced(0, 'o0')]],
    [
      'a reason out of our hands',
      [...gone, fact('DefectionDiagnosed', 500, { partyId: 'p1', reasonCodes: ['involuntary'], controllable: false })],
    ],
    [
      'one that was stated before an order within the term of notice',
      [...gone, noticed('involuntary'), orderPlaced(115, 'o1')],
    ],
    [
      'one that was diagnosed before that order',
      [
        ...gone,
        noticed(),
        fact('DefectionDiagnosed', 105, { partyId: 'p1', reasonCodes: ['ethical'], controllable: true }),
        orderPlaced(115, 'o1'),
      ],
    ],
  ])('stays closed with %s', (_, facts) => {
    expect(itemsOn(580, 'Q2', facts)).toEqual([]);
  });

  // A tier without orders ends after two years, and a loss may be won back for longer: whoever had been lead opened an
  // item on that very day, and platinum and gold were due as if they had never been.
  test.each<[string, ReadonlyArray<Fact>, ReadonlyArray<number>]>([
    ['lead', [], []],
    ['platinum', [consent(740, 'winback')], [5]],
  ])('looks at the last tier after it has ended, too: %s', (tier, late, dueInDays) => {
    const costMinor = tier === 'lead' ? 20_000 : 0;
    const facts = [
      identified(0),
      ...(tier === 'lead' ? [consent(0, 'winback')] : []),
      orderPlaced(0, 'o0', { lines: [{ costMinor }] }),
      ...late,
    ];
    const policy = [reviewed(30, 'platinum')];
    expect(standingOn(700, facts, policy).value).toMatchObject({ tier, stale: true });
    expect(standingOn(750, facts, policy).value).toMatchObject({ tier: null });
    const items = itemsOn(750, 'Q2', facts, policy);
    expect(items.map(({ dueAt, enteredAt }) => dayOf(dueAt) - dayOf(enteredAt))).toEqual(dueInDays);
  });

  test('opens for who came back from such a leaving and is lost again', () => {
    const facts = [...gone, noticed('involuntary'), orderPlaced(140, 'o1')];
    expect(itemsOn(1100, 'Q2', facts)).toMatchObject([{ triggerKey: 'lost:o1' }]);
  });

  test.each<[string, ReadonlyArray<Fact>, number | null]>([
    ['an order', [orderPlaced(700, 'o1')], 700],
    ['withdrawn consent', [withdrawn(700, 'winback')], 700],
    ['730 d after the loss', [], null],
  ])('%s closes it', (_, facts, closedOn) => {
    const item = itemOn(1400, 'Q2', [...gone, ...facts]);
    expect(item).toMatchObject({ state: 'closed', closedBy: 'auto' });
    expect(item.closedAt).toBe(onDay(closedOn ?? lostOn(gone) + 731));
  });

  test('no_response tries again after 90 d, three times in all', () => {
    const at = lostOn(gone) + 15;
    const tries = [at, at + 100, at + 200].map((day) => completed(day + 0.5, 'Q2', 'lost:o0', 'no_response'));
    const item = itemOn(at + 50, 'Q2', [...gone, ...tries.slice(0, 1)]);
    expect(item).toMatchObject({ visibility: 'snoozed', attempts: 1, notBefore: onDay(at + 90.5) });
    expect(itemOn(at + 201, 'Q2', [...gone, ...tries])).toMatchObject({ outcome: 'no_response', attempts: 3 });
  });

  test('declined keeps the queue quiet for 180 d, also where the customer comes back and leaves again', () => {
    const at = lostOn(gone) + 15.5;
    const left = fact('DefectionNoticeReceived', at + 10, {
      partyId: 'p1',
      effectiveAt: isoOnDay(at + 10),
      reasonCodes: ['pricing'],
      channel: 'phone',
    });
    const facts = [...gone, completed(at, 'Q2', 'lost:o0', 'declined'), orderPlaced(at + 5, 'o1'), left];
    expect(itemsOn(at + 190, 'Q2', facts)).toMatchObject([
      { triggerKey: 'lost:o0', outcome: 'declined' },
      { triggerKey: 'lost:o1', enteredAt: onDay(at + 180) },
    ]);
  });

  const leaving = (day: number): Fact =>
    fact('DefectionNoticeReceived', day, {
      partyId: 'p1',
      effectiveAt: isoOnDay(day),
      reasonCodes: ['pricing'],
      channel: 'phone',
    });

  test.each<[string, number, string, number]>([
    ['the third no_response keeps it quiet for 90 d', 3, 'no_response', 90],
    ['won_back does not keep it quiet: lost again, it opens after 14 d', 1, 'won_back', 24],
  ])('%s', (_, times, outcome, opensAfter) => {
    const first = lostOn(gone) + 15.5;
    const tries = Array.from({ length: times }, (_, index) => first + 100 * index);
    const at = first + 100 * (times - 1);
    const acts = tries.map((day) => completed(day, 'Q2', 'lost:o0', outcome));
    const facts = [...gone, ...acts, orderPlaced(at + 5, 'o1'), leaving(at + 10)];
    expect(itemsOn(at + opensAfter - 0.1, 'Q2', facts)).toHaveLength(1);
    expect(itemsOn(at + opensAfter + 1, 'Q2', facts)).toMatchObject([
      { triggerKey: 'lost:o0', outcome },
      { triggerKey: 'lost:o1' },
    ]);
  });

  test('names the last order that stands: reversed, it closes the item, and the one before opens another', () => {
    const back = fact('OrderReversed', 700, { orderId: 'o1', kind: 'returned', amountMinor: 10_000, reason: 'no' });
    const items = itemsOn(701, 'Q2', [...gone, orderPlaced(5, 'o1'), back]);
    expect(items).toMatchObject([
      { triggerKey: 'lost:o1', state: 'closed', closedBy: 'auto', closedAt: onDay(700) },
      { triggerKey: 'lost:o0', state: 'open' },
    ]);
  });

  test('do_not_contact ends all proactive work for ever', () => {
    const at = lostOn(gone) + 15;
    const facts = [...gone, completed(at, 'Q2', 'lost:o0', 'do_not_contact'), orderPlaced(800, 'o1')];
    expect(
      standingOn(1300, facts).items.filter(({ closedBy }) => closedBy !== 'outcome' && closedBy !== 'auto'),
    ).toEqual([]);
    expect(itemsOn(801, 'Q5', facts).map(({ triggerKey }) => triggerKey)).toEqual(['o0']);
  });
});
