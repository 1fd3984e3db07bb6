import type { Evidence } from '../customer/evidence';
import type { ValueStanding } from '../customer/standing';
import { defaultConfiguration } from '../policy/configuration';
import type { Review } from '../policy/regime';
import { evidenceOf, onDay, personWith, policyWith } from '../relationship/evidence-builder';
import { NEVER } from '../time/calendar';
import { composeReview, evaluateValue, initialValue, nextValueChange, reviewRowOf } from '.';

const others = Array.from({ length: 30 }, (_, index) =>
  evidenceOf({ partyId: `other-${index}`, orders: [{ day: 90, netMinor: 100 + index }, { day: 440 }] }),
);
const spender = (partyId: string, netMinor: number) => evidenceOf({ partyId, orders: [{ day: 80, netMinor }] });
const me = spender('me', 10_000);
const reviewOn = (day: number, cuts: Partial<Review> = {}): Review => ({
  ...composeReview(
    [...others, me].map((evidence) => reviewRowOf(evidence, policyWith(), onDay(day))),
    onDay(day),
    defaultConfiguration,
  ),
  eventId: `review-${day}`,
  asOf: onDay(day),
  ...cuts,
});
const judge = (evidence: Evidence, day: number, review: Review, previous = initialValue): ValueStanding =>
  evaluateValue(evidence, previous, policyWith(review), onDay(day));

describe('a tier without orders (domain.md §6.5)', () => {
  const review = reviewOn(100);
  const policy = policyWith(review);
  const [stale, gone] = [onDay(80 + 365) + 1, onDay(80 + 730) + 1];
  const at = (instant: number, previous: ValueStanding) => evaluateValue(me, previous, policy, instant);
  const fresh = judge(me, 101, review);

  it('is stale and then gone a millisecond after the 365th day, as was said before', () => {
    const bound = (standing: ValueStanding, asOf: number) => nextValueChange(me, standing, policy, asOf).crossing;
    expect(at(stale - 1, fresh)).toBe(fresh);
    expect(bound(fresh, stale - 1)).toBe(stale);
    const old = at(stale, fresh);
    expect(old).toMatchObject({ tier: 'platinum', stale: true });
    expect(at(gone - 1, old)).toBe(old);
    expect(bound(old, gone - 1)).toBe(gone);
    const none = at(gone, old);
    expect(none).toMatchObject({ tier: null, stale: false, lastTier: 'platinum', tierSince: gone });
    expect(bound(none, gone)).toBe(NEVER);
  });

  it('stays as it is at a review of a time without orders, and nothing is pending', () => {
    const pending = { ...fresh, pendingDemotion: { tier: 'iron', reviews: 1 } } as const;
    const judged = judge(me, 447, reviewOn(447), pending);
    expect(judged).toMatchObject({ tier: 'platinum', tierSince: fresh.tierSince, pendingDemotion: null });
    expect(judged).toMatchObject({ lastReviewEventId: 'review-447', reviewed: { frequency365: 0, spend365Minor: 0 } });
  });

  it('is lost at the review that finds an employee, and since then', () => {
    const role = { role: 'employee', counterpartyId: null, validFrom: onDay(105), validTo: null };
    const employee: Evidence = { ...me, person: personWith({ roles: [role] }) };
    const lost = judge(employee, 111, reviewOn(110), fresh);
    expect(lost).toMatchObject({ tier: null, tierSince: onDay(111) });
    expect(judge(employee, 121, reviewOn(120), lost)).toMatchObject({ tier: null, tierSince: onDay(111) });
  });

  it('changes because of the review only where that is new', () => {
    const causesOf = (standing: ValueStanding) => standing.tiers.map(({ tier, causedBy }) => [tier, causedBy]);
    expect(causesOf(fresh)).toEqual([['platinum', ['review-100']]]);
    expect(causesOf(at(gone, fresh)).at(-1)).toEqual([null, []]);
  });
});

describe('a heavy user (domain.md §6.3)', () => {
  const review = reviewOn(100, { heavyCut: { partyId: 'me', m365Minor: 10_000 } });

  it.each<[string, string, number, boolean]>([
    ['is who makes the cut', 'me', 10_000, true],
    ['is who spent more', 'zoe', 10_001, true],
    ['is who spent as much, with a lower id', 'mary', 10_000, true],
    ['is not who spent as much, with a higher id', 'mf', 10_000, false],
    ['is not who spent less', 'ann', 9_999, false],
  ])('%s: %s with %i', (_, partyId, netMinor, heavyUser) => {
    expect(judge(spender(partyId, netMinor), 101, review).reviewed).toMatchObject({ heavyUser });
  });

  it('is nobody without a cut', () => {
    expect(judge(me, 101, reviewOn(100, { heavyCut: null })).reviewed).toMatchObject({ heavyUser: false });
  });
});
