import type { AppendRequest, EventStore, ExpectedRevision, NewEvent, Position, StoredEvent } from '../port';
import { collect, freshPrefix, type Outcome } from './given';
import type { ConformanceCase, Subject } from './subject';
import { holds, promise, same } from './verdict';

const AREA = 'random operations answer as a plain list would';

type Known = Omit<StoredEvent, 'recordedAt'>;

const bodyOf = (event: Pick<NewEvent, 'type' | 'data' | 'metadata'> | undefined): string =>
  JSON.stringify([event?.type, event?.data, event?.metadata]);

const agrees = (expected: ExpectedRevision, actual: number): boolean =>
  expected === 'any' ||
  (expected === 'noStream' ? actual === -1 : expected === 'streamExists' ? actual >= 0 : expected === actual);

/**
 * The port's promises about appends in forty lines: a list, searched from the start every time. The
 * store chooses positions; the list takes those of new events over and holds the store to them.
 */
class ListOfEvents {
  readonly events: Known[] = [];

  /** Judges one append and compares; ids are only ever used in one stream or known to conflict elsewhere. */
  judge(request: AppendRequest, answer: Outcome): void {
    const { streamId, expectedRevision, events } = request;
    const known = events.map(({ id }) => this.events.find((event) => event.id === id));
    if (known.some((found) => found !== undefined))
      return same('the answer', summary(answer), this.#repeated(request, known));
    const actual = this.events.filter((event) => event.streamId === streamId).length - 1;
    if (!agrees(expectedRevision, actual))
      return same('the answer', summary(answer), {
        code: 'WrongExpectedRevision',
        actual: actual === -1 ? null : actual,
      });
    const places = answer._tag === 'Right' ? answer.right.events : [];
    same('the answer', summary(answer), {
      duplicate: false,
      places: places.map(({ position }, n) => [actual + 1 + n, position]),
    });
    same(
      'ids',
      places.map(({ id }) => id),
      events.map(({ id }) => id),
    );
    for (const [n, event] of events.entries()) {
      const position = places[n]?.position ?? 0n;
      this.events.push({ ...event, streamId, revision: actual + 1 + n, position });
    }
  }

  /** By position: appends to different streams of one company may lie in any order. */
  log(): ReadonlyArray<Known> {
    return this.events.toSorted((a, b) => (a.position < b.position ? -1 : 1));
  }

  #repeated({ streamId, events }: AppendRequest, known: ReadonlyArray<Known | undefined>): unknown {
    const different = known.findIndex(
      (found, n) => found !== undefined && (found.streamId !== streamId || bodyOf(found) !== bodyOf(events[n])),
    );
    const conflict =
      different === -1 && known.includes(undefined) ? known.findIndex((found) => found !== undefined) : different;
    if (conflict === -1) return { duplicate: true, places: known.map((found) => [found?.revision, found?.position]) };
    return { code: 'EventIdConflict', eventId: events[conflict]?.id, position: known[conflict]?.position };
  }
}

const summary = (answer: Outcome): unknown => {
  if (answer._tag === 'Right')
    return {
      duplicate: answer.right.duplicate,
      places: answer.right.events.map(({ revision, position }) => [revision, position]),
    };
  const error = answer.left;
  if (error.code === 'EventIdConflict') return { code: error.code, eventId: error.eventId, position: error.position };
  return error.code === 'WrongExpectedRevision' ? { code: error.code, actual: error.actual } : error;
};

interface Step {
  readonly kind: 'appendMany' | 'appendAtOnce' | 'reopen';
  readonly appends: ReadonlyArray<{
    readonly stream: number;
    readonly expectedRevision: ExpectedRevision;
    readonly events: ReadonlyArray<{ readonly id: number; readonly body: number }>;
  }>;
}

/** The same id in every stream, or one of its own in each. */
const uuidOf = (run: string, stream: number, id: number): string =>
  `${run}-000${stream}-4000-8000-${String(id).padStart(12, '0')}`;

/** One history of the store beside the list. */
const compare = async (subject: Subject, steps: ReadonlyArray<Step>): Promise<void> => {
  const prefix = freshPrefix();
  const run = prefix.slice('conformance-'.length, 'conformance-'.length + 8);
  // Where ids are unique within a stream only, streams share none.
  const ofLog = subject.capabilities.idsUniqueWithin === 'log';
  let store: EventStore = await subject.store();
  const before: Position = await store.head();
  const model = new ListOfEvents();
  for (const { kind, appends } of steps) {
    if (kind === 'reopen') {
      if (subject.capabilities.reopens) store = await subject.reopen();
      continue;
    }
    const requests = appends.map(({ stream, expectedRevision, events }) => ({
      streamId: `${prefix}/${stream}`,
      expectedRevision,
      events: events.map(({ id, body }) => ({
        id: uuidOf(run, ofLog ? 0 : stream, id),
        type: `T${id % 3}`,
        data: { body },
        metadata: { id },
      })),
    }));
    const answers = kind === 'appendMany' ? await store.appendMany(requests) : [];
    if (kind === 'appendAtOnce') for (const request of requests) model.judge(request, await store.append(request));
    for (const [n, answer] of answers.entries()) {
      const request = requests[n];
      if (request !== undefined) model.judge(request, answer);
    }
  }
  const log = (await collect(store.readAll({ after: before }))).filter(({ streamId }) => streamId.startsWith(prefix));
  same(
    'the log',
    log.map(({ recordedAt: _, ...event }) => event),
    model.log(),
  );
  for (const stream of [0, 1, 2]) {
    const streamId = `${prefix}/${stream}`;
    const expected = model.events.filter((event) => event.streamId === streamId).map(({ id }) => id);
    same(
      `stream ${stream}`,
      (await collect(store.readStream(streamId))).map(({ id }) => id),
      expected,
    );
    same(
      `stream ${stream} backwards`,
      (await collect(store.readStream(streamId, { direction: 'backwards' }))).map(({ id }) => id),
      expected.toReversed(),
    );
  }
};

/** `runs` histories of up to `steps` steps from one seed, shrunk to the shortest that differs. */
const property = (seed: number, runs: number, steps: number): ConformanceCase =>
  promise(AREA, `${runs} histories of up to ${steps} steps, seed ${seed}`, async (subject) => {
    // Loaded only when asked for: the door of this library must not cost a test library.
    const fc = await import('fast-check');
    const event = fc.record({ id: fc.integer({ min: 0, max: 14 }), body: fc.constantFrom(0, 0, 0, 0, 1) });
    const append = fc.record({
      stream: fc.integer({ min: 0, max: 2 }),
      expectedRevision: fc.constantFrom<ExpectedRevision>('any', 'any', 'any', 'noStream', 'streamExists', 0, 1, 2),
      events: fc.uniqueArray(event, { minLength: 1, maxLength: 3, selector: ({ id }) => id }),
    });
    const step = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({ kind: fc.constant('appendMany' as const), appends: fc.array(append, { maxLength: 5 }) }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('appendAtOnce' as const),
          appends: fc.array(append, { maxLength: 3 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const), appends: fc.constant([]) }) },
    );
    const checked = await fc.check(
      fc.asyncProperty(fc.array(step, { maxLength: steps }), (history) => compare(subject, history)),
      { seed, numRuns: runs, interruptAfterTimeLimit: 20_000, endOnFailure: false },
    );
    holds(
      'every history answered as by the list',
      !checked.failed,
      checked.failed ? [String(checked.errorInstance), JSON.stringify(checked.counterexample)] : null,
    );
  });

export const modelCases: ReadonlyArray<ConformanceCase> = [
  property(1, 60, 4),
  property(2, 60, 8),
  property(3, 50, 12),
  property(4, 50, 16),
];
