import type { Filter } from '../port';
import { matches, readAllRequest, serverFilterOf, type ServerFilter, subscribeRequest } from './read-request';

describe('the part of a filter that goes to the server', () => {
  it.each<[string, Filter, ServerFilter | 'nothing' | null]>([
    ['none', {}, null],
    ['types', { types: ['A', 'B'] }, { by: 'eventType', prefixes: ['A', 'B'], window: 7 }],
    ['prefixes', { streamPrefixes: ['a-'] }, { by: 'streamName', prefixes: ['a-'], window: 7 }],
    ['both', { types: ['A'], streamPrefixes: ['a-'] }, { by: 'eventType', prefixes: ['A'], window: 7 }],
    ['the empty prefix', { streamPrefixes: ['a-', ''] }, null],
    ['no type', { types: [], streamPrefixes: ['a-'] }, 'nothing'],
    ['no prefix', { types: ['A'], streamPrefixes: [] }, 'nothing'],
  ])('of %s', (_, filter, expected) => {
    expect(serverFilterOf(filter, 7)).toEqual(expected);
  });

  it.each<[Filter, string, string, boolean]>([
    [{}, 'A', 'a-1', true],
    [{ types: ['A'] }, 'A', 'a-1', true],
    [{ types: ['A'] }, 'AB', 'a-1', false],
    [{ streamPrefixes: ['a-'] }, 'A', 'a', false],
    [{ streamPrefixes: ['b-', 'a-'] }, 'A', 'a-1', true],
    [{ types: ['A'], streamPrefixes: ['b-'] }, 'A', 'a-1', false],
    [{ types: [] }, 'A', 'a-1', false],
  ])('%j is looked at again for type %s of stream %s: %s', (filter, type, streamId, expected) => {
    expect(matches({ type, streamId }, filter)).toBe(expected);
  });
});

describe('a request', () => {
  it('names commit and prepare position alike, and asks for unresolved links and ids as text', () => {
    const options = readAllRequest('backwards', 42n, 10, null).getOptions();
    expect(options?.getAll()?.getPosition()?.toObject()).toEqual({ commitPosition: '42', preparePosition: '42' });
    expect([options?.getCount(), options?.getReadDirection(), options?.getResolveLinks()]).toEqual(['10', 1, false]);
    expect([options?.hasNoFilter(), options?.getUuidOption()?.hasString()]).toEqual([true, true]);
  });

  it('of a filtered subscription has a window and a checkpoint interval above zero', () => {
    const filter = subscribeRequest('start', { by: 'streamName', prefixes: ['a-'], window: 1 })
      .getOptions()
      ?.getFilter();
    expect(filter?.getStreamIdentifier()?.getPrefixList()).toEqual(['a-']);
    expect([filter?.getMax(), filter?.getCheckpointintervalmultiplier()]).toEqual([1, 1]);
  });
});
