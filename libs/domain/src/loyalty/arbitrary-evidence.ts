import * as fc from 'fast-check';
import type { Evidence } from '../customer/evidence';
import { DAY_MS, type Instant } from '../time/calendar';
import { type Given, evidenceOf, ORIGIN } from './evidence-builder';

/** An instant between two days from `ORIGIN`; half of them on a day boundary. */
const instant = (fromDay: number, toDay: number): fc.Arbitrary<Instant> =>
  fc.oneof(
    fc.integer({ min: fromDay, max: toDay }).map((days) => ORIGIN + days * DAY_MS),
    fc.integer({ min: fromDay * DAY_MS, max: toDay * DAY_MS }).map((ms) => ORIGIN + ms),
  );

const past = instant(-900, 0);
const either = <A, B>(a: fc.Arbitrary<A>, b: fc.Arbitrary<B>) => fc.oneof(a, b);
const severity = fc.constantFrom<1 | 2 | 3 | 4>(1, 2, 3, 4);
const several = <E>(entry: fc.Arbitrary<E>, maxLength: number) => fc.array(entry, { maxLength });

const survey = fc
  .tuple(
    past,
    fc.constantFrom('nps', 'csat_transactional', 'csat_relationship', 'ces', 'custom'),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(([at, instrument, share]) => {
    const [least, most] = instrument === 'nps' ? [0, 10] : instrument === 'ces' ? [1, 7] : [1, 5];
    return { at, instrument, score: Math.round(least + share * (most - least)) };
  });

/** Irregular, or every so many days with a little play. */
const orders = either(
  several(fc.record({ placedAt: past, netMinor: fc.integer({ min: 0, max: 50_000 }) }), 6),
  fc
    .tuple(
      fc.integer({ min: 1, max: 14 }),
      fc.integer({ min: 5, max: 90 }),
      fc.integer({ min: -200, max: 0 }),
      fc.integer({ min: 0, max: 5 }),
    )
    .map(([count, step, last, play]) =>
      Array.from({ length: count }, (_, index) => ({
        placedAt: ORIGIN + (last - index * step - ((index * 7) % (play + 1))) * DAY_MS,
        netMinor: 10_000 + index * 500,
      })),
    ),
).chain((placed) =>
  fc
    .array(
      fc.record({
        promisedAt: fc.option(instant(-400, 60)),
        deliveredAfter: fc.option(fc.integer({ min: 0, max: 20 * DAY_MS })),
        complete: fc.boolean(),
        lines: fc.integer({ min: 1, max: 4 }),
        reversed: fc.integer({ min: 0, max: 9 }),
      }),
      { minLength: placed.length, maxLength: placed.length },
    )
    .map((details) =>
      placed.map((order, index) => {
        const detail = details[index];
        const deliveredAt =
          detail === undefined || detail.deliveredAfter === null
            ? null
            : Math.min(ORIGIN, order.placedAt + detail.deliveredAfter);
        const fullyReversed = detail?.reversed === 0;
        return {
          ...order,
          promisedAt: detail?.promisedAt ?? null,
          deliveredAt,
          fulfilledAt: deliveredAt,
          fulfilmentEventId: deliveredAt === null ? null : `order-fulfilled-${index}`,
          complete: deliveredAt === null ? null : (detail?.complete ?? true),
          fullyReversed,
          reversedMinor: fullyReversed ? order.netMinor : 0,
          netByProductLine: new Map(
            Array.from({ length: detail?.lines ?? 1 }, (_, line): [string, number] => [
              `line-${(index + line) % 5}`,
              1,
            ]),
          ),
        };
      }),
    ),
);

const complaint = fc
  .tuple(
    instant(-500, 0),
    severity,
    fc.option(fc.integer({ min: 0, max: 3 * DAY_MS })),
    fc.option(fc.integer({ min: 1, max: 5 })),
    fc.option(instant(0, 5)),
  )
  .map(([receivedAt, level, resolvedAfter, verdict, resolveBy]) => {
    const resolvedAt = resolvedAfter === null ? null : Math.min(ORIGIN, receivedAt + resolvedAfter);
    const verdictAt = resolvedAt === null || verdict === null ? null : Math.min(ORIGIN, resolvedAt + 7 * DAY_MS);
    const reopened = verdictAt !== null && verdict !== null && verdict <= 2;
    return {
      receivedAt,
      severity: level,
      resolveBy,
      resolvedAt: reopened ? null : resolvedAt,
      verdict: verdictAt === null ? null : verdict,
      verdictAt,
      reopenedAt: reopened ? verdictAt : null,
    };
  });

const request = fc
  .tuple(
    instant(-300, 0),
    fc.boolean(),
    fc.option(fc.integer({ min: 1, max: 3 * DAY_MS })),
    fc.option(fc.integer({ min: 1, max: DAY_MS })),
    fc.boolean(),
  )
  .map(([openedAt, immediate, resolvedAfter, pausedAfter, escalated]) => {
    const resolvedAt = resolvedAfter === null ? null : Math.min(ORIGIN, openedAt + resolvedAfter);
    return {
      openedAt,
      requestClass: immediate ? ('immediate' as const) : ('deferred' as const),
      resolvedAt,
      pauses: pausedAfter === null ? [] : [{ from: openedAt + pausedAfter, to: resolvedAt }],
      escalations: escalated ? [{ at: openedAt, to: 'back_office', level: 1 }] : [],
    };
  });

const promise = fc
  .tuple(instant(-300, 60), fc.option(fc.integer({ min: -5, max: 5 })), fc.boolean())
  .map(([dueAt, settledDays, released]) => {
    const settledAt = settledDays === null ? null : Math.min(ORIGIN, dueAt + settledDays * DAY_MS);
    return { dueAt, settledAt, fulfilledAt: settledAt, released: released && settledAt !== null };
  });

const referral = fc.record({ at: past, convertedAt: fc.option(instant(-300, 100)) });
const validity = fc.tuple(past, fc.option(instant(1, 700)));

/** Random histories up to `ORIGIN`, with dues and validities that reach beyond it. */
export const arbitraryGiven: fc.Arbitrary<Given> = fc
  .record({
    orders,
    surveys: several(survey, 4),
    wordOfMouth: several(
      fc.record({ at: past, polarity: fc.double({ min: -1, max: 1, noNaN: true }), verified: fc.boolean() }),
      2,
    ),
    complaints: several(complaint, 3),
    requests: several(request, 2),
    promises: several(promise, 3),
    failures: several(fc.record({ at: past, severity }), 2),
    referrals: several(referral, 2),
    memberships: several(
      validity.map(([enrolledAt, validTo]) => ({ enrolledAt, validTo })),
      1,
    ),
    rewards: several(fc.record({ at: past }), 3),
    bonds: several(
      fc
        .tuple(
          fc.constantFrom<'reward' | 'social' | 'customization' | 'structural'>(
            'reward',
            'social',
            'customization',
            'structural',
          ),
          instant(-300, 200),
          fc.option(instant(1, 700)),
        )
        .map(([bondType, validFrom, validTo]) => ({ bondType, validFrom, validTo, at: Math.min(ORIGIN, validFrom) })),
      2,
    ),
    barriers: several(
      validity.map(([at, validTo]) => ({ at, validTo })),
      1,
    ),
    wallets: several(fc.record({ at: past, shareOfWallet: fc.option(fc.double({ min: 0, max: 1, noNaN: true })) }), 2),
    reversals: several(
      fc.record({
        at: past,
        orderId: fc.constantFrom('order-0', 'order-1'),
        netByProductLine: fc.constant(new Map([['line-1', 1]])),
      }),
      1,
    ),
    defectionNotices: several(fc.record({ at: past, effectiveAt: instant(-100, 60) }), 1),
  })
  .map((given) => {
    // A tenth of the customers give notice; the others would hardly be seen otherwise.
    const [notice] = given.defectionNotices;
    return notice !== undefined && notice.at % 5 !== 0 ? { ...given, defectionNotices: [] } : given;
  });

export const arbitraryEvidence: fc.Arbitrary<Evidence> = arbitraryGiven.map(evidenceOf);
