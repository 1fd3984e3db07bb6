import * as E from 'fp-ts/Either';
import {
  arbitraryEvent,
  events,
  expectLeft,
  expectRight,
  givenLog,
  numbersOf,
  setMetadata,
  written,
} from './testing/given-log';
import type { Expected, WireLog } from './wire-log';

const given = givenLog();
const { log } = given;
afterAll(() => given.close());

let streams = 0;
const newStream = (): string => `note-${(streams += 1)}`;

/** Streams in each state of table 3.1; three events where there are any. */
const states: Readonly<Record<string, (streamId: string) => Promise<unknown>>> = {
  'never existed': async () => undefined,
  'never existed, with metadata': (streamId) => setMetadata(log, streamId, '{"$maxCount":10}'),
  exists: (streamId) => written(log, streamId, 3),
  'soft-deleted': async (streamId) => {
    await written(log, streamId, 3);
    expectRight(await log.deleteStream(streamId, 2n));
  },
  tombstoned: async (streamId) => {
    await written(log, streamId, 3);
    expectRight(await log.tombstoneStream(streamId, 2n));
  },
};

const appendTo = async (streamId: string, expected: Expected): Promise<string> => {
  const answer = await log.append({ streamId, expected, events: [arbitraryEvent()] });
  if (E.isRight(answer)) return `at ${answer.right.eventNumber}`;
  return answer.left.code;
};

describe('an append with an expected revision (table 3.1)', () => {
  it.each<[state: string, expected: Expected, outcome: string, seen: ReadonlyArray<bigint> | string]>([
    ['never existed', 'any', 'at 0', [0n]],
    ['never existed', 'noStream', 'at 0', [0n]],
    ['never existed', 'streamExists', 'WrongExpectedVersion', 'StreamNotFound'],
    ['never existed', 0n, 'WrongExpectedVersion', 'StreamNotFound'],
    ['never existed, with metadata', 'any', 'at 0', [0n]],
    ['never existed, with metadata', 'noStream', 'at 0', [0n]],
    ['never existed, with metadata', 'streamExists', 'at 0', [0n]],
    ['never existed, with metadata', 0n, 'WrongExpectedVersion', 'StreamNotFound'],
    ['exists', 'any', 'at 3', [0n, 1n, 2n, 3n]],
    ['exists', 'noStream', 'WrongExpectedVersion', [0n, 1n, 2n]],
    ['exists', 'streamExists', 'at 3', [0n, 1n, 2n, 3n]],
    ['exists', 2n, 'at 3', [0n, 1n, 2n, 3n]],
    ['exists', 1n, 'WrongExpectedVersion', [0n, 1n, 2n]],
    ['exists', 3n, 'WrongExpectedVersion', [0n, 1n, 2n]],
    ['soft-deleted', 'any', 'at 3', [3n]],
    ['soft-deleted', 'noStream', 'at 3', [3n]],
    ['soft-deleted', 'streamExists', 'StreamDeleted', 'StreamNotFound'],
    ['soft-deleted', 2n, 'at 3', [3n]],
    ['soft-deleted', 1n, 'WrongExpectedVersion', 'StreamNotFound'],
    ['soft-deleted', 3n, 'WrongExpectedVersion', 'StreamNotFound'],
    ['tombstoned', 'any', 'StreamDeleted', 'StreamDeleted'],
    ['tombstoned', 'noStream', 'StreamDeleted', 'StreamDeleted'],
    ['tombstoned', 'streamExists', 'StreamDeleted', 'StreamDeleted'],
    ['tombstoned', 2n, 'StreamDeleted', 'StreamDeleted'],
    ['tombstoned', 9_223_372_036_854_775_807n, 'StreamDeleted', 'StreamDeleted'],
  ])('to a stream that %s, expected %s: %s', async (state, expected, outcome, seen) => {
    const streamId = newStream();
    await states[state]?.(streamId);
    expect(await appendTo(streamId, expected)).toBe(outcome);
    expect(await numbersOf(log, streamId)).toEqual(seen);
  });

  it('names the expected and the actual version when they differ', async () => {
    const streamId = newStream();
    await written(log, streamId, 3);
    const wrong = await log.append({ streamId, expected: 7n, events: events(1) });
    expect(expectLeft(wrong)).toEqual({ code: 'WrongExpectedVersion', streamId, expected: 7n, actual: 2n });
    const absent = await log.append({ streamId: newStream(), expected: 0n, events: events(1) });
    expect(expectLeft(absent)).toMatchObject({ actual: null });
  });

  it('of nothing takes part in the check and writes nothing', async () => {
    const streamId = newStream();
    const head = log.head();
    expect(await log.append({ streamId, expected: 'noStream', events: [] })).toEqual(
      E.right({ eventNumber: -1n, position: null }),
    );
    expect(await log.append({ streamId, expected: 0n, events: [] })).toMatchObject({ _tag: 'Left' });
    expect(log.head()).toBe(head);
  });
});

describe('an idempotent append (3.2)', () => {
  const all = async (
    writer: WireLog,
    choose: (ids: ReadonlyArray<string>) => ReadonlyArray<string>,
    expected: Expected,
  ): Promise<string> => {
    const streamId = newStream();
    const before = await written(writer, streamId, 4);
    const ids = choose(before.map(({ id }) => id));
    const answer = await writer.append({ streamId, expected, events: ids.map((id) => arbitraryEvent({ id })) });
    return E.isRight(answer) ? `at ${answer.right.eventNumber}` : answer.left.code;
  };
  const fresh = (): string => arbitraryEvent().id;

  it.each<[what: string, choose: (ids: ReadonlyArray<string>) => ReadonlyArray<string>, Expected, string]>([
    ['all from event 0, expected no stream', (ids) => ids.slice(0, 2), 'noStream', 'at 1'],
    ['all four, expected no stream', (ids) => ids, 'noStream', 'at 3'],
    ['all after event 0, expected 0', (ids) => ids.slice(1, 3), 0n, 'at 2'],
    ['all one place too early, expected 1', (ids) => ids.slice(1, 3), 1n, 'WrongExpectedVersion'],
    ['the first differs, expected 0', (ids) => [fresh(), ...ids.slice(2)], 0n, 'WrongExpectedVersion'],
    ['a later one differs, expected 0', (ids) => [...ids.slice(1, 3), fresh()], 0n, 'WrongExpectedVersion'],
    ['one runs past the end, expected 2', (ids) => [...ids.slice(3), fresh()], 2n, 'WrongExpectedVersion'],
    ['all known, expected any', (ids) => ids.slice(1, 3), 'any', 'at 2'],
    ['all known in another order, expected any', (ids) => [...ids].reverse(), 'any', 'at 0'],
    ['all known, expected stream exists', (ids) => ids.slice(0, 2), 'streamExists', 'at 1'],
    ['only the first known, expected any', (ids) => [...ids.slice(0, 1), fresh()], 'any', 'WrongExpectedVersion'],
    ['only a later one known, expected any', (ids) => [fresh(), ...ids.slice(0, 1)], 'any', 'WrongExpectedVersion'],
    ['all known, expected the current revision', (ids) => ids.slice(1, 3), 3n, 'at 2'],
    [
      'all known but out of order, expected the current revision',
      (ids) => ids.slice(1, 3).reverse(),
      3n,
      'InvalidArgument',
    ],
    ['some known, expected the current revision', (ids) => [...ids.slice(3), fresh()], 3n, 'InvalidArgument'],
  ])('with ids of which %s', async (_, choose, expected, outcome) => {
    expect(await all(log, choose, expected)).toBe(outcome);
  });

  it('answers with the original position and number, not with the head', async () => {
    const streamId = newStream();
    const batch = events(2);
    const first = expectRight(await log.append({ streamId, expected: 'noStream', events: batch }));
    await written(log, streamId, 5);
    expect(await log.append({ streamId, expected: 'noStream', events: batch })).toEqual(E.right(first));
    expect(await log.append({ streamId, expected: 'any', events: batch })).toEqual(E.right(first));
  });

  it.each<Expected>(['any', 'noStream', 'streamExists', 0n])(
    'refuses an id that lies in another stream and names both, expected %s',
    async (expected) => {
      const elsewhere = newStream();
      const [taken] = await written(log, elsewhere, 1);
      const streamId = newStream();
      if (expected !== 'noStream') await written(log, streamId, 1);
      const refused = expectLeft(
        await log.append({ streamId, expected, events: [arbitraryEvent(), arbitraryEvent({ id: taken?.id ?? '' })] }),
      );
      expect(refused).toMatchObject({ code: 'InvalidArgument', message: expect.stringContaining(taken?.id ?? '-') });
      expect(refused).toMatchObject({ message: expect.stringContaining(`"${elsewhere}"`) });
    },
  );

  it('leaves its neighbours in the commit alone when it is refused', async () => {
    const [taken] = await written(log, newStream(), 1);
    const [a, b, c] = [newStream(), newStream(), newStream()];
    const answers = await Promise.all([
      log.append({ streamId: a, expected: 'noStream', events: events(2) }),
      log.append({
        streamId: b,
        expected: 'noStream',
        events: [arbitraryEvent(), arbitraryEvent({ id: taken?.id ?? '' })],
      }),
      log.append({ streamId: c, expected: 'noStream', events: events(2) }),
      log.append({ streamId: c, expected: 1n, events: events(1) }),
    ]);
    expect(answers.map(E.isRight)).toEqual([true, false, true, true]);
    expect(await numbersOf(log, a)).toEqual([0n, 1n]);
    expect(await numbersOf(log, b)).toBe('StreamNotFound');
    expect(await numbersOf(log, c)).toEqual([0n, 1n, 2n]);
  });
});
