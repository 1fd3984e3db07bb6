import { assess, type Fact, foldCustomer, policyAt } from '@afecto/domain';
import { contacted, daysAgo, givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { momentScores } from './moment-scores';
import { momentView } from './moment-view';

const answered = (ago: number, score: number): Fact =>
  said('SurveyAnswered', ago, {
    surveyId: `s${ago}`,
    partyId: 'p1',
    instrument: 'nps',
    score,
    scaleMin: 0,
    scaleMax: 10,
  });
const history = [
  ordered('p1', 400, 'o1'),
  answered(395, 9),
  contacted('p1', 300, { waitSeconds: 700 }),
  answered(299, 2),
  ordered('p1', 200, 'o2'),
  said('ComplaintReceived', 100, {
    complaintId: 'c1',
    partyId: 'p1',
    channel: 'phone',
    category: 'billing',
    severity: 3,
  }),
  said(
    'ComplaintResolved',
    99,
    { complaintId: 'c1', decision: 'upheld', rootCause: 'x', immediate: false, resolvedAt: isoDaysAgo(99) },
    'p1',
  ),
  ordered('p1', 10, 'o3'),
];

describe('scores around moments of truth (domain.md §4.3)', () => {
  it('are those that the customer had just before and 30 days after, whatever came later', async () => {
    const { past } = await givenCustomers(history);
    const { history: folded, regime } = past('p1');
    const scoreAt = (at: number): number | null => {
      const { fold } = foldCustomer(folded, regime, at);
      return fold.evidence.factCount === 0 ? null : assess(fold.evidence, policyAt(regime, at), at).score;
    };
    const scores = momentScores(folded, regime, daysAgo(0));
    expect(scores.map(({ code }) => code)).toEqual(['MT04', 'MT07', 'MT14', 'MT11', 'MT12', 'MT14']);
    for (const { at, before, after } of scores) {
      expect(before).toBe(scoreAt(at - 1));
      const settled = at + 30 * 86_400_000;
      expect(after).toBe(settled > daysAgo(0) ? null : scoreAt(settled));
    }
    // A long wait and its bad answer cost much; nothing was known before the first purchase.
    const [first, wait] = scores;
    expect(first).toMatchObject({ before: null });
    expect((wait?.after ?? 0) - (wait?.before ?? 0)).toBeLessThan(-20);
  });

  it('are told of a customer who says later whom a referral was about', async () => {
    const referral = { referralId: 'r1', referrerId: 'p1', channel: 'web' } as const;
    const { past } = await givenCustomers([
      ...history,
      said('ReferralMade', 90, referral),
      ordered('p2', 85, 'o4'),
      said('ReferralMade', 80, { ...referral, referredId: 'p2' }),
    ]);
    const { history: folded, regime } = past('p1');
    expect(momentScores(folded, regime, daysAgo(0)).map(({ code }) => code)).toContain('MT04');
  });

  it('are shown for one customer, with the mean change by moment', async () => {
    const { view } = await givenCustomers(history);
    const { changes, moments } = await view(momentView, 'p1');
    expect(changes).toMatchObject([
      { code: 'MT04', moment: 'first purchase', count: 1, measured: 0, meanChange: null },
      { code: 'MT07', count: 1, measured: 1 },
      { code: 'MT11', count: 1, measured: 1 },
      { code: 'MT12', count: 1, measured: 1 },
      // Of two, the last one is ten days ago.
      { code: 'MT14', count: 2, measured: 1 },
    ]);
    expect(moments).toMatchObject([
      { code: 'MT14', at: isoDaysAgo(10), scoreAfter: null, change: null },
      {},
      {},
      {},
      {},
      {},
    ]);
  });

  it('are none of who objects to profiling', async () => {
    const objection = said('DataSubjectRequestReceived', 390, {
      dsrId: 'd1',
      partyId: 'p1',
      kind: 'objection',
      receivedAt: isoDaysAgo(390),
      dueAt: isoDaysAgo(360),
    });
    const { past } = await givenCustomers([...history, objection]);
    const { history: folded, regime } = past('p1');
    const scores = momentScores(folded, regime, daysAgo(0));
    expect(scores.filter(({ before, after }) => before !== null || after !== null)).toEqual([]);
  });
});
