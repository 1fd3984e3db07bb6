import { defaultConfiguration as configuration } from '../policy/configuration';
import { HOUR_MS } from '../time/calendar';
import { attitudeFit, attitudeOf, attitudeTerms } from './attitude';
import { day, evidenceOf, type Given, ORIGIN } from './evidence-builder';
import { experienceFit, experienceImpulses, experienceOf } from './experience';

const lived = (given: Given, asOf = ORIGIN) =>
  experienceOf(
    experienceFit(experienceImpulses(evidenceOf(given), configuration, asOf), configuration),
    configuration,
    asOf,
  );
const faded = (days: number) => 2 ** (-days / 120);
const complaint = { receivedAt: day(-40), severity: 3 as const };
const closed = (verdict: number) => ({ ...complaint, resolvedAt: day(-39.5), verdict, verdictAt: day(-30) });

describe('experience (domain.md §7.3 B)', () => {
  it.each<[string, Given, number]>([
    ['an open complaint does not fade', { complaints: [complaint] }, -0.7],
    ['resolved in target', { complaints: [{ ...complaint, resolvedAt: day(-39) }] }, -0.7 * 0.22 * faded(39)],
    ['resolved late', { complaints: [{ ...complaint, resolvedAt: day(-38.9) }] }, -0.7 * 0.57 * faded(38.9)],
    ['minor and late', { complaints: [{ ...complaint, severity: 2, resolvedAt: day(-30) }] }, -0.45 * 0.56 * faded(30)],
    ['verdict 2 stands in full', { complaints: [{ ...closed(2), resolvedAt: null }] }, -0.7],
    ['verdict 3 halves', { complaints: [closed(3)] }, -0.35 * faded(39.5)],
    ['verdict 4 leaves a tenth', { complaints: [closed(4)] }, -0.07 * faded(39.5)],
    ['verdict 5 surpasses', { complaints: [closed(5)] }, 0.2 * faded(39.5)],
    ['not for a critical one', { complaints: [{ ...closed(5), severity: 4 }] }, 0],
    // Each asked for another one before it, and of one instant there was none: both surpassed, for +.4 instead of +.2.
    [
      'once for two complaints of one instant',
      { complaints: [closed(5), { ...closed(5), complaintId: 'b' }] },
      0.2 * faded(39.5),
    ],
    [
      'not after another complaint',
      { complaints: [closed(5), { ...closed(5), complaintId: 'b', receivedAt: day(-405) }] },
      0.4 * faded(39.5) - 0.2 * faded(39.5),
    ],
    [
      'severities of failures',
      { failures: ([1, 2, 3] as const).map((severity) => ({ at: day(-12), severity })) },
      -0.85 * faded(12),
    ],
    [
      'a failure complained about is dropped',
      { failures: [{ at: day(-41), severity: 3 }], complaints: [{ ...complaint, aboutEventId: 'failure-detected-0' }] },
      -0.7,
    ],
    ['a failure older than 365 days is forgotten', { failures: [{ at: day(-365.001), severity: 3 }] }, 0],
    [
      'kept promises add .15 at most',
      {
        promises: [1, 2, 3, 4].map((index) => ({
          promiseId: `p-${index}`,
          dueAt: day(0),
          settledAt: day(0),
          fulfilledAt: day(0),
        })),
      },
      0.15,
    ],
    ['a promise past due fades from its due', { promises: [{ dueAt: day(-12) }] }, -0.25 * faded(12)],
    ['a released promise says nothing', { promises: [{ dueAt: day(-12), settledAt: day(-13), released: true }] }, 0],
    [
      'late and incomplete is one impulse',
      {
        orders: [
          { placedAt: day(-20), promisedAt: day(-12), deliveredAt: day(-10), fulfilledAt: day(-10), complete: false },
        ],
      },
      -0.15 * faded(12),
    ],
    [
      'delivered exactly when promised is on time',
      { orders: [{ placedAt: day(-20), promisedAt: day(-12), deliveredAt: day(-12), complete: true }] },
      0,
    ],
    [
      'an order not delivered is late from the promised instant',
      { orders: [{ placedAt: day(-20), promisedAt: day(0) }] },
      -0.15,
    ],
    [
      'who only has the benefit of an order need not hear of its delivery',
      { orders: [{ payer: false, placedAt: day(-20), promisedAt: day(-12) }] },
      0,
    ],
    [
      'of a late delivery the beneficiary hears',
      { orders: [{ payer: false, placedAt: day(-20), promisedAt: day(-12), deliveredAt: day(-10), complete: true }] },
      -0.15 * faded(12),
    ],
    [
      'what is given back after an order was called off does not make it late',
      {
        orders: [{ orderId: 'o1', placedAt: day(-20), promisedAt: day(-12), netMinor: 100, fullyReversed: true }],
        reversals: [
          { orderId: 'o1', at: day(-19), amountMinor: 100 },
          { orderId: 'o1', at: day(-10), amountMinor: 0 },
        ],
      },
      0,
    ],
    [
      'called off after it was promised, it was late',
      {
        orders: [{ orderId: 'o1', placedAt: day(-20), promisedAt: day(-12), netMinor: 100, fullyReversed: true }],
        reversals: [
          { orderId: 'o1', at: day(-19), amountMinor: 40 },
          { orderId: 'o1', at: day(-10), amountMinor: 60 },
        ],
      },
      -0.15 * faded(12),
    ],
    [
      'the agreed time of a request is a promise that its solution keeps',
      { requests: [{ openedAt: day(-13), agreedDueAt: day(-12.5), resolvedAt: day(-12.6) }] },
      0.05 * faded(12.6),
    ],
    [
      'or breaks, beside the service level',
      { requests: [{ openedAt: day(-13), agreedDueAt: day(-12.5), resolvedAt: day(-12.4) }] },
      (-0.15 - 0.25) * faded(12.5),
    ],
    [
      'recorded as a promise too it counts once',
      {
        requests: [{ openedAt: day(-13), agreedDueAt: day(-12.5), resolvedAt: day(-12.6) }],
        promises: [{ relatedTo: 'request-0', dueAt: day(-12.5), settledAt: day(-12.6), fulfilledAt: day(-12.6) }],
      },
      0.05 * faded(12.6),
    ],
    [
      'and needs no settlement besides the solution',
      {
        requests: [{ openedAt: day(-13), agreedDueAt: day(-12.5), resolvedAt: day(-12.6) }],
        promises: [{ relatedTo: 'request-0', dueAt: day(-12.5) }],
      },
      0.05 * faded(12.6),
    ],
    [
      'among many promises too',
      {
        requests: [{ openedAt: day(-13), agreedDueAt: day(-12.5), resolvedAt: day(-12.6) }],
        promises: [
          ...Array.from({ length: 9 }, () => ({ dueAt: day(5) })),
          { relatedTo: 'request-0', dueAt: day(-12.5), settledAt: day(-12.6), fulfilledAt: day(-12.6) },
        ],
      },
      0.05 * faded(12.6),
    ],
    ['a service level broken', { requests: [{ openedAt: day(-13) }] }, -0.15 * faded(12)],
    [
      'a request complained about is dropped',
      { requests: [{ openedAt: day(-13) }], complaints: [{ ...complaint, requestId: 'request-0' }] },
      -0.7,
    ],
    ['the sum is clamped', { failures: ([4, 4] as const).map((severity) => ({ at: day(0), severity })) }, -1],
  ])('%s', (_, given, signal) => {
    expect(lived(given).signal).toBeCloseTo(signal, 12);
  });

  it('a step of a complaint that was never received counts for nothing', () => {
    expect(lived({ complaints: [{ receivedAt: null, severity: 3, resolvedAt: day(-2) }] }).confidence).toBe(0);
  });

  it('a promised time of resolution replaces the configured limit', () => {
    const resolvedAt = day(-40) + 30 * HOUR_MS;
    const resolved = { ...complaint, resolvedAt, resolveBy: day(-40) + 30 * HOUR_MS };
    expect(lived({ complaints: [resolved] }).signal).toBeCloseTo(-0.7 * 0.22 * faded(40 - 30 / 24), 12);
  });
});

describe('attitude (domain.md §7.3 A)', () => {
  const felt = (given: Given, asOf = ORIGIN) =>
    attitudeOf(attitudeFit(attitudeTerms(evidenceOf(given), configuration, asOf), configuration), configuration, asOf);
  const survey = (instrument: 'nps' | 'ces' | 'csat_relationship' | 'custom', score: number, scale = {}) => ({
    surveys: [{ at: day(0), instrument, score, ...scale }],
  });

  it.each<[string, Given, number, number]>([
    ['NPS 9', survey('nps', 9), 0.7, 1],
    ['CES 7 counts half', survey('ces', 7), 0.5, 0.5],
    ['CSAT 4 is nearly neutral', survey('csat_relationship', 4), 0.3, 1],
    [
      'CSAT 8 on 0..10 lies between 4 and 5',
      survey('csat_relationship', 8, { scaleMin: 0, scaleMax: 10 }),
      0.3 + 0.2 * 0.7,
      1,
    ],
    ['a custom survey says nothing', survey('custom', 5), 0, 0],
    ['an answer of 180 days counts half', { surveys: [{ at: day(-180), score: 10 }] }, 1, 0.5],
    ['one of 730 days is the last', { surveys: [{ at: day(-730), score: 10 }] }, 1, 2 ** (-730 / 180)],
    ['older ones are forgotten', { surveys: [{ at: day(-730.001), score: 10 }] }, 0, 0],
    ['unverified word of mouth says nothing', { wordOfMouth: [{ at: day(0), polarity: 1, verified: false }] }, 0, 0],
  ])('%s', (_, given, signal, confidence) => {
    expect(felt(given).signal).toBeCloseTo(signal, 12);
    expect(felt(given).confidence).toBeCloseTo(confidence, 12);
  });

  it.each([
    ['seven days before the complaint', -47, 0.25],
    ['just before that', -47.001, 1],
    ['at the follow-up', -30, 1],
  ])('a survey answered %s weighs %d', (_, at, factor) => {
    const terms = attitudeTerms(
      evidenceOf({ surveys: [{ at: day(at), score: 0 }], complaints: [closed(4)] }),
      configuration,
      ORIGIN,
    );
    expect(terms.find(({ source }) => source.kind === 'survey')?.weight).toBe(factor);
  });
});
