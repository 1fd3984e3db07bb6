import { randomUUID } from 'node:crypto';
import type { AppendRequest, NewEvent } from '../port';
import { anAppend, anEvent, collect, freshPrefix, refused } from './given';
import type { ConformanceCase } from './subject';
import { holds, promise, same } from './verdict';

const AREA = 'invalid requests';

/** What a caller in JavaScript, or one that has decoded nothing, may send. The compiler refuses it. */
const odd = (event: NewEvent, changed: { readonly [Key in keyof NewEvent]?: unknown }): NewEvent => {
  const made: NewEvent = Object.assign({}, event, changed);
  return made;
};
const circular = (): unknown => {
  const list: unknown[] = [];
  list.push(list);
  return list;
};

const EVENTS: ReadonlyArray<readonly [string, string, Parameters<typeof odd>[1]]> = [
  ['an empty id', '/id', { id: '' }],
  ['an id that is no UUID', '/id', { id: 'order-1' }],
  ['an id in capitals', '/id', { id: randomUUID().toUpperCase() }],
  ['an id in braces', '/id', { id: `{${randomUUID()}}` }],
  ['an id without dashes', '/id', { id: randomUUID().replaceAll('-', '') }],
  ['an id that is a number', '/id', { id: 7 }],
  ['an empty type', '/type', { type: '' }],
  ['a type of 256 characters', '/type', { type: 'x'.repeat(256) }],
  ['a type with NUL', '/type', { type: 'a\0b' }],
  ['a type that is half a character', '/type', { type: '\ud800' }],
  ['data that is undefined', '/data', { data: undefined }],
  ['data that is not a number', '/data', { data: Number.NaN }],
  ['data that is infinite', '/data/total', { data: { total: Infinity } }],
  ['data that is a function', '/data', { data: () => 1 }],
  ['data that is a bigint', '/data/amount', { data: { amount: 1n } }],
  ['data that is a Date', '/data/at', { data: { at: new Date(0) } }],
  ['data that is a Map', '/data', { data: new Map() }],
  ['data with a hole', '/data/1', { data: [1, undefined, 3] }],
  ['data that contains itself', '/data', { data: circular() }],
  ['data below a key with a slash', '/data/a~1b', { data: { 'a/b': Number.NaN } }],
  ['metadata that is null', '/metadata', { metadata: null }],
  ['metadata that is a list', '/metadata', { metadata: [] }],
  ['metadata that is a text', '/metadata', { metadata: 'text' }],
  ['metadata that holds a Date', '/metadata/at', { metadata: { at: new Date(0) } }],
];

const REQUESTS: ReadonlyArray<readonly [string, string, (sound: AppendRequest) => AppendRequest]> = [
  ['no event', '/events', (sound) => ({ ...sound, events: [] })],
  ['an empty stream name', '/streamId', (sound) => ({ ...sound, streamId: '' })],
  ['a stream name of 513 characters', '/streamId', (sound) => ({ ...sound, streamId: 'x'.repeat(513) })],
  ['a stream name with NUL', '/streamId', (sound) => ({ ...sound, streamId: `${sound.streamId}\0` })],
  ['a stream name with half a character', '/streamId', (sound) => ({ ...sound, streamId: `${sound.streamId}\udc00` })],
  ['a negative revision', '/expectedRevision', (sound) => ({ ...sound, expectedRevision: -1 })],
  ['a fraction as revision', '/expectedRevision', (sound) => ({ ...sound, expectedRevision: 0.5 })],
  ['a revision that is not a number', '/expectedRevision', (sound) => ({ ...sound, expectedRevision: Number.NaN })],
  ['one id twice', '/events/1/id', (sound) => ({ ...sound, events: [...sound.events, ...sound.events] })],
];

const isRefused = (name: string, path: string, change: (sound: AppendRequest) => AppendRequest): ConformanceCase =>
  promise(AREA, `${name} names ${path} and writes nothing`, async (subject) => {
    const store = await subject.store();
    const sound = anAppend(`${freshPrefix()}/invalid`);
    const head = await store.head();
    const answer = refused(await store.append(change(sound)));
    same('code', answer.code, 'InvalidEvent');
    same('path', answer.code === 'InvalidEvent' ? answer.path : null, path);
    holds('a message', answer.code === 'InvalidEvent' && answer.message.length > 0, answer);
    same('head', await store.head(), head);
    same('the stream', await collect(store.readStream(sound.streamId)), []);
  });

export const invalidCases: ReadonlyArray<ConformanceCase> = [
  ...REQUESTS.map(([name, path, change]) => isRefused(name, path, change)),
  ...EVENTS.flatMap(([name, path, changed]) => [
    isRefused(name, `/events/0${path}`, (sound) => ({
      ...sound,
      events: sound.events.map((event) => odd(event, changed)),
    })),
    isRefused(`${name}, behind a sound event,`, `/events/1${path}`, (sound) => ({
      ...sound,
      events: [...sound.events, odd(anEvent(), changed)],
    })),
  ]),
];
