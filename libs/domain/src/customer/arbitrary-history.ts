import * as fc from 'fast-check';
import { arbitraryFactOf, EPOCH } from '../facts/arbitrary';
import { type FactData, type FactType, factTypes } from '../facts/catalogue';
import type { Fact, FactOf } from '../facts/envelope';
import { defaultConfiguration } from '../policy/configuration';
import { regimeOf } from '../policy/fold-regime';
import type { Regime } from '../policy/regime';
import { DAY_MS, type Instant, toIso } from '../time/calendar';
import type { ReferredOrder } from './conversions';
import { isCustomerFact } from './evolve';
import type { CustomerHistory } from './fold';

const MEMBERS = ['p1', 'p2'];
const MONTHS_DAYS = 240;

/** Facts that move judgements are drawn more often than the rest. */
const frequent: ReadonlyArray<FactType> = [
  'OrderPlaced',
  'OrderPlaced',
  'OrderPlaced',
  'SurveyAnswered',
  'SurveyAnswered',
  'ComplaintReceived',
  'ComplaintResolved',
  'ComplaintFollowedUp',
  'ServiceRequestOpened',
  'PromiseMade',
  'ConsentGranted',
  'EnquiryReceived',
];
const customerFactTypes = factTypes.filter((type) => isCustomerFact({ type }) && type !== 'PersonalDataErased');

/** A fact in the first eight months, of the customer p1 (into whom p2 was merged). */
const arbitraryOwnFact: fc.Arbitrary<Fact> = fc
  .oneof(
    { arbitrary: arbitraryFactOf(frequent), weight: 150 },
    { arbitrary: arbitraryFactOf(customerFactTypes), weight: 100 },
    { arbitrary: arbitraryFactOf(['PersonalDataErased']), weight: 1 },
  )
  .chain((made) => fc.integer({ min: 0, max: 4 * MONTHS_DAYS }).map((quarter) => atQuarter(made, quarter)));

/** Quarters of a day make several facts of one instant, also on day boundaries. */
const atQuarter = (made: Fact, quarter: number): Fact => ({
  ...made,
  occurredAt: EPOCH + (quarter * DAY_MS) / 4,
});

const isOwn = ({ subjects }: Fact): boolean => subjects.some((partyId) => MEMBERS.includes(partyId));

const arbitraryReferredOrder: fc.Arbitrary<ReferredOrder> = fc
  .record({ n: fc.integer({ min: 1, max: 9 }), quarter: fc.integer({ min: 0, max: 4 * 400 }) })
  .map(({ n, quarter }) => ({ referredId: 'p3', orderId: `r${n}`, at: EPOCH + (quarter * DAY_MS) / 4 }));

const envelope = (id: string, occurredAt: Instant, subjects: ReadonlyArray<string>): Omit<Fact, 'type' | 'data'> => ({
  eventId: id,
  schemaVersion: 1,
  streamId: id,
  occurredAt,
  recordedAt: occurredAt,
  source: 'test',
  id,
  subjects,
  actor: { kind: 'system', id: 'test' },
});

const ownFact = <T extends FactType>(type: T, days: number, n: number, data: FactData[T]): FactOf<T> => {
  return { ...envelope(`${type}-${n}`, EPOCH + days * DAY_MS, ['p1']), type, data };
};

/** A customer who can be reached, buys at a steady pace and says what it thinks: the way to every zone and queue. */
const arbitrarySteadyFacts: fc.Arbitrary<ReadonlyArray<Fact>> = fc
  .record({
    every: fc.integer({ min: 7, max: 60 }),
    orders: fc.integer({ min: 0, max: 8 }),
    score: fc.integer({ min: 0, max: 10 }),
    lines: fc.integer({ min: 1, max: 3 }),
    reachable: fc.boolean(),
  })
  .map(({ every, orders, score, lines, reachable }) => {
    const bought = Array.from({ length: orders }, (_, n) =>
      ownFact('OrderPlaced', n * every, n, {
        orderId: `steady-${n}`,
        partyId: 'p1',
        channel: 'web',
        lines: [{ sku: 'a', productLine: `line-${n % lines}`, qty: 1, listMinor: 30_000, netMinor: 30_000 }],
        totalNetMinor: 30_000,
        currency: 'GBP',
        appliedPreferenceIds: [],
      }),
    );
    const said = Array.from({ length: Math.ceil(orders / 2) }, (_, n) =>
      ownFact('SurveyAnswered', n * 2 * every + 3, n, {
        surveyId: `steady-${n}`,
        partyId: 'p1',
        instrument: 'nps',
        score,
        scaleMin: 0,
        scaleMax: 10,
      }),
    );
    if (!reachable) return [...bought, ...said];
    const identified = ownFact('PartyIdentified', 0, 0, {
      partyId: 'p1',
      identifiers: [{ scheme: 'email', value: 'a@example.org', verified: true, preferred: true, valid: true }],
    });
    const consents = (['marketing', 'winback', 'survey'] as const).map((purpose, n) =>
      ownFact('ConsentGranted', 0, n, {
        partyId: 'p1',
        purpose,
        channel: 'all',
        lawfulBasis: 'consent',
        policyVersion: '1',
        evidenceRef: 'form',
      }),
    );
    return [identified, ...consents, ...bought, ...said];
  });

export const arbitraryHistory: fc.Arbitrary<CustomerHistory> = fc
  .record({
    steady: fc.oneof(fc.constant([]), arbitrarySteadyFacts),
    random: fc.uniqueArray(arbitraryOwnFact, { maxLength: 30, size: 'max', selector: ({ eventId }) => eventId }),
    referredOrders: fc.array(arbitraryReferredOrder, { maxLength: 4 }),
  })
  .map(({ steady, random, referredOrders }) => ({
    partyId: 'p1',
    members: MEMBERS,
    facts: [...steady, ...random.filter(isOwn)],
    referredOrders,
  }));

const policyFact = <T extends FactType>(type: T, occurredAt: Instant, id: string, data: FactData[T]): FactOf<T> => ({
  ...envelope(id, occurredAt, []),
  type,
  data,
});

const review = (day: number): FactOf<'PortfolioReviewed'> =>
  policyFact('PortfolioReviewed', EPOCH + day * DAY_MS, `review-${day}`, {
    asOf: toIso(EPOCH + (day - 1) * DAY_MS),
    baseSize: 200,
    rfmCuts: { r: [10, 30, 60, 120], f: [1, 2, 3, 5], m: [10_000, 50_000, 100_000, 500_000] },
    tierCuts: {
      platinum: { cm365Minor: 500_000, longevityDays: 200, partyId: 'p8' },
      gold: { cm365Minor: 100_000, longevityDays: 180, partyId: 'p9' },
    },
    heavyCut: { m365Minor: 400_000, partyId: 'p8' },
    medianIpiDays: 45,
    segmentStats: [],
    bgnbd: { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426, n: 2_357, LL: -9_582.4 },
  });

const campaign = (day: number): FactOf<'CampaignLaunched'> =>
  policyFact('CampaignLaunched', EPOCH, `campaign-${day}`, {
    campaignId: `campaign-${day}`,
    name: 'spring',
    objective: 'growth',
    segmentId: 'everyone',
    propositionId: 'v1',
    channels: ['email', 'phone'],
    startsAt: toIso(EPOCH + day * DAY_MS),
    endsAt: toIso(EPOCH + (day + 60) * DAY_MS),
    budgetMinor: 0,
    holdoutPct: 20,
    warningAcknowledged: false,
  });

const activation = (day: number, timeZone: string): FactOf<'ConfigurationActivated'> =>
  policyFact('ConfigurationActivated', EPOCH, `configuration-${day}`, {
    version: day + 1,
    effectiveFrom: toIso(EPOCH + day * DAY_MS),
    config: {
      ...defaultConfiguration,
      version: day + 1,
      tenant: { ...defaultConfiguration.tenant, timeZone },
      segments: [{ segmentId: 'everyone', name: 'Everyone' }],
    },
  });

const day = fc.integer({ min: 0, max: 300 });

/** Some reviews and campaigns, and up to two configurations with a time zone. */
export const arbitraryRegime: fc.Arbitrary<Regime> = fc
  .tuple(
    fc.uniqueArray(day.map(review), { maxLength: 4, selector: ({ id }) => id }),
    fc.uniqueArray(day.map(campaign), { maxLength: 2, selector: ({ id }) => id }),
    fc.uniqueArray(
      fc.tuple(day, fc.constantFrom('UTC', 'America/Bogota', 'Europe/Madrid')).map((of) => activation(...of)),
      { maxLength: 2, selector: ({ id }) => id },
    ),
  )
  .map((facts) => regimeOf(facts.flat()));

/** An instant after the first facts, up to two years after the last. */
export const arbitraryUntil: fc.Arbitrary<Instant> = fc
  .integer({ min: 30, max: 900 })
  .map((days) => EPOCH + (days + 1 / 3) * DAY_MS);
