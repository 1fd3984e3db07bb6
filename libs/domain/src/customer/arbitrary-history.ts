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
const MONTHS_MS = 240 * DAY_MS;

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
  .chain((made) => fc.integer({ min: 0, max: 4 * 240 }).map((quarter) => atQuarter(made, quarter)));

/** Quarters of a day make several facts of one instant, also on day boundaries. */
const atQuarter = (made: Fact, quarter: number): Fact => ({
  ...made,
  occurredAt: EPOCH + (quarter * DAY_MS) / 4,
});

const isOwn = ({ subjects }: Fact): boolean => subjects.some((partyId) => MEMBERS.includes(partyId));

const arbitraryReferredOrder: fc.Arbitrary<ReferredOrder> = fc
  .record({ n: fc.integer({ min: 1, max: 9 }), quarter: fc.integer({ min: 0, max: 4 * 400 }) })
  .map(({ n, quarter }) => ({ referredId: 'p3', orderId: `r${n}`, at: EPOCH + (quarter * DAY_MS) / 4 }));

export const arbitraryHistory: fc.Arbitrary<CustomerHistory> = fc
  .record({
    facts: fc.uniqueArray(arbitraryOwnFact, { maxLength: 28, selector: ({ eventId }) => eventId }),
    referredOrders: fc.array(arbitraryReferredOrder, { maxLength: 4 }),
  })
  .map(({ facts, referredOrders }) => ({
    partyId: 'p1',
    members: MEMBERS,
    facts: facts.filter(isOwn),
    referredOrders,
  }));

const policyFact = <T extends FactType>(type: T, occurredAt: Instant, id: string, data: FactData[T]): FactOf<T> => ({
  eventId: id,
  type,
  schemaVersion: 1,
  streamId: 'policy',
  occurredAt,
  recordedAt: occurredAt,
  source: 'test',
  id,
  subjects: [],
  actor: { kind: 'system', id: 'test' },
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
  .map((days) => EPOCH + days * DAY_MS + MONTHS_MS / 240 / 3);
