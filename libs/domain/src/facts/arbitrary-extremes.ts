import * as fc from 'fast-check';
import { catalogueEntry, type FactType } from './catalogue';
import { channels } from './channels';
import type { AnyCodec, PatternName } from './codec';
import { isRecord, type JsonRecord } from './structure';

/**
 * Payloads at the edges of what the codecs let in: the smallest and the largest number, text of control
 * characters and of other planes, ids that are names of JavaScript's own objects, instants of the years 0 and 9999. For
 * properties over the door of facts: whatever comes through it must leave everything else standing.
 */
const NAMES = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf'];
const PARTIES = ['p1', '__proto__', 'constructor', 'x'.repeat(64), '-'];
const INSTANTS = [
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00.000Z',
  '1969-12-31T23:59:59.999Z',
  '2024-02-29T12:00:00.000Z',
  '2026-03-10T12:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
];

/** An instant at an edge of the calendar that RFC 3339 knows. */
export const extremeInstant: fc.Arbitrary<string> = fc.constantFrom(...INSTANTS);

const PARTY_FIELD =
  /^(partyIds?|survivorId|absorbedId|separatedId|referrerId|referredId|beneficiaryId|actingPartyId|counterpartyId)$/;

const extremePattern = (pattern: PatternName, field: string): fc.Arbitrary<string> => {
  switch (pattern) {
    case 'id':
      return fc.constantFrom(...(PARTY_FIELD.test(field) ? PARTIES : [...NAMES, 'i1', 'y'.repeat(64)]));
    case 'itemId':
      return fc.constantFrom('0'.repeat(32), 'f'.repeat(32));
    case 'instant':
      return extremeInstant;
    case 'day':
      return extremeInstant.map((instant) => instant.slice(0, 10));
    case 'dayOrInstant':
      return fc.oneof(
        extremeInstant,
        extremeInstant.map((instant) => instant.slice(0, 10)),
      );
    case 'currency':
      return fc.constantFrom('GBP', 'XXX', 'ZZZ');
    case 'timeZone':
      return fc.constantFrom('UTC', 'Pacific/Apia', 'America/Caracas', '+23:59');
    case 'locale':
      return fc.constantFrom('en', 'zz-zzzzzzzz-zzzzzzzz', 'de-DE-1996');
    case 'reference':
      return fc.constantFrom(...NAMES, ' ', '\u{1F600}'.repeat(128), 'e'.repeat(256), "'; DROP TABLE events; --");
  }
};

const texts = (min: number, max: number, mayBeBlank: boolean): ReadonlyArray<string> =>
  [
    '',
    ' ',
    '\u0000',
    '\u0000\u001b[31m\u202e\ufeff',
    '\u{10FFFF}',
    ...NAMES,
    '%_*?"\'\\',
    'z'.repeat(max),
    '\u{1F600}'.repeat(Math.floor(max / 2)),
  ].filter((text) => text.length >= min && [...text].length <= max && (mayBeBlank || text.trim() !== ''));

const extremeOf = ({ shape }: AnyCodec, field: string): fc.Arbitrary<unknown> => {
  switch (shape.kind) {
    case 'string':
      return fc.constantFrom(...texts(shape.min, shape.max, shape.mayBeBlank));
    case 'pattern':
      return extremePattern(shape.pattern, field);
    case 'number': {
      const { min, max } = shape;
      const edges = [min, max, ...[0, 1, -1, Number.MIN_VALUE].filter((edge) => edge >= min && edge <= max)];
      return fc.constantFrom(...(shape.integer ? edges.filter(Number.isSafeInteger) : edges));
    }
    case 'boolean':
      return fc.boolean();
    case 'enum':
      return fc.constantFrom(...shape.values);
    case 'list': {
      const maxLength = Math.min(shape.max, Math.max(shape.min, 3));
      return fc.array(extremeOf(shape.element, field), { minLength: shape.min, maxLength });
    }
    case 'dictionary':
      return fc.dictionary(fc.constantFrom('constructor', 'toString', 'empathy'), extremeOf(shape.element, field));
    case 'nullable':
      return fc.option(extremeOf(shape.inner, field), { nil: null });
    case 'record': {
      const members = { ...shape.required, ...shape.optional };
      const model = Object.fromEntries(Object.entries(members).map(([key, codec]) => [key, extremeOf(codec, key)]));
      return fc.record(model, { requiredKeys: Object.keys(shape.required) }).map((made) => ({ ...made }));
    }
  }
};

/** Makes fields agree that a codec looks at together. */
const agreed: { readonly [T in FactType]?: (data: JsonRecord) => JsonRecord } = {
  ComplaintFollowedUp: ({ verdict, ...data }) =>
    data['unreachable'] === true ? data : { ...data, verdict: verdict ?? 1 },
  CompensationGranted: (data) => ('complaintId' in data || 'partyId' in data ? data : { ...data, partyId: 'p1' }),
  RewardGranted: (data) => ('membershipId' in data || 'partyId' in data ? data : { ...data, partyId: 'p1' }),
};

/** A payload at the edges of a type's codec; some the door refuses, because fields contradict one another. */
export const extremeData = (type: FactType): fc.Arbitrary<JsonRecord> =>
  extremeOf(catalogueEntry(type).codec, type).map((made) => {
    const data = isRecord(made) ? made : {};
    return agreed[type]?.(data) ?? data;
  });

/** A CloudEvent with such a payload, in structured JSON; its id is unique with overwhelming probability. */
export const extremeCloudEvent = (type: FactType, latest: string): fc.Arbitrary<JsonRecord> =>
  fc
    .record({
      data: extremeData(type),
      id: fc.uuid(),
      source: fc.constantFrom('erp', '__proto__', "'; --"),
      time: fc.constantFrom(...INSTANTS.filter((instant) => instant <= latest)),
      subject: fc.constantFrom(...PARTIES),
      channel: fc.option(fc.constantFrom(...channels), { nil: undefined }),
      actorkind: fc.constantFrom('agent', 'customer', 'system', 'integration'),
      actorid: fc.constantFrom('__proto__', 'ada', '\u{1F600}'.repeat(128)),
    })
    .map(({ channel, source, ...attributes }) => ({
      specversion: '1.0',
      type,
      source: source.replaceAll(' ', ''),
      ...attributes,
      ...(channel === undefined ? {} : { channel }),
    }));
