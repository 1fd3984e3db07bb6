import {
  code,
  currency,
  day,
  dayOrInstant,
  fraction,
  id,
  instant,
  integer,
  itemId,
  locale,
  minorUnits,
  number,
  oneOf,
  positiveMinorUnits,
  reference,
  signedMinorUnits,
  string,
  timeZone,
} from './codec';
import { documentLike } from './likeness';
import { decodeStrict, personalPaths, shown } from './decode';
import { dictionary, list, nullable, personal, record } from './structure';
import * as E from 'fp-ts/Either';

describe('primitive codecs', () => {
  it.each([
    ['id', id, 'A-z_09'],
    ['id', id, 'x'.repeat(64)],
    ['itemId', itemId, '0f'.repeat(16)],
    ['instant', instant, '2026-01-31T09:30:00Z'],
    ['instant', instant, '2026-01-31T09:30:00.1Z'],
    ['instant', instant, '2024-02-29T23:59:59.999Z'],
    ['instant', instant, '2000-02-29T00:00:00Z'],
    ['day', day, '2024-02-29'],
    ['dayOrInstant', dayOrInstant, '2026-01-31'],
    ['dayOrInstant', dayOrInstant, '2026-01-31T00:00:00Z'],
    ['currency', currency, 'GBP'],
    ['timeZone', timeZone, 'America/Bogota'],
    ['locale', locale, 'zh-Hant-TW'],
    ['reference', reference, 'urn:ñandú/7 of 9'],
    ['code', code, '¡'.repeat(2_000)],
    ['code', code, '😀'.repeat(2_000)],
    ['fraction', fraction, 0],
    ['fraction', fraction, 1],
    ['minorUnits', minorUnits, Number.MAX_SAFE_INTEGER],
    ['signedMinorUnits', signedMinorUnits, -7],
    ['positiveMinorUnits', positiveMinorUnits, 1],
    ['integer', integer(1, 4), 4],
    ['number', number(-1, 1), -0.5],
    ['oneOf', oneOf(['a', 'b']), 'b'],
  ] as const)('%s accepts %#', (_name, codec, value) => {
    expect(decodeStrict(codec as typeof id, value)).toEqual(E.right(value));
  });

  it.each([
    ['id', id, ''],
    ['id', id, 'x'.repeat(65)],
    ['id', id, 'a b'],
    ['id', id, 'ab\n'],
    ['itemId', itemId, '0F'.repeat(16)],
    ['instant', instant, '2026-01-31 09:30:00Z'],
    ['instant', instant, '2026-01-31t09:30:00z'],
    ['instant', instant, '2026-01-31T09:30Z'],
    ['instant', instant, '2026-01-31T09:30:00'],
    ['instant', instant, '2026-01-31T09:30:00+00:00'],
    ['instant', instant, '2026-02-29T09:30:00Z'],
    ['instant', instant, '1900-02-29T09:30:00Z'],
    ['instant', instant, '2026-04-31T09:30:00Z'],
    ['instant', instant, '2026-13-01T09:30:00Z'],
    ['instant', instant, '2026-01-31T09:60:00Z'],
    ['instant', instant, '+002026-01-31T09:30:00Z'],
    ['instant', instant, '2026-01-31T09:30:00.000Z\n'],
    ['day', day, '2023-02-29'],
    ['day', day, '2023-2-9'],
    ['currency', currency, 'gbp'],
    ['timeZone', timeZone, 'Mars/Olympus'],
    ['timeZone', timeZone, ''],
    ['locale', locale, 'es_MX'],
    ['reference', reference, 'bell\u0007'],
    ['reference', reference, '\ud800'],
    ['code', code, '😀'.repeat(2_001)],
    ['string', string(0, 5), 'sixsix'],
    ['fraction', fraction, 1.000001],
    ['fraction', fraction, -0.000001],
    ['minorUnits', minorUnits, -1],
    ['minorUnits', minorUnits, 0.5],
    ['minorUnits', minorUnits, 2 ** 53],
    ['minorUnits', minorUnits, '7'],
    ['positiveMinorUnits', positiveMinorUnits, 0],
    ['integer', integer(1, 4), 5],
    ['oneOf', oneOf(['a', 'b']), 'toString'],
  ] as const)('%s refuses %#', (_name, codec, value) => {
    expect(E.isLeft(decodeStrict(codec as typeof id, value))).toBe(true);
  });
});

describe('structures', () => {
  const nested = record(
    { entries: list(record({ secret: personal(code) }), 1, 3) },
    { scores: dictionary(fraction, 2), cut: nullable(record({ note: personal(code) })) },
  );

  it('know the paths of their personal fields', () => {
    expect(personalPaths(nested)).toEqual(['/entries/*/secret', '/cut/note']);
  });

  it('keep the identity of what they decode', () => {
    const value = { entries: [{ secret: 's' }], scores: { a: 0.5 }, cut: null };
    const decoded = nested.decode(value);
    expect(E.isRight(decoded) && decoded.right).toBe(value);
  });

  it('escape keys in JSON Pointers', () => {
    expect(decodeStrict(record({}), { 'a/b~c': 1 })).toMatchObject(E.left([{ path: '/a~1b~0c' }]));
  });

  it('refuse keys of prototypes as unknown fields', () => {
    const hostile: unknown = JSON.parse(
      '{"__proto__": {"entries": []}, "constructor": 1, "entries": [{"secret": "s"}]}',
    );
    expect(decodeStrict(nested, hostile)).toMatchObject(E.left([{ path: '/__proto__' }, { path: '/constructor' }]));
  });

  it('refuse keys of a dictionary that are no words', () => {
    expect(decodeStrict(nested, { entries: [{ secret: 's' }], scores: { 'a b': 0.5 } })).toMatchObject(
      E.left([{ path: '/scores/a b' }]),
    );
  });
});

describe('a codec like a sample document', () => {
  const codec = documentLike({ scale: [1, 2, 3], words: ['a'], rules: [{ on: true }], empty: [], deep: { n: 1 } });

  it.each([[{ scale: [0, 0, 0], words: [], rules: [{ on: false }, { on: true }], empty: ['x'], deep: { n: 2.5 } }]])(
    'accepts %j',
    (value) => {
      expect(E.isRight(decodeStrict(codec, value))).toBe(true);
    },
  );

  it.each([
    ['/scale', { scale: [1, 2] }],
    ['/scale/1', { scale: [1, '2', 3] }],
    ['/words/0', { words: [1] }],
    ['/rules', { rules: [] }],
    ['/rules/0/on', { rules: [{ on: 1 }] }],
    ['/rules/0/off', { rules: [{ on: true, off: true }] }],
    ['/empty/0', { empty: [1] }],
    ['/deep/n', { deep: {} }],
    ['/deep', { deep: null }],
    ['/more', { more: 1 }],
  ])('refuses at %s', (path, change) => {
    const sample = { scale: [1, 2, 3], words: ['a'], rules: [{ on: true }], empty: [], deep: { n: 1 } };
    expect(decodeStrict(codec, { ...sample, ...change })).toMatchObject(E.left([{ path }]));
  });
});

describe('a value in a message', () => {
  it.each([
    ['"short"', 'short'],
    ['undefined', undefined],
    ['[1,2]', [1, 2]],
  ])('is shown as %s', (text, value) => {
    expect(shown(value)).toBe(text);
  });

  it('is cut to 100 characters, never inside one', () => {
    expect(shown('😀'.repeat(80))).toHaveLength(100);
    expect(shown('😀'.repeat(80)).isWellFormed()).toBe(true);
  });
});
