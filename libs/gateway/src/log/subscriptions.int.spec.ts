import * as fc from 'fast-check';
import {
  arbitraryEvent,
  deliveredNumbers,
  expectLeft,
  expectRight,
  givenLog,
  setMetadata,
  takeUntil,
  written,
} from './testing/given-log';
import type { SubscribeAllQuery, SubscribeStreamQuery, SubscriptionStep, WireFilter } from './wire-log';

const given = givenLog();
const { log } = given;
afterAll(() => given.close());

let streams = 0;
const newStream = (): string => `note-${(streams += 1)}`;

const toStream = (streamId: string, query: Partial<SubscribeStreamQuery> = {}) =>
  expectRight(
    log.subscribeStream({
      streamId,
      after: 'start',
      resolveLinks: false,
      signal: new AbortController().signal,
      ...query,
    }),
  );

const toAll = (query: Partial<SubscribeAllQuery> = {}) =>
  log.subscribeAll({
    after: 'start',
    resolveLinks: false,
    filter: null,
    checkpointEvery: 32,
    signal: new AbortController().signal,
    ...query,
  });

const isCaughtUp = (steps: ReadonlyArray<SubscriptionStep>): boolean => steps.at(-1)?.kind === 'caughtUp';
const kinds = (steps: ReadonlyArray<SubscriptionStep>): ReadonlyArray<string> => steps.map(({ kind }) => kind);
const delivered = (count: number) => (steps: ReadonlyArray<SubscriptionStep>) =>
  deliveredNumbers(steps).length >= count;

describe('a subscription to a stream (3.5)', () => {
  it.each<[after: SubscribeStreamQuery['after'], history: ReadonlyArray<bigint>]>([
    ['start', [0n, 1n, 2n]],
    [0n, [1n, 2n]],
    [2n, []],
    ['end', []],
    [9n, []],
  ])('after %s of three events: history %p, then caughtUp', async (after, history) => {
    const streamId = newStream();
    await written(log, streamId, 3);
    const steps = await takeUntil(toStream(streamId, { after }), isCaughtUp);
    expect(deliveredNumbers(steps)).toEqual(history);
  });

  it('starts at the moment of the call, not of the first look', async () => {
    const streamId = newStream();
    await written(log, streamId, 3);
    const steps = toStream(streamId, { after: 'end' });
    await written(log, streamId, 2);
    expect(deliveredNumbers(await takeUntil(steps, delivered(2)))).toEqual([3n, 4n]);
  });

  it('to a missing or soft-deleted stream waits for its next event', async () => {
    const [missing, deleted] = [newStream(), newStream()];
    await written(log, deleted, 2);
    await log.deleteStream(deleted, 'any');
    for (const [streamId, first] of [
      [missing, 0n],
      [deleted, 2n],
    ] as const) {
      const taking = takeUntil(toStream(streamId), delivered(1));
      await written(log, streamId, 1);
      const steps = await taking;
      expect(kinds(steps)[0]).toBe('caughtUp');
      expect(deliveredNumbers(steps)).toEqual([first]);
    }
  });

  it('shows history as metadata leaves it, and live events whatever it says', async () => {
    const streamId = newStream();
    await written(log, streamId, 5);
    await setMetadata(log, streamId, '{"$maxCount":2}');
    const taking = takeUntil(toStream(streamId), delivered(5));
    await written(log, streamId, 3);
    expect(deliveredNumbers(await taking)).toEqual([3n, 4n, 5n, 6n, 7n]);
  });

  it('is refused for a tombstone, and ends behind one that comes', async () => {
    const streamId = newStream();
    await written(log, streamId, 1);
    const taking = takeUntil(toStream(streamId), () => false);
    await log.tombstoneStream(streamId, 'any');
    const steps = await taking;
    expect(deliveredNumbers(steps)).toEqual([0n, 9_223_372_036_854_775_807n]);
    expect(steps.at(-1)).toEqual({ kind: 'failed', error: { code: 'StreamDeleted', streamId } });
    expect(
      expectLeft(
        log.subscribeStream({ streamId, after: 'start', resolveLinks: false, signal: new AbortController().signal }),
      ),
    ).toEqual({ code: 'StreamDeleted', streamId });
  });

  // A tombstone lies at the next place, and its number is behind every other.
  it.each([3n, 9n])('from revision %s, beyond the end, hears of the tombstone', async (after) => {
    const streamId = newStream();
    await written(log, streamId, 2);
    const taken: SubscriptionStep[] = [];
    for await (const step of toStream(streamId, { after, signal: AbortSignal.timeout(2_000) })) {
      taken.push(step);
      if (step.kind !== 'caughtUp') continue;
      await written(log, streamId, 1);
      await log.tombstoneStream(streamId, 'any');
    }
    expect(deliveredNumbers(taken)).toEqual([9_223_372_036_854_775_807n]);
    expect(taken.at(-1)).toEqual({ kind: 'failed', error: { code: 'StreamDeleted', streamId } });
  });

  it('says caughtUp again after every catch-up, and not after every event', async () => {
    const streamId = newStream();
    const taken: SubscriptionStep[] = [];
    const abort = new AbortController();
    for await (const step of toStream(streamId, { signal: abort.signal })) {
      taken.push(step);
      if (taken.length === 1) await written(log, streamId, 3);
      if (taken.length === 2) await written(log, streamId, 100);
      if (deliveredNumbers(taken).length === 103 && step.kind === 'caughtUp') abort.abort();
    }
    expect(kinds(taken).filter((kind) => kind === 'caughtUp')).toHaveLength(2);
    expect(kinds(taken).slice(0, 3)).toEqual(['caughtUp', 'events', 'events']);
  });

  it('ends quietly when it is withdrawn, and fails when the store closes', async () => {
    const abort = new AbortController();
    const quiet = takeUntil(toStream(newStream(), { signal: abort.signal }), () => false);
    setImmediate(() => abort.abort());
    expect(kinds(await quiet)).toEqual(['caughtUp']);

    const closing = givenLog();
    const failing = takeUntil(
      closing.log.subscribeAll({
        after: 'start',
        resolveLinks: false,
        filter: null,
        checkpointEvery: 1,
        signal: new AbortController().signal,
      }),
      () => false,
    );
    setImmediate(() => void closing.close());
    expect((await failing).at(-1)).toMatchObject({ kind: 'failed', error: { code: 'Unavailable' } });
  });
});

describe('a subscription to $all (3.5)', () => {
  const none: WireFilter = { by: 'eventType', regex: null, prefixes: ['NeverWritten'] };
  const checkpoints = (steps: ReadonlyArray<SubscriptionStep>): ReadonlyArray<bigint> =>
    steps.flatMap((step) => (step.kind === 'checkpoint' ? [step.position] : []));

  it('without a filter gets no checkpoints', async () => {
    const steps = await takeUntil(toAll(), isCaughtUp);
    expect(checkpoints(steps)).toEqual([]);
    expect(deliveredNumbers(steps)).toHaveLength(Number(log.head()));
  });

  it('that matches nothing gets one checkpoint where it has looked to, before caughtUp', async () => {
    const head = log.head();
    const steps = await takeUntil(toAll({ filter: none, checkpointEvery: 1_000_000 }), isCaughtUp);
    expect(steps).toEqual([{ kind: 'checkpoint', position: head }, { kind: 'caughtUp' }]);
    expect(kinds(await takeUntil(toAll({ filter: none, after: 'end' }), isCaughtUp))).toEqual(['caughtUp']);
  });

  it('gets live checkpoints exactly every so many events, matched or not', async () => {
    const head = log.head();
    const filter: WireFilter = { by: 'streamName', regex: /^match$/, prefixes: [] };
    const taking = takeUntil(
      toAll({ filter, after: 'end', checkpointEvery: 4 }),
      (taken) => checkpoints(taken).length === 3,
    );
    await new Promise(setImmediate);
    for (let n = 0; n < 12; n++) await written(log, n % 3 === 0 ? 'match' : 'other', 1);
    const steps = await taking;
    expect(checkpoints(steps)).toEqual([head + 4n, head + 8n, head + 12n]);
    expect(deliveredNumbers(steps)).toEqual([0n, 1n, 2n, 3n]);
    let reached = 0n;
    for (const step of steps) {
      if (step.kind === 'checkpoint') reached = step.position;
      if (step.kind === 'events')
        for (const { event } of step.events) expect(event?.position ?? 0n).toBeGreaterThan(reached);
    }
  });

  it('delivers each event once and in order, whoever appends meanwhile and wherever it starts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 1, max: 20 }),
        fc.boolean(),
        async (batches, back, checkpointEvery, filtered) => {
          const type = arbitraryEvent().id;
          const after = log.head() > BigInt(back) ? log.head() - BigInt(back) : 0n;
          const total = batches.reduce((sum, size) => sum + size, 0);
          const filter: WireFilter | null = filtered ? { by: 'eventType', regex: null, prefixes: [type] } : null;
          const last = (steps: ReadonlyArray<SubscriptionStep>) => {
            const events = steps.flatMap((step) => (step.kind === 'events' ? step.events : []));
            return events.filter(({ event }) => event?.type === type).length >= total;
          };
          const taking = takeUntil(toAll({ after, filter, checkpointEvery }), last);
          const append = async (size: number, n: number): Promise<void> => {
            if (n % 3 === 2) await new Promise(setImmediate);
            const events = Array.from({ length: size }, () => arbitraryEvent({ type }));
            expectRight(await log.append({ streamId: `writer-${n % 4}`, expected: 'any', events }));
          };
          await Promise.all(batches.map(append));
          const steps = await taking;
          const positions = steps.flatMap((step) =>
            step.kind === 'events' ? step.events.map(({ event }) => event?.position ?? 0n) : [],
          );
          const expected = filtered ? log.head() - BigInt(total) : after;
          expect(positions).toEqual(positions.map((_, index) => expected + 1n + BigInt(index)));
          expect(positions.at(-1)).toBe(log.head());
          const told = checkpoints(steps);
          expect(told.every((position, index) => index === 0 || position > (told[index - 1] ?? 0n))).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });
});
