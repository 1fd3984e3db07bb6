import type { AppendRequest, EventStore, ExpectedRevision, NewEvent, Position } from '../port';
import { accepted, anAppend, anEvent, appendTo, events, freshPrefix, idsOf, refused, streamOf } from './given';
import type { ConformanceCase } from './subject';
import { holds, promise, same } from './verdict';

const AREA = 'the same ids again';

/** A stream with one event before and one after the three that are repeated. */
interface Written {
  readonly prefix: string;
  readonly streamId: string;
  readonly first: NewEvent;
  readonly second: NewEvent;
  readonly third: NewEvent;
  readonly places: ReadonlyMap<string, { readonly revision: number; readonly position: Position }>;
  readonly other: { readonly streamId: string; readonly id: string };
}

const written = async (store: EventStore): Promise<Written> => {
  const prefix = freshPrefix();
  const streamId = `${prefix}/stream`;
  const other = `${prefix}/other`;
  const [before] = (await appendTo(store, other)).events;
  await appendTo(store, streamId);
  const first = anEvent();
  const second = anEvent({ data: { a: 1, b: { c: [2, { d: 3, e: 'é' }], f: null } } });
  const third = anEvent({ metadata: { one: 1, two: { three: 3, four: 4 } } });
  const answer = await appendTo(store, streamId, [first, second, third], 0);
  await appendTo(store, streamId);
  return {
    prefix,
    streamId,
    first,
    second,
    third,
    places: new Map(answer.events.map(({ id, revision, position }) => [id, { revision, position }])),
    other: { streamId: other, id: before?.id ?? '' },
  };
};

type Repeat = (given: Written) => ReadonlyArray<NewEvent>;

const REPEATS: ReadonlyArray<readonly [string, Repeat]> = [
  ['all of them', ({ first, second, third }) => [first, second, third]],
  ['the first', ({ first }) => [first]],
  ['the second', ({ second }) => [second]],
  ['the last', ({ third }) => [third]],
  ['the first two', ({ first, second }) => [first, second]],
  ['the last two', ({ second, third }) => [second, third]],
  ['the outer two', ({ first, third }) => [first, third]],
  ['all in another order', ({ first, second, third }) => [third, first, second]],
  [
    'all with the keys in another order',
    ({ first, second, third }) => [
      first,
      { ...second, data: { b: { f: null, c: [2, { e: 'é', d: 3 }] }, a: 1 } },
      { ...third, metadata: { two: { four: 4, three: 3 }, one: 1 } },
    ],
  ],
];

/** Appends that know a part, and the event that they are refused for. */
const CONFLICTS: ReadonlyArray<readonly [string, Repeat, (given: Written) => NewEvent]> = [
  ['other data', ({ first, second }) => [first, { ...second, data: { a: 2 } }], ({ second }) => second],
  ['data of another type', ({ second }) => [{ ...second, data: '{"a":1}' }], ({ second }) => second],
  ['one key more', ({ first }) => [{ ...first, metadata: { ...first.metadata, more: 1 } }], ({ first }) => first],
  ['one key less', ({ third }) => [{ ...third, metadata: { one: 1 } }], ({ third }) => third],
  [
    'items in another order',
    ({ second }) => [{ ...second, data: { a: 1, b: { c: [{ d: 3, e: 'é' }, 2], f: null } } }],
    ({ second }) => second,
  ],
  ['another type', ({ first, third }) => [first, { ...third, type: 'ConformanceEvent2' }], ({ third }) => third],
  ['a new event behind', ({ third }) => [third, anEvent()], ({ third }) => third],
  ['a new event before', ({ first }) => [anEvent(), first], ({ first }) => first],
  ['a new event between', ({ first, second }) => [first, anEvent(), second], ({ first }) => first],
];

const EXPECTED: ReadonlyArray<ExpectedRevision> = ['any', 'noStream', 'streamExists', 0, 1, 3, 4, 5, 99];

const answered = (name: string, repeat: Repeat, expected: ExpectedRevision, reopened: boolean): ConformanceCase =>
  promise(
    AREA,
    `${name}, expecting ${expected}${reopened ? ', after opening again' : ''}: the original places`,
    async (subject) => {
      let store = await subject.store();
      const given = await written(store);
      if (reopened) store = await subject.reopen();
      const head = await store.head();
      const repeated = repeat(given);
      const answer = accepted(await store.append(anAppend(given.streamId, repeated, expected)));
      same('the answer', answer, {
        streamId: given.streamId,
        events: repeated.map(({ id }) => ({ id, ...given.places.get(id) })),
        duplicate: true,
      });
      same('head', await store.head(), head);
      same('events in the stream', (await streamOf(store, given.streamId)).length, 5);
    },
    ...(reopened ? (['reopens'] as const) : []),
  );

const conflicting = (
  [name, repeat, culprit]: (typeof CONFLICTS)[number],
  expected: ExpectedRevision,
  reopened: boolean,
): ConformanceCase =>
  promise(
    AREA,
    `with ${name}, expecting ${expected}${reopened ? ', after opening again' : ''}: a conflict`,
    async (subject) => {
      let store = await subject.store();
      const given = await written(store);
      if (reopened) store = await subject.reopen();
      const head = await store.head();
      const { id } = culprit(given);
      const answer = refused(await store.append(anAppend(given.streamId, repeat(given), expected)));
      same('the answer', answer, {
        code: 'EventIdConflict',
        streamId: given.streamId,
        eventId: id,
        position: given.places.get(id)?.position,
      });
      same('head', await store.head(), head);
      same('events in the stream', (await streamOf(store, given.streamId)).length, 5);
    },
    ...(reopened ? (['reopens'] as const) : []),
  );

/** An id of another stream: a conflict where ids are unique over the log, else a conflict or a new event. */
const elsewhere = (name: string, target: (given: Written) => string, reopened: boolean): ConformanceCase =>
  promise(
    AREA,
    `in ${name}${reopened ? ', after opening again' : ''}: a conflict, or an event of its own where ids are unique within a stream only`,
    async (subject) => {
      let store = await subject.store();
      const given = await written(store);
      if (reopened) store = await subject.reopen();
      const streamId = target(given);
      const size = (await streamOf(store, streamId)).length;
      const answer = await store.append(anAppend(streamId, [given.first]));
      if (answer._tag === 'Right') {
        holds('a conflict', subject.capabilities.idsUniqueWithin === 'stream', answer.right);
        same('revision, duplicate', [answer.right.events[0]?.revision, answer.right.duplicate], [size, false]);
        const again = accepted(await store.append(anAppend(streamId, [given.first])));
        same('the repeat', again, { ...answer.right, duplicate: true });
        return;
      }
      same('the answer', answer.left, {
        code: 'EventIdConflict',
        streamId,
        eventId: given.first.id,
        position: given.places.get(given.first.id)?.position,
      });
      same('events in the stream', (await streamOf(store, streamId)).length, size);
    },
    ...(reopened ? (['reopens'] as const) : []),
  );

const many = (
  name: string,
  requests: (streamId: string) => ReadonlyArray<AppendRequest>,
  duplicates: ReadonlyArray<boolean>,
) =>
  promise(AREA, name, async (subject) => {
    const store = await subject.store();
    const given = requests(`${freshPrefix()}/stream`);
    const answers = (await store.appendMany(given)).map(accepted);
    same(
      'duplicate',
      answers.map(({ duplicate }) => duplicate),
      duplicates,
    );
    same(
      'places',
      answers.map(({ events: places }) => places),
      answers.map(() => answers[0]?.events),
    );
  });

/** Repeats are harmless for ever, whatever is expected of the stream; anything but a repeat is refused. */
export const repeatCases: ReadonlyArray<ConformanceCase> = [
  ...REPEATS.flatMap(([name, repeat]) =>
    EXPECTED.flatMap((expected, index) => [
      answered(name, repeat, expected, false),
      ...(index % 2 === 0 || name === 'all of them' ? [answered(name, repeat, expected, true)] : []),
    ]),
  ),
  ...CONFLICTS.flatMap((conflict) =>
    EXPECTED.flatMap((expected, index) => [
      conflicting(conflict, expected, false),
      ...(index % 4 === 0 ? [conflicting(conflict, expected, true)] : []),
    ]),
  ),
  ...[false, true].flatMap((reopened) => [
    elsewhere('a new stream', ({ prefix }) => `${prefix}/new`, reopened),
    elsewhere('a known stream', ({ other }) => other.streamId, reopened),
  ]),
  many(
    'in one company are duplicates of each other',
    (streamId) => {
      const twin = anAppend(streamId, events(2), 'noStream');
      return [twin, twin, { ...twin, expectedRevision: 7 }, { ...twin, expectedRevision: 'any' }];
    },
    [false, true, true, true],
  ),
  promise(AREA, 'from sixteen callers at once are one event', async (subject) => {
    const store = await subject.store();
    const twin = anAppend(`${freshPrefix()}/stream`, events(3), 'any');
    const answers = (await Promise.all(Array.from({ length: 16 }, () => store.append(twin)))).map(accepted);
    same('first writers', answers.filter(({ duplicate }) => !duplicate).length, 1);
    for (const answer of answers) same('places', answer.events, answers[0]?.events);
    same('the stream', idsOf(await streamOf(store, twin.streamId)), idsOf(twin.events));
  }),
  promise(AREA, 'of two appends, in one: the places of both', async (subject) => {
    const store = await subject.store();
    const streamId = `${freshPrefix()}/stream`;
    const [a, b] = [anEvent(), anEvent()];
    const first = await appendTo(store, streamId, [a]);
    await appendTo(store, streamId);
    const second = await appendTo(store, streamId, [b]);
    const both = accepted(await store.append(anAppend(streamId, [a, b], 'noStream')));
    same('the answer', both, { streamId, events: [...first.events, ...second.events], duplicate: true });
  }),
  promise(AREA, 'that were refused before are new', async (subject) => {
    const store = await subject.store();
    const streamId = `${freshPrefix()}/stream`;
    const given = events(2);
    refused(await store.append(anAppend(streamId, given, 5)));
    refused(await store.append(anAppend(streamId, [...given, anEvent({ type: '' })])));
    same('duplicate', (await appendTo(store, streamId, given, 'noStream')).duplicate, false);
  }),
];
