import fc from 'fast-check';
import type { Evidence } from '../customer/evidence';
import type { LifecycleStanding, ValueStanding } from '../customer/standing';
import { defaultConfiguration } from '../policy/configuration';
import type { Policy, Review } from '../policy/regime';
import {
  type Drafts,
  evidenceOf,
  notice,
  onDay,
  personWith,
  policyWith,
  reportedWallet,
} from '../relationship/evidence-builder';
import { DAY_MS, type Instant } from '../time/calendar';
import { evaluateValue, initialValue, nextValueChange } from '../value';
import { evaluateLifecycle, initialLifecycle, nextLifecycleChange } from '.';
import { steadyLoyalty } from './loyalty-fixture';

const horizonDays = 1700;

interface History {
  readonly drafts: Drafts;
  readonly wallets: ReadonlyArray<readonly [day: number, share: number]>;
  readonly notices: ReadonlyArray<readonly [day: number, ahead: number, withdrawnAfter: number | null]>;
  readonly reviews: ReadonlyArray<Review>;
}

const instantDay = fc.nat(1000 * 8).map((eighths) => eighths / 8);

const historyArbitrary: fc.Arbitrary<History> = fc
  .record({
    gaps: fc.array(
      fc.oneof(fc.constant(30), fc.constant(0.5), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 60, max: 420 })),
      { maxLength: 9 },
    ),
    start: instantDay.map((day) => day / 4),
    reversal: fc.option(fc.tuple(fc.nat(8), fc.nat(200))),
    wallets: fc.array(fc.tuple(instantDay, fc.constantFrom(0.2, 0.5, 0.8)), { maxLength: 2 }),
    notices: fc.array(
      fc.tuple(
        instantDay,
        fc.nat(90).map((ahead) => ahead / 4),
        fc.option(fc.nat(40).map((after) => after + 0.3)),
      ),
      { maxLength: 2 },
    ),
    reviews: fc.array(
      fc.tuple(
        instantDay,
        fc.boolean(),
        fc.option(fc.integer({ min: 5, max: 120 })),
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: -50, max: 200 }),
      ),
      { maxLength: 4 },
    ),
  })
  .map(({ gaps, start, reversal, wallets, notices, reviews }) => {
    let day = start;
    const orders = gaps.map((gap) => ({ day: (day += gap), netMinor: 100, costMinor: 40 }));
    const reversed = reversal === null ? undefined : orders[reversal[0]];
    return {
      drafts: {
        orders,
        reversals:
          reversal === null || reversed === undefined
            ? []
            : [{ day: reversed.day + reversal[1], order: reversal[0], amountMinor: 100 }],
      },
      wallets: wallets.toSorted(([one], [other]) => one - other),
      notices: notices.toSorted(([one], [other]) => one - other),
      reviews: reviews
        .toSorted(([one], [other]) => one - other)
        .map(([reviewDay, fitted, medianIpiDays, baseSize, cut], index) => ({
          eventId: `review-${index}`,
          asOf: onDay(reviewDay),
          baseSize,
          rfmCuts: { r: [10, 20, 30, 40], f: [1, 2, 3, 4], m: [100, 200, 300, 400] },
          tierCuts: {
            platinum: { cm365Minor: cut + 100, longevityDays: 10, partyId: 'x' },
            gold: { cm365Minor: cut, longevityDays: 10, partyId: 'x' },
          },
          heavyCut: null,
          medianIpiDays,
          segmentStats: [],
          ...(fitted ? { bgnbd: { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426, n: 2357, LL: -9582.4 } } : {}),
        })),
    };
  });

const evidenceAt = ({ drafts, wallets, notices }: History, at: Instant): Evidence => {
  const day = (at - onDay(0)) / DAY_MS;
  return evidenceOf(
    {
      ...drafts,
      rest: {
        person: personWith({}),
        wallets: wallets
          .filter(([reported]) => reported <= day)
          .map(([reported, part]) => reportedWallet(reported, part)),
        defectionNotices: notices
          .filter(([given]) => given <= day)
          .map(([given, ahead, after]) =>
            notice(given, given + ahead, after !== null && given + after <= day ? given + after : null),
          ),
      },
    },
    day,
  );
};

const factInstants = ({ drafts, wallets, notices, reviews }: History): ReadonlyArray<Instant> => [
  ...(drafts.orders ?? []).map(({ day }) => onDay(day)),
  ...(drafts.reversals ?? []).map(({ day }) => onDay(day)),
  ...wallets.map(([day]) => onDay(day)),
  ...notices.flatMap(([day, , after]) => [onDay(day), ...(after === null ? [] : [onDay(day + after)])]),
  ...reviews.map(({ asOf }) => asOf),
];

const policyAt = ({ reviews }: History, at: Instant): Policy =>
  policyWith(reviews.findLast(({ asOf }) => asOf <= at) ?? null, defaultConfiguration);

interface Change {
  readonly at: Instant;
  readonly value: ValueStanding;
  readonly lifecycle: LifecycleStanding;
}

/** What changed and when; `skipping` evaluates only at facts, deadlines and at the day after a crossing. */
const changesOf = (history: History, skipping: boolean): ReadonlyArray<Change> => {
  const facts = [...new Set(factInstants(history))].sort((one, other) => one - other);
  const end = onDay(horizonDays);
  // The plain evaluation takes its deadlines from the history itself, not from what is under test.
  // A notice that was taken back is no deadline any more.
  const known = (now: Instant): ReadonlyArray<Instant> =>
    history.notices
      .filter(([day, , after]) => onDay(day) <= now && (after === null || onDay(day + after) > now))
      .map(([day, ahead]) => onDay(day + ahead))
      .filter((deadline) => deadline > now);
  const changes: Change[] = [];
  let value = initialValue;
  let lifecycle = initialLifecycle;
  let at = facts[0] ?? onDay(0);
  let evidence = evidenceAt(history, at);
  let policy = policyAt(history, at);
  while (at <= end) {
    if (facts.includes(at)) {
      evidence = evidenceAt(history, at);
      policy = policyAt(history, at);
    }
    const judged = { value: evaluateValue(evidence, value, policy, at), loyalty: steadyLoyalty };
    const next = evaluateLifecycle(evidence, judged, lifecycle, policy, at);
    if (judged.value !== value || next !== lifecycle) changes.push({ at, value: judged.value, lifecycle: next });
    value = judged.value;
    lifecycle = next;
    const now = at;
    const ofValue = nextValueChange(evidence, value, policy, now);
    const ofPhase = nextLifecycleChange(evidence, { ...judged, lifecycle }, policy, now);
    if (!(Math.min(ofValue.deadline, ofValue.crossing, ofPhase.deadline, ofPhase.crossing) > now))
      throw new Error(`a next change at ${now} is not later than ${now}`);
    const boundary = (instant: Instant) => onDay(0) + Math.ceil((instant - onDay(0)) / DAY_MS) * DAY_MS;
    const byTime = skipping
      ? [ofPhase.deadline, ofValue.deadline, boundary(Math.min(ofValue.crossing, ofPhase.crossing))]
      : [boundary(now + 1), ...known(now)];
    at = Math.min(...byTime, ...facts.filter((fact) => fact > now));
  }
  return changes;
};

describe('next change of value and lifecycle (architecture.md, Time)', () => {
  it('skipping what cannot change gives the same changes at the same instants as every day', () => {
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        expect(changesOf(history, true)).toEqual(changesOf(history, false));
      }),
      { numRuns: 60 },
    );
  });

  it('skips nearly every day of a steady customer', () => {
    const evidence = evidenceOf({ orders: [0, 30, 60, 90].map((day) => ({ day })) });
    const policy = policyWith();
    const value = evaluateValue(evidence, initialValue, policy, onDay(90));
    const judged = { value, loyalty: steadyLoyalty };
    const lifecycle = evaluateLifecycle(evidence, judged, initialLifecycle, policy, onDay(90));
    expect(nextValueChange(evidence, value, policy, onDay(90)).crossing).toBe(onDay(150));
    expect(nextLifecycleChange(evidence, { ...judged, lifecycle }, policy, onDay(90)).crossing).toBe(onDay(150));
  });
});
