import * as E from 'fp-ts/Either';
import type { AppendRequest, Json } from '../port';
import { appendTo, arbitraryEvent } from '../testing/given-store';
import { prepareAppend } from './prepare-append';

const withData = (data: unknown): AppendRequest => appendTo('order-1', [arbitraryEvent({ data: data as Json })]);
const id = '6f8f2e3a-0c0e-4f6b-9a3e-0d1f2a3b4c5d';
const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;
const deep = Array.from({ length: 100_000 }).reduce<Json>((inner) => [inner], 1);

describe('an append that is checked', () => {
  it.each<[string, AppendRequest]>([
    ['a type of 255 characters', appendTo('order-1', [arbitraryEvent({ type: 'T'.repeat(255) })])],
    ['a stream name of 512 characters', appendTo('s'.repeat(512))],
    ['any JSON as data', withData([null, true, 1.5, 'é😀', { a: { b: [] } }])],
    ['null as data', withData(null)],
    ['an absent property', withData({ there: 1, absent: undefined })],
    ['an exact revision', appendTo('order-1', [arbitraryEvent()], 0)],
  ])('takes %s', (_, request) => {
    expect(E.isRight(prepareAppend(request))).toBe(true);
  });

  it.each<[string, AppendRequest, string]>([
    ['an empty stream name', appendTo(''), '/streamId'],
    ['a stream name of 513 characters', appendTo('s'.repeat(513)), '/streamId'],
    ['a stream name with NUL', appendTo('a\0b'), '/streamId'],
    ['a stream name with half a character', appendTo('a\ud800'), '/streamId'],
    ['no event', appendTo('order-1', []), '/events'],
    ['a negative revision', appendTo('order-1', [arbitraryEvent()], -1), '/expectedRevision'],
    ['a fraction as revision', appendTo('order-1', [arbitraryEvent()], 0.5), '/expectedRevision'],
    ['an id that is no UUID', appendTo('order-1', [arbitraryEvent({ id: 'order-1' })]), '/events/0/id'],
    ['an id in upper case', appendTo('order-1', [arbitraryEvent({ id: id.toUpperCase() })]), '/events/0/id'],
    ['an id with a line feed behind it', appendTo('order-1', [arbitraryEvent({ id: `${id}\n` })]), '/events/0/id'],
    ['an empty type', appendTo('order-1', [arbitraryEvent({ type: '' })]), '/events/0/type'],
    ['a type of 256 characters', appendTo('order-1', [arbitraryEvent({ type: 'T'.repeat(256) })]), '/events/0/type'],
    ['the same id twice', appendTo('order-1', [arbitraryEvent({ id }), arbitraryEvent({ id })]), '/events/1/id'],
    ['undefined as data', withData(undefined), '/events/0/data'],
    ['a NaN inside', withData({ lines: [{ 'a/b~c': Number.NaN }] }), '/events/0/data/lines/0/a~1b~0c'],
    ['an infinite number', withData(Infinity), '/events/0/data'],
    ['a Date', withData({ at: new Date() }), '/events/0/data/at'],
    ['a Map', withData({ map: new Map() }), '/events/0/data/map'],
    ['a bigint', withData({ big: 1n }), '/events/0/data/big'],
    ['a function', withData({ call: () => 1 }), '/events/0/data/call'],
    ['a hole in a list', withData([undefined]), '/events/0/data/0'],
    ['data that contains itself', withData(cyclic), '/events/0/data'],
    ['data nested too deeply', withData(deep), '/events/0/data'],
    ['a list as metadata', appendTo('o', [arbitraryEvent({ metadata: [] as never })]), '/events/0/metadata'],
    ['null as metadata', appendTo('o', [arbitraryEvent({ metadata: null as never })]), '/events/0/metadata'],
  ])('refuses %s and says where', (_, request, path) => {
    expect(prepareAppend(request)).toMatchObject({ left: { code: 'InvalidEvent', path } });
  });
});
