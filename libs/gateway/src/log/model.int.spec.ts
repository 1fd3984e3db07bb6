import * as E from 'fp-ts/Either';
import * as fc from 'fast-check';
import { arbitraryEvent, collect, givenLog, setMetadata } from './testing/given-log';
import { type Expected, TOMBSTONE } from './wire-log';

const given = givenLog();
const { log } = given;
afterAll(() => given.close());

interface ModelStream {
  readonly ids: string[];
  tombstoned: boolean;
  truncateBefore: bigint;
  maxCount: number;
  hasMetadata: boolean;
}

/** Tables 3.1 to 3.3 of the protocol over plain lists. */
class Model {
  readonly #streams = new Map<string, ModelStream>();

  #of(streamId: string): ModelStream {
    const known = this.#streams.get(streamId);
    if (known !== undefined) return known;
    const made = { ids: [], tombstoned: false, truncateBefore: 0n, maxCount: Infinity, hasMetadata: false };
    this.#streams.set(streamId, made);
    return made;
  }

  /** `go`, `repeat n`, or the code of the error. */
  #judge(stream: ModelStream, expected: Expected, ids: ReadonlyArray<string>): string {
    const current = BigInt(stream.ids.length) - 1n;
    const soft = stream.truncateBefore === TOMBSTONE;
    const known = ids.map((id) => stream.ids.indexOf(id));
    const allKnown = ids.length > 0 && known.every((at) => at >= 0);
    if (stream.tombstoned) return 'StreamDeleted';
    if (expected === 'any' || expected === 'streamExists') {
      if (expected === 'streamExists' && soft) return 'StreamDeleted';
      if (expected === 'streamExists' && current < 0n && !stream.hasMetadata) return 'WrongExpectedVersion';
      if (soft) return known.some((at) => at >= 0) ? 'InvalidArgument' : 'go';
      if (allKnown) return `repeat ${known.at(-1)}`;
      return known.some((at) => at >= 0) ? 'WrongExpectedVersion' : 'go';
    }
    const revision = expected === 'noStream' ? -1n : expected;
    if (revision > current) return 'WrongExpectedVersion';
    const inOrder = known.every((at, index) => index === 0 || at > (known[index - 1] ?? -1));
    if (revision === current) {
      if (allKnown && inOrder && !soft) return `repeat ${known.at(-1)}`;
      return known.some((at) => at >= 0) ? 'InvalidArgument' : 'go';
    }
    const mayGo = expected === 'noStream' && soft;
    if (ids.length === 0) return mayGo ? 'go' : 'WrongExpectedVersion';
    if (ids.every((id, index) => stream.ids[Number(revision) + 1 + index] === id)) return `repeat ${known.at(-1)}`;
    if (!mayGo || stream.ids[0] === ids[0]) return 'WrongExpectedVersion';
    return known.some((at) => at >= 0) ? 'InvalidArgument' : 'go';
  }

  append(streamId: string, expected: Expected, ids: ReadonlyArray<string>): string {
    const stream = this.#of(streamId);
    const verdict = this.#judge(stream, expected, ids);
    if (verdict.startsWith('repeat ')) return `at ${verdict.slice('repeat '.length)}`;
    if (verdict !== 'go') return verdict;
    if (ids.length > 0 && stream.truncateBefore === TOMBSTONE) stream.truncateBefore = BigInt(stream.ids.length);
    stream.ids.push(...ids);
    return `at ${stream.ids.length - 1}`;
  }

  remove(streamId: string, expected: Expected, hard: boolean): string {
    const stream = this.#of(streamId);
    const verdict = this.#judge(stream, expected, []);
    if (verdict !== 'go') return verdict;
    if (hard) stream.tombstoned = true;
    else {
      if (stream.ids.length === 0 && !stream.hasMetadata) return 'WrongExpectedVersion';
      Object.assign(stream, { truncateBefore: TOMBSTONE, hasMetadata: true, maxCount: Infinity });
    }
    return 'done';
  }

  limit(streamId: string, maxCount: number): boolean {
    const stream = this.#of(streamId);
    if (stream.tombstoned) return false;
    const truncateBefore = stream.truncateBefore === TOMBSTONE ? BigInt(stream.ids.length) : 0n;
    Object.assign(stream, { truncateBefore, hasMetadata: true, maxCount });
    return true;
  }

  read(streamId: string): ReadonlyArray<string> | string {
    const stream = this.#of(streamId);
    if (stream.tombstoned) return 'StreamDeleted';
    if (stream.ids.length === 0 || stream.truncateBefore === TOMBSTONE) return 'StreamNotFound';
    return stream.ids.slice(Math.max(Number(stream.truncateBefore), stream.ids.length - stream.maxCount, 0));
  }
}

const expectedOf = fc.constantFrom<Expected>('any', 'any', 'any', 'noStream', 'streamExists', 0n, 1n, 2n, 3n);
const stream = fc.constantFrom('a', 'b');
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      stream,
      expected: expectedOf,
      /** Few ids a stream, so that repeats are frequent; an id never lies in two streams. */
      ids: fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), stream, expected: expectedOf }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('tombstone' as const), stream, expected: expectedOf }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('limit' as const), stream, maxCount: fc.integer({ min: 1, max: 3 }) }),
  },
);

const idOf = (run: number, streamId: string, id: number): string =>
  `${run.toString(16).padStart(8, '0')}-0000-4000-8000-${streamId.startsWith('a') ? 'a' : 'b'}${String(id).padStart(11, '0')}`;

describe('the log', () => {
  it('answers any appends, deletions and reads as plain lists would', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        run += 1;
        const model = new Model();
        for (const taken of steps) {
          const streamId = `${taken.stream}-${run}`;
          if (taken.kind === 'append') {
            const ids = taken.ids.map((id) => idOf(run, streamId, id));
            const { expected } = taken;
            const answer = await log.append({ streamId, expected, events: ids.map((id) => arbitraryEvent({ id })) });
            const outcome = E.isRight(answer) ? `at ${answer.right.eventNumber}` : answer.left.code;
            expect(outcome).toBe(model.append(streamId, expected, ids));
          } else if (taken.kind === 'limit') {
            if (model.limit(streamId, taken.maxCount))
              await setMetadata(log, streamId, `{"$maxCount":${taken.maxCount}}`);
          } else {
            const remove = taken.kind === 'delete' ? log.deleteStream : log.tombstoneStream;
            const answer = await remove(streamId, taken.expected);
            expect(E.isRight(answer) ? 'done' : answer.left.code).toBe(
              model.remove(streamId, taken.expected, taken.kind === 'tombstone'),
            );
          }
          const query = {
            streamId,
            direction: 'forwards',
            from: 'start',
            limit: Infinity,
            resolveLinks: false,
          } as const;
          const read = log.readStream(query);
          const seen = E.isLeft(read) ? read.left.code : (await collect(read.right)).map(({ event }) => event?.id);
          expect(seen).toEqual(model.read(streamId));
        }
      }),
      { numRuns: 150 },
    );
  });
});
