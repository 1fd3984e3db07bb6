import * as fc from 'fast-check';
import { eventIdOf } from './attributes';
import { catalogueEntry, type FactType, factTypes, streamOf, subjectsOf } from './catalogue';
import { channels } from './channels';
import type { AnyCodec, PatternName } from './codec';
import * as E from 'fp-ts/Either';
import { defaultConfiguration } from '../policy/configuration';
import type { Fact, FactOf } from './envelope';
import { isRecord, type JsonRecord } from './structure';

export { extremeCloudEvent } from './arbitrary-extremes';

/**
 * Arbitrary facts for property tests, derived from the codecs, so that no test data can drift away
 * from the catalogue. Ids come from small pools, so that facts relate to one another.
 */
const pool = (prefix: string, size: number): fc.Arbitrary<string> =>
  fc.integer({ min: 1, max: size }).map((n) => `${prefix}${n}`);

const parties = pool('p', 3);
const eventReferences = pool('e', 20);

/** By field name; every other id is taken from a pool of its own name. */
const idPools: Readonly<Record<string, fc.Arbitrary<string>>> = {
  partyId: parties,
  partyIds: parties,
  survivorId: parties,
  absorbedId: parties,
  separatedId: parties,
  referrerId: parties,
  referredId: parties,
  beneficiaryId: parties,
  actingPartyId: parties,
  counterpartyId: parties,
  orderId: pool('o', 5),
  complaintId: pool('c', 4),
  requestId: pool('r', 4),
  agentId: pool('agent', 3),
  // The first answer of a survey counts: of a few surveys there would be few answers.
  surveyId: pool('s', 40),
};

export const EPOCH = Date.parse('2023-01-01T00:00:00.000Z');
const THREE_YEARS_MS = 3 * 365 * 86_400_000;

/** An instant in the three years from `EPOCH`, in milliseconds. */
export const arbitraryInstant: fc.Arbitrary<number> = fc
  .integer({ min: 0, max: THREE_YEARS_MS })
  .map((offset) => EPOCH + offset);

const iso = arbitraryInstant.map((at) => new Date(at).toISOString());
const days = iso.map((instant) => instant.slice(0, 10));

const arbitraryPattern = (pattern: PatternName, field: string): fc.Arbitrary<string> => {
  switch (pattern) {
    case 'id':
      return idPools[field] ?? pool(`${field}-`, 4);
    case 'itemId':
      return fc.constantFrom('0'.repeat(32), 'a'.repeat(32), '0123456789abcdef'.repeat(2));
    case 'instant':
      return iso;
    case 'day':
      return days;
    case 'dayOrInstant':
      return fc.oneof(iso, days);
    case 'currency':
      return fc.constantFrom('GBP', 'EUR', 'MXN');
    case 'timeZone':
      return fc.constantFrom('UTC', 'Europe/Madrid', 'America/Bogota');
    case 'locale':
      return fc.constantFrom('en-GB', 'es-MX', 'es');
    case 'reference':
      return eventReferences;
  }
};

/** Money and counts stay small enough that sums of a history are exact. */
const LARGEST = 1_000_000;
const LONGEST_LIST = 3;

const arbitraryNumber = (min: number, max: number, integer: boolean): fc.Arbitrary<number> => {
  const [low, high] = [Math.max(min, -LARGEST), Math.min(max, LARGEST)];
  if (integer) return fc.integer({ min: low, max: high });
  return fc.integer({ min: Math.ceil(low * 8), max: Math.floor(high * 8) }).map((n) => Math.max(n / 8, low));
};

const arbitraryOf = ({ shape }: AnyCodec, field: string): fc.Arbitrary<unknown> => {
  switch (shape.kind) {
    case 'string':
      return fc
        .string({ minLength: shape.min, maxLength: Math.min(shape.max, shape.min + 12), unit: 'grapheme' })
        .filter((text) => shape.mayBeBlank || text.trim() !== '');
    case 'pattern':
      return arbitraryPattern(shape.pattern, field);
    case 'number':
      return arbitraryNumber(shape.min, shape.max, shape.integer);
    case 'boolean':
      return fc.boolean();
    case 'enum':
      return fc.constantFrom(...shape.values);
    case 'list': {
      const maxLength = Math.max(shape.min, Math.min(shape.max, LONGEST_LIST));
      return fc.array(arbitraryOf(shape.element, field), { minLength: shape.min, maxLength });
    }
    case 'dictionary':
      return fc.dictionary(fc.constantFrom('empathy', 'speed', 'clarity'), arbitraryOf(shape.element, field));
    case 'nullable':
      return fc.option(arbitraryOf(shape.inner, field), { nil: null });
    case 'record': {
      const members = { ...shape.required, ...shape.optional };
      const model = Object.fromEntries(Object.entries(members).map(([key, codec]) => [key, arbitraryOf(codec, key)]));
      return fc.record(model, { requiredKeys: Object.keys(shape.required) }).map((made) => ({ ...made }));
    }
  }
};

/** Makes the fields of a payload agree where a codec looks at several of them. */
const agreed: { readonly [T in FactType]?: (data: JsonRecord) => JsonRecord } = {
  SurveyAnswered: (data) => {
    const [scaleMin, scaleMax] =
      data['instrument'] === 'nps' ? [0, 10] : data['instrument'] === 'ces' ? [1, 7] : [1, 5];
    const steps = scaleMax - scaleMin + 1;
    const score = scaleMin + (Math.abs(Math.trunc(Number(data['score']))) % steps);
    return { ...data, scaleMin, scaleMax, score };
  },
  ComplaintFollowedUp: ({ verdict, ...data }) =>
    data['unreachable'] === true ? data : { ...data, verdict: verdict ?? 3 },
  CompensationGranted: (data) => ('complaintId' in data || 'partyId' in data ? data : { ...data, partyId: 'p1' }),
  RewardGranted: (data) => ('membershipId' in data || 'partyId' in data ? data : { ...data, partyId: 'p1' }),
  ConfigurationActivated: ({ config, ...data }) => {
    // A document of numbers by chance is never in force: the defaults with what may be anything.
    const { tenant, capabilities } = isRecord(config) ? config : {};
    return { ...data, config: { ...defaultConfiguration, version: data['version'], tenant, capabilities } };
  },
  SwitchingBarrierSet: (data) =>
    data['kind'] === 'penalty' ? { ...data, disclosedAt: data['disclosedAt'] ?? '2023-01-01T00:00:00.000Z' } : data,
};

/** Any payload of a type that its codec accepts. */
export const arbitraryData = <T extends FactType>(type: T): fc.Arbitrary<FactOf<T>['data']> => {
  const agree = agreed[type];
  return arbitraryOf(catalogueEntry(type).codec, type).map((made) => {
    const data = agree && isRecord(made) ? agree(made) : made;
    return data as FactOf<T>['data'];
  });
};

const actors = fc.constantFrom(
  { kind: 'agent', id: 'agent1' } as const,
  { kind: 'customer', id: 'p1' } as const,
  { kind: 'integration', id: 'erp' } as const,
);

/**
 * Any fact of a type. Its source and id are unique with overwhelming probability; `recordedAt` is up
 * to ten days after `occurredAt`.
 */
export const arbitraryFact = <T extends FactType>(type: T): fc.Arbitrary<FactOf<T>> =>
  fc
    .record({
      data: arbitraryData(type),
      id: fc.uuid(),
      source: fc.constantFrom('erp', 'crm', 'web'),
      occurredAt: arbitraryInstant,
      lag: fc.integer({ min: 0, max: 864_000_000 }),
      subject: parties,
      actor: actors,
      channel: fc.option(fc.constantFrom(...channels), { nil: undefined }),
    })
    .map(({ data, id, source, occurredAt, lag, subject, actor, channel }) => {
      const named = subjectsOf(type, data);
      const subjects = E.isRight(named) ? named.right : [subject];
      return {
        eventId: eventIdOf(source, id),
        type,
        schemaVersion: catalogueEntry(type).schemaVersion,
        streamId: streamOf(type, data, id),
        occurredAt,
        recordedAt: occurredAt + lag,
        source,
        id,
        subjects,
        actor,
        ...(channel !== undefined && { channel }),
        data,
      };
    });

/** Any fact of any of these types (default: all). */
export const arbitraryFactOf = (types: ReadonlyArray<FactType> = factTypes): fc.Arbitrary<Fact> =>
  fc.oneof(...types.map((type) => arbitraryFact(type) as fc.Arbitrary<Fact>));
