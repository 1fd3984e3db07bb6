import type { Json, JsonObject } from '../port';
import { anEvent, appendTo, collect, freshPrefix, streamOf } from './given';
import type { ConformanceCase } from './subject';
import { holds, promise, same } from './verdict';

const AREA = 'an event is read back as it was written';

const nested = (depth: number): Json =>
  depth === 0 ? 'bottom' : depth % 2 === 0 ? [nested(depth - 1)] : { in: nested(depth - 1) };

const DATA: ReadonlyArray<readonly [string, Json]> = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['zero', 0],
  ['a negative number', -17.25],
  ['the largest safe integer', Number.MAX_SAFE_INTEGER],
  ['the largest number', Number.MAX_VALUE],
  ['the smallest number', Number.MIN_VALUE],
  ['a fraction without an exact form', 0.1 + 0.2],
  ['an exponent', 1e-300],
  ['an empty text', ''],
  ['a text', 'text'],
  ['a text that looks like JSON', '{"a":1}'],
  ['a text that looks like a number', '007'],
  ['a text with controls', 'a\u0000b\u0001\t\r\n\u007f'],
  ['a text with quotes', '"\'\\/`'],
  ['letters of many scripts', 'Ünïcode Привет 漢字 عربى हिन्दी ไทย'],
  ['characters beyond the basic plane', '😀🏳️‍🌈𝒳'],
  ['line separators of JavaScript', '\u2028\u2029'],
  ['a byte order mark', '\ufeffmark'],
  ['not normalised letters', 'e\u0301 é'],
  ['an empty object', {}],
  ['an empty list', []],
  ['empty objects in a list', [{}, [], {}]],
  ['keys that are empty or odd', { '': 1, ' ': 2, 'a.b': 3, '1': 4, ключ: 5, 'a"b': 6 }],
  ['keys that an object has anyway', { constructor: 1, toString: 'x', hasOwnProperty: null }],
  ['a key with null', { present: null }],
  ['keys in their order', { z: 1, a: 2, m: 3 }],
  ['a list of all kinds', [null, true, 0, '', [], {}]],
  ['sixty levels', nested(60)],
  ['a thousand items', Array.from({ length: 1_000 }, (_, index) => index)],
  ['a thousand keys', Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`key-${index}`, index]))],
  ['a date as text', '2025-03-01T12:00:00.000Z'],
];

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const TYPES = [
  'T',
  'Ünïcode 😀',
  'type with spaces',
  'a.b.c/d:e',
  'x'.repeat(255),
  'OrderPlaced.v2',
  '漢字',
  '%',
  '\\',
];
const STREAMS = ['ünï-漢-😀', 'with spaces', 'a:b/c?d#e', '%25', '-', 'x'.repeat(400), 'tab\tnewline\n'];

/** All ways to read give the same event, through and through. */
const keeps = (name: string, given: Parameters<typeof anEvent>[0], stream = 'stream'): ConformanceCase =>
  promise(AREA, name, async (subject) => {
    const store = await subject.store();
    const streamId = `${freshPrefix()}/${stream}`.slice(0, 500);
    const event = anEvent(given);
    const [place] = (await appendTo(store, streamId, [event])).events;
    const [found] = await streamOf(store, streamId);
    holds('a time of whole milliseconds', Number.isSafeInteger(found?.recordedAt), found?.recordedAt);
    const expected = { ...event, streamId, revision: 0, position: place?.position, recordedAt: found?.recordedAt };
    same('from the stream', found, expected);
    same('from the log', (await collect(store.readAll({ direction: 'backwards', limit: 1 })))[0], expected);
    same('by its position', (await store.eventsAt([place?.position ?? 0n]))[0], expected);
    same('by its id', await store.findById(event.id), expected);
    same('the order of keys', JSON.stringify(found?.data), JSON.stringify(event.data));
  });

const ofSize = (bytes: number): ConformanceCase =>
  promise(AREA, `data of ${bytes} bytes`, async (subject) => {
    const store = await subject.store();
    const streamId = `${freshPrefix()}/large`;
    const size = Math.min(bytes, subject.capabilities.maximumAppendBytes - 1_024);
    const event = anEvent({ data: 'x'.repeat(size - 2) });
    await appendTo(store, streamId, [event]);
    const [found] = await streamOf(store, streamId);
    same('length', JSON.stringify(found?.data).length, size);
    holds('the same text', found?.data === event.data, 'another text');
  });

export const fidelityCases: ReadonlyArray<ConformanceCase> = [
  ...DATA.map(([name, data]) => keeps(`data: ${name}`, { data })),
  ...DATA.flatMap(([name, data]) => (isObject(data) ? [keeps(`metadata: ${name}`, { metadata: data })] : [])),
  ...TYPES.map((type) => keeps(`type: ${type.slice(0, 20)}`, { type })),
  ...STREAMS.map((stream) => keeps(`stream: ${JSON.stringify(stream.slice(0, 20))}`, {}, stream)),
  ...[1_000, 100_000, 1_048_576].map(ofSize),
  promise(AREA, 'absent properties are no change', async (subject) => {
    const store = await subject.store();
    const streamId = `${freshPrefix()}/absent`;
    const withHole: { readonly [key: string]: Json } = JSON.parse('{"kept":1}');
    await appendTo(store, streamId, [anEvent({ data: withHole, metadata: {} })]);
    const [found] = await streamOf(store, streamId);
    same('data, metadata', [found?.data, found?.metadata], [{ kept: 1 }, {}]);
  }),
];
