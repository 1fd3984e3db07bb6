import * as E from 'fp-ts/Either';
import {
  arbitraryEvent,
  collect,
  events,
  expectLeft,
  expectRight,
  givenLog,
  numbersOf,
  setMetadata,
  written,
} from './testing/given-log';
import { type Expected, TOMBSTONE } from './wire-log';

const given = givenLog();
const { log } = given;
afterAll(() => given.close());

let streams = 0;
const newStream = (): string => `note-${(streams += 1)}`;

const lastMetadata = (streamId: string): string => {
  const { lastEventNumber } = log.status(`$$${streamId}`);
  return Buffer.from(log.eventAt(`$$${streamId}`, lastEventNumber)?.data ?? []).toString();
};

const states: Readonly<Record<string, (streamId: string) => Promise<unknown>>> = {
  'never existed': async () => undefined,
  'has only metadata': (streamId) => setMetadata(log, streamId, '{"a":1}'),
  exists: (streamId) => written(log, streamId, 3),
  'is soft-deleted': async (streamId) => {
    await written(log, streamId, 3);
    expectRight(await log.deleteStream(streamId, 'any'));
  },
  'is tombstoned': async (streamId) => {
    await written(log, streamId, 3);
    expectRight(await log.tombstoneStream(streamId, 'any'));
  },
};

describe('a deletion with an expected revision (3.3)', () => {
  it.each<[state: string, expected: Expected, soft: string, tombstone: string]>([
    ['never existed', 'any', 'WrongExpectedVersion', 'done'],
    ['never existed', 'noStream', 'WrongExpectedVersion', 'done'],
    ['never existed', 'streamExists', 'WrongExpectedVersion', 'WrongExpectedVersion'],
    ['never existed', 0n, 'WrongExpectedVersion', 'WrongExpectedVersion'],
    ['has only metadata', 'any', 'done', 'done'],
    ['has only metadata', 'streamExists', 'done', 'done'],
    ['exists', 'any', 'done', 'done'],
    ['exists', 'noStream', 'WrongExpectedVersion', 'WrongExpectedVersion'],
    ['exists', 'streamExists', 'done', 'done'],
    ['exists', 2n, 'done', 'done'],
    ['exists', 1n, 'WrongExpectedVersion', 'WrongExpectedVersion'],
    ['exists', 3n, 'WrongExpectedVersion', 'WrongExpectedVersion'],
    ['is soft-deleted', 'any', 'done', 'done'],
    ['is soft-deleted', 'noStream', 'done', 'done'],
    ['is soft-deleted', 'streamExists', 'StreamDeleted', 'StreamDeleted'],
    ['is soft-deleted', 2n, 'done', 'done'],
    ['is tombstoned', 'any', 'StreamDeleted', 'StreamDeleted'],
    ['is tombstoned', 'noStream', 'StreamDeleted', 'StreamDeleted'],
    ['is tombstoned', 2n, 'StreamDeleted', 'StreamDeleted'],
  ])('of a stream that %s, expected %s: soft %s, tombstone %s', async (state, expected, soft, tombstone) => {
    const [first, second] = [newStream(), newStream()];
    await states[state]?.(first);
    await states[state]?.(second);
    const outcome = (answer: E.Either<{ readonly code: string }, bigint>): string =>
      E.isLeft(answer) ? answer.left.code : answer.right === log.head() ? 'done' : 'elsewhere';
    expect(outcome(await log.deleteStream(first, expected))).toBe(soft);
    expect(outcome(await log.tombstoneStream(second, expected))).toBe(tombstone);
    if (soft === 'done') expect(await numbersOf(log, first)).toBe('StreamNotFound');
    if (tombstone === 'done') expect(await numbersOf(log, second)).toBe('StreamDeleted');
  });
});

describe('a soft deletion', () => {
  it('writes $tb of 2^63 − 1 and drops other metadata', async () => {
    const streamId = newStream();
    await written(log, streamId, 2);
    await setMetadata(log, streamId, '{"$maxCount":5,"owner":"sales"}');
    expectRight(await log.deleteStream(streamId, 1n));
    expect(lastMetadata(streamId)).toBe('{"$tb":9223372036854775807}');
    expect(log.status(streamId)).toMatchObject({ lastEventNumber: 1n, deleted: 'soft', metadata: { maxCount: null } });
  });

  it('ends with the next append, which keeps the numbers and the digits of other metadata', async () => {
    const streamId = newStream();
    await written(log, streamId, 2);
    await setMetadata(log, streamId, '{ "big":12345678901234567890, "$tb" : 9223372036854775807, "s":"},{\\"" }');
    expect(await numbersOf(log, streamId)).toBe('StreamNotFound');
    await written(log, streamId, 2);
    expect(await numbersOf(log, streamId)).toEqual([2n, 3n]);
    expect(lastMetadata(streamId)).toBe('{"big":12345678901234567890,"$tb":2,"s":"},{\\""}');
  });

  it('is not meant by a $tb one digit short of it', async () => {
    const streamId = newStream();
    await written(log, streamId, 2);
    await setMetadata(log, streamId, '{"$tb":9223372036854775806}');
    expect(log.status(streamId).deleted).toBe('no');
    expect(await numbersOf(log, streamId)).toEqual([]);
  });

  it('ends when $metadata is written: $tb is set behind the last event', async () => {
    const streamId = newStream();
    await written(log, streamId, 2);
    expectRight(await log.deleteStream(streamId, 'any'));
    await setMetadata(log, streamId, '{"owner":"sales"}');
    expect(lastMetadata(streamId)).toBe('{"owner":"sales","$tb":2}');
    expect(await numbersOf(log, streamId)).toEqual([]);
    expect(log.status(streamId)).toMatchObject({ lastEventNumber: 1n, deleted: 'no' });
  });

  // The port knows nothing of metadata: what it appended to a soft-deleted stream was in $all and in no read.
  it('ends with an append through the port, which is the first event that is seen', async () => {
    const streamId = newStream();
    await written(log, streamId, 2);
    expectRight(await log.deleteStream(streamId, 'any'));
    const noted = () => ({ id: arbitraryEvent().id, type: 'Noted', data: 1, metadata: {} });
    const append = () => given.store.append({ streamId, expectedRevision: 'any', events: [noted(), noted()] });
    expectRight(await append());
    expect(await numbersOf(log, streamId)).toEqual([2n, 3n]);
    expectRight(await append());
    expect(await numbersOf(log, streamId)).toEqual([2n, 3n, 4n, 5n]);
    expect(log.status(streamId)).toMatchObject({ deleted: 'no', metadata: { truncateBefore: 2n } });
    expectRight(await log.deleteStream(streamId, 5n));
    expect(await numbersOf(log, streamId)).toBe('StreamNotFound');
    await written(log, streamId, 1);
    expect(await numbersOf(log, streamId)).toEqual([6n]);
  });

  it('needs a name that leaves room for the name of its metadata; a tombstone does not', async () => {
    for (const length of [510, 511, 512]) {
      const streamId = `${newStream()}-`.padEnd(length, 'x');
      await written(log, streamId, 1);
      const metadata = {
        streamId: `$$${streamId}`,
        expected: 'any',
        events: events(1, { type: '$metadata' }),
      } as const;
      const answers: ReadonlyArray<E.Either<unknown, unknown>> = [
        await log.append(metadata),
        await log.deleteStream(streamId, 'any'),
      ];
      for (const answer of answers) {
        if (length === 510) expect(E.isRight(answer)).toBe(true);
        else
          expect(expectLeft(answer)).toMatchObject({
            code: 'InvalidArgument',
            message: expect.stringMatching(/^Stream "note-.* 510 characters at most/),
          });
      }
      expectRight(await log.tombstoneStream(streamId, 'any'));
    }
  });

  it('does not end with an append of nothing', async () => {
    const streamId = newStream();
    await written(log, streamId, 1);
    expectRight(await log.deleteStream(streamId, 'any'));
    expectRight(await log.append({ streamId, expected: 'any', events: [] }));
    expect(log.status(streamId).deleted).toBe('soft');
  });
});

describe('a tombstone', () => {
  it('ends the stream and its metadata for everybody, and stays in $all at 2^63 − 1', async () => {
    const streamId = newStream();
    await written(log, streamId, 2);
    const position = expectRight(await log.tombstoneStream(streamId, 1n));
    const [last] = await collect(
      log.readAll({ direction: 'backwards', from: 'end', limit: 1, resolveLinks: false, filter: null }),
    );
    expect(last?.event).toMatchObject({ type: '$streamDeleted', streamId, eventNumber: TOMBSTONE, position });
    expect(log.status(streamId)).toMatchObject({ lastEventNumber: TOMBSTONE, deleted: 'tombstone' });
    expect(log.eventAt(streamId, TOMBSTONE)).toMatchObject({ type: '$streamDeleted' });
    expect(log.eventAt(streamId, 2n)).toBeNull();
    for (const name of [streamId, `$$${streamId}`]) {
      expect(await numbersOf(log, name)).toBe('StreamDeleted');
      expect(expectLeft(await log.append({ streamId: name, expected: 'any', events: events(1) }))).toEqual({
        code: 'StreamDeleted',
        streamId: name,
      });
    }
  });

  it('cannot be written by an append', async () => {
    const forged = arbitraryEvent({ type: '$streamDeleted' });
    expect(expectLeft(await log.append({ streamId: newStream(), expected: 'any', events: [forged] }))).toMatchObject({
      code: 'InvalidArgument',
    });
  });
});

describe('stream metadata (3.3)', () => {
  it.each<[json: string, seen: ReadonlyArray<bigint>]>([
    ['{"$maxCount":2}', [3n, 4n]],
    ['{"$maxCount":9}', [0n, 1n, 2n, 3n, 4n]],
    ['{"$tb":3}', [3n, 4n]],
    ['{"$tb":99}', []],
    ['{"$maxCount":3,"$tb":1}', [2n, 3n, 4n]],
    ['{"$maxCount":3,"$tb":4}', [4n]],
    ['{"$tb":2,"$tb":1}', [1n, 2n, 3n, 4n]],
    ['{"$maxCount":0}', [0n, 1n, 2n, 3n, 4n]],
    ['{"$maxCount":2.5}', [0n, 1n, 2n, 3n, 4n]],
    ['{"$maxCount":"2"}', [0n, 1n, 2n, 3n, 4n]],
    ['{"$maxCount":2,"$maxAge":-1}', [0n, 1n, 2n, 3n, 4n]],
    ['{"$maxCount":2,"$cacheControl":0}', [0n, 1n, 2n, 3n, 4n]],
    ['{"$maxCount":2,"$acl":{"$r":7}}', [0n, 1n, 2n, 3n, 4n]],
    ['{"$tb":9223372036854775808}', [0n, 1n, 2n, 3n, 4n]],
    ['[2]', [0n, 1n, 2n, 3n, 4n]],
    ['{"$maxCount":2', [0n, 1n, 2n, 3n, 4n]],
  ])('%s of five events leaves %s in sight', async (json, seen) => {
    const streamId = newStream();
    await written(log, streamId, 5);
    await setMetadata(log, streamId, json);
    expect(await numbersOf(log, streamId)).toEqual(seen);
  });

  it('hides what is older than $maxAge at the moment of reading', async () => {
    const streamId = newStream();
    for (let n = 0; n < 4; n++) {
      await written(log, streamId, 1);
      given.pass(10_000);
    }
    await setMetadata(log, streamId, '{"$maxAge":25}');
    expect(await numbersOf(log, streamId)).toEqual([2n, 3n]);
    given.pass(6_000);
    expect(await numbersOf(log, streamId)).toEqual([3n]);
    given.pass(60_000);
    expect(await numbersOf(log, streamId)).toEqual([]);
  });

  it('counts only in its last event, and a metastream shows only that', async () => {
    const streamId = newStream();
    await written(log, streamId, 5);
    await setMetadata(log, streamId, '{"$maxCount":1}');
    await setMetadata(log, streamId, '{"$acl":{"$r":"ops","$w":["$all","sales"]}}');
    expect(await numbersOf(log, streamId)).toHaveLength(5);
    expect(await numbersOf(log, `$$${streamId}`)).toEqual([1n]);
    expect(log.status(streamId).metadata.acl).toEqual({
      read: ['ops'],
      write: ['$all', 'sales'],
      delete: null,
      metaRead: null,
      metaWrite: null,
    });
  });

  it('is right at once when the port has written it', async () => {
    const streamId = newStream();
    await written(log, streamId, 3);
    expect(log.status(streamId).metadata.maxCount).toBeNull();
    const event = { id: arbitraryEvent().id, type: '$metadata', data: { $maxCount: 1 }, metadata: {} };
    expectRight(await given.store.append({ streamId: `$$${streamId}`, expectedRevision: 'any', events: [event] }));
    expect(await numbersOf(log, streamId)).toEqual([2n]);
  });
});
