import { join } from 'node:path';
import * as E from 'fp-ts/Either';
import * as fc from 'fast-check';
import type { AppendRequest, EventStore, ExpectedRevision, NewEvent, StoredEvent } from '../port';
import { collect, openStore, temporaryFolder } from '../testing/given-store';

/** The port's promises about appends in thirty lines: a list, searched from the start every time. */
class ListOfEvents {
  readonly events: Omit<StoredEvent, 'recordedAt'>[] = [];
  constructor(readonly before: bigint) {}

  append({ streamId, expectedRevision, events }: AppendRequest): unknown {
    const known = events.map(({ id }) => this.events.find((event) => event.id === id));
    const same = known.map(
      (found, n) => found !== undefined && found.streamId === streamId && bodyOf(found) === bodyOf(events[n]),
    );
    if (known.some((found) => found !== undefined)) {
      const different = known.findIndex((found, n) => found !== undefined && !same[n]);
      const conflict =
        different === -1 && known.includes(undefined) ? known.findIndex((found) => found !== undefined) : different;
      if (conflict === -1) return { duplicate: true, places: known.map((found) => [found?.revision, found?.position]) };
      return { code: 'EventIdConflict', eventId: events[conflict]?.id, position: known[conflict]?.position };
    }
    const actual = this.events.filter((event) => event.streamId === streamId).length - 1;
    if (!agrees(expectedRevision, actual))
      return { code: 'WrongExpectedRevision', actual: actual === -1 ? null : actual };
    const added = events.map((event, n) => ({
      ...event,
      streamId,
      revision: actual + 1 + n,
      position: this.before + BigInt(this.events.length + 1 + n),
    }));
    this.events.push(...added);
    return { duplicate: false, places: added.map(({ revision, position }) => [revision, position]) };
  }
}

const bodyOf = (event: Pick<NewEvent, 'type' | 'data' | 'metadata'> | undefined): string =>
  JSON.stringify([event?.type, event?.data, event?.metadata]);

const agrees = (expected: ExpectedRevision, actual: number): boolean =>
  expected === 'any' ||
  (expected === 'noStream' ? actual === -1 : expected === 'streamExists' ? actual >= 0 : expected === actual);

const summary = (answer: Awaited<ReturnType<EventStore['append']>>): unknown => {
  if (E.isRight(answer))
    return {
      duplicate: answer.right.duplicate,
      places: answer.right.events.map(({ revision, position }) => [revision, position]),
    };
  const error = answer.left;
  if (error.code === 'EventIdConflict') return { code: error.code, eventId: error.eventId, position: error.position };
  return error.code === 'WrongExpectedRevision' ? { code: error.code, actual: error.actual } : error;
};

/** Few ids, bodies and streams, so that repeats and conflicts are frequent. */
const arbitraryAppend = fc.record({
  stream: fc.integer({ min: 0, max: 2 }),
  expectedRevision: fc.constantFrom<ExpectedRevision>('any', 'any', 'any', 'noStream', 'streamExists', 0, 1, 2),
  events: fc.uniqueArray(fc.record({ id: fc.integer({ min: 0, max: 14 }), body: fc.constantFrom(0, 0, 0, 0, 1) }), {
    minLength: 1,
    maxLength: 3,
    selector: ({ id }) => id,
  }),
});
const arbitraryStep = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('appendMany' as const),
      appends: fc.array(arbitraryAppend, { maxLength: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), appends: fc.constant([]) }) },
);

const folder = temporaryFolder();
const file = join(folder.path, 'log.db');
let store = openStore(file);
afterAll(async () => {
  await store.close();
  folder.remove();
});

const uuidOf = (run: number, id: number): string =>
  `${run.toString(16).padStart(8, '0')}-0000-4000-8000-${String(id).padStart(12, '0')}`;

describe('the store', () => {
  it('answers any appends, alone or in company, before and after restarts, as a plain list would', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryStep, { maxLength: 12 }), async (steps) => {
        run += 1;
        const before = await store.head();
        const model = new ListOfEvents(before);
        for (const { kind, appends } of steps) {
          if (kind === 'restart') {
            await store.close();
            store = openStore(file);
          }
          const requests = appends.map(({ stream, expectedRevision, events }) => ({
            streamId: `run-${run}/${stream}`,
            expectedRevision,
            events: events.map(({ id, body }) => ({
              id: uuidOf(run, id),
              type: `T${id % 3}`,
              data: { body },
              metadata: { id },
            })),
          }));
          expect((await store.appendMany(requests)).map(summary)).toEqual(
            requests.map((request) => model.append(request)),
          );
        }
        const log = await collect(store.readAll({ after: before }));
        expect(log.map(({ recordedAt: _, ...event }) => event)).toEqual(model.events);
        for (const stream of [0, 1, 2]) {
          const streamId = `run-${run}/${stream}`;
          expect((await collect(store.readStream(streamId))).map(({ id }) => id)).toEqual(
            model.events.filter((event) => event.streamId === streamId).map(({ id }) => id),
          );
        }
      }),
      { numRuns: 200 },
    );
  }, 30_000);
});
