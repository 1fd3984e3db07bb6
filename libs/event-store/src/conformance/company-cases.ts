import type { AppendRequest, ExpectedRevision } from '../port';
import { accepted, anAppend, anEvent, appendTo, collect, events, freshPrefix, idsOf, refused, streamOf } from './given';
import type { ConformanceCase } from './subject';
import { holds, promise, same } from './verdict';

const ATOMIC = 'all or nothing';
const COMPANY = 'appends in company';
const RACE = 'appends at once';

const atomic = [2, 10, 100, 500].flatMap((count) => [
  promise(ATOMIC, `${count} events go in together, one after the other`, async (subject) => {
    const store = await subject.store();
    const streamId = `${freshPrefix()}/together`;
    const given = events(count);
    const before = await store.head();
    const answer = await appendTo(store, streamId, given, 'noStream');
    same('ids', idsOf(answer.events), idsOf(given));
    same('the log', idsOf(await collect(store.readAll({ after: before }))), idsOf(given));
  }),
  promise(ATOMIC, `${count} events that are refused leave nothing`, async (subject) => {
    const store = await subject.store();
    const streamId = `${freshPrefix()}/together`;
    const [taken] = events(1);
    if (taken === undefined) return;
    await appendTo(store, streamId, [taken]);
    const head = await store.head();
    const given = events(count);
    refused(await store.append(anAppend(streamId, given, 'noStream')));
    refused(await store.append(anAppend(streamId, given, count)));
    refused(await store.append(anAppend(streamId, [...given, taken])));
    refused(await store.append(anAppend(streamId, [...given, anEvent({ type: '' })])));
    same('head', await store.head(), head);
    same('the stream', idsOf(await streamOf(store, streamId)), [taken.id]);
  }),
]);

const revisionsOf = async (
  store: {
    readonly appendMany: (
      requests: ReadonlyArray<AppendRequest>,
    ) => Promise<ReadonlyArray<Parameters<typeof accepted>[0]>>;
  },
  requests: ReadonlyArray<AppendRequest>,
): Promise<ReadonlyArray<number | string | undefined>> =>
  (await store.appendMany(requests)).map((answer) =>
    answer._tag === 'Left' ? answer.left.code : answer.right.events[0]?.revision,
  );

const wrong = 'WrongExpectedRevision';
/** Expected revisions of one-event appends to one stream, in order, and what each answers. */
const CHAINS: ReadonlyArray<readonly [ReadonlyArray<ExpectedRevision>, ReadonlyArray<number | string>]> = [
  [
    ['any', 'any', 'any'],
    [0, 1, 2],
  ],
  [
    ['noStream', 0, 1, 2],
    [0, 1, 2, 3],
  ],
  [
    ['noStream', 'noStream', 'noStream'],
    [0, wrong, wrong],
  ],
  [
    ['streamExists', 'noStream', 'streamExists'],
    [wrong, 0, 1],
  ],
  [
    [0, 'any', 0, 0],
    [wrong, 0, 1, wrong],
  ],
  [
    ['any', 1, 0, 2, 1],
    [0, wrong, 1, wrong, 2],
  ],
  [
    [5, 4, 3],
    [wrong, wrong, wrong],
  ],
];

const company: ReadonlyArray<ConformanceCase> = [
  promise(COMPANY, 'may be none', async (subject) => {
    same('answers', await (await subject.store()).appendMany([]), []);
  }),
  ...CHAINS.map(([expected, answers]) =>
    promise(COMPANY, `to one stream expecting ${expected.join(', ')} answer ${answers.join(', ')}`, async (subject) => {
      const streamId = `${freshPrefix()}/chain`;
      const requests = expected.map((revision) => anAppend(streamId, [anEvent()], revision));
      same('answers', await revisionsOf(await subject.store(), requests), answers);
    }),
  ),
  promise(COMPANY, 'are judged one by one: a refused one does not hurt its neighbours', async (subject) => {
    const store = await subject.store();
    const streamId = `${freshPrefix()}/stream`;
    const taken = anEvent();
    await appendTo(store, streamId, [taken]);
    const requests = [
      anAppend(streamId, [anEvent()], 0),
      anAppend(streamId, [anEvent()], 'noStream'),
      anAppend(streamId, [anEvent({ type: '' })]),
      anAppend(streamId, [anEvent(), taken]),
      anAppend(streamId, [taken], 99),
      anAppend(streamId, [anEvent()], 1),
    ];
    same('answers', await revisionsOf(store, requests), [1, wrong, 'InvalidEvent', 'EventIdConflict', 0, 2]);
  }),
  ...[1, 2, 7, 50].map((streams) =>
    promise(COMPANY, `400 over ${streams} stream(s) keep the order of each stream`, async (subject) => {
      const store = await subject.store();
      const prefix = freshPrefix();
      const requests = Array.from({ length: 400 }, (_, n) =>
        anAppend(`${prefix}/${n % streams}`, [anEvent({ data: n })]),
      );
      const answers = (await store.appendMany(requests)).map(accepted);
      same(
        'streams',
        answers.map(({ streamId }) => streamId),
        requests.map(({ streamId }) => streamId),
      );
      same(
        'ids',
        answers.map(({ events: places }) => places[0]?.id),
        requests.map(({ events: given }) => given[0]?.id),
      );
      same(
        'revisions',
        answers.map(({ events: places }) => places[0]?.revision),
        requests.map((_, n) => Math.floor(n / streams)),
      );
      const read = await collect(store.readStream(`${prefix}/${streams - 1}`));
      same(
        'data',
        read.map(({ data }) => data),
        Array.from({ length: read.length }, (_, n) => n * streams + streams - 1),
      );
    }),
  ),
  promise(COMPANY, 'of different sizes keep their events together', async (subject) => {
    const store = await subject.store();
    const streamId = `${freshPrefix()}/sizes`;
    const requests = [1, 5, 2, 40, 1, 3].map((size) => anAppend(streamId, events(size)));
    (await store.appendMany(requests)).forEach(accepted);
    same(
      'the stream',
      idsOf(await streamOf(store, streamId)),
      requests.flatMap(({ events: given }) => idsOf(given)),
    );
  }),
];

const race: ReadonlyArray<ConformanceCase> = [
  ...[2, 4, 16, 64].flatMap((callers) =>
    (['noStream', 0, 4] as const).map((expected) =>
      promise(
        RACE,
        `of ${callers} callers that expect ${expected} exactly one wins, in each of five rounds`,
        async (subject) => {
          const store = await subject.store();
          for (let round = 0; round < 5; round++) {
            const streamId = `${freshPrefix()}/race`;
            if (expected !== 'noStream') await appendTo(store, streamId, events(expected + 1));
            const answers = await Promise.all(
              Array.from({ length: callers }, () => store.append(anAppend(streamId, events(2), expected))),
            );
            same('winners', answers.filter((answer) => answer._tag === 'Right').length, 1);
            const next = expected === 'noStream' ? 1 : expected + 2;
            for (const answer of answers)
              if (answer._tag === 'Left')
                same('the losers', answer.left, { code: wrong, streamId, expected, actual: next });
            same('the stream', (await streamOf(store, streamId)).length, next + 1);
          }
        },
      ),
    ),
  ),
  promise(RACE, 'of thirty-two callers never share a place', async (subject) => {
    const store = await subject.store();
    const streamId = `${freshPrefix()}/places`;
    const answers = await Promise.all(
      Array.from({ length: 32 }, async () => {
        const mine: number[] = [];
        for (let n = 0; n < 10; n++) mine.push((await appendTo(store, streamId)).events[0]?.revision ?? -1);
        return mine;
      }),
    );
    for (const mine of answers)
      same(
        'the order of one caller',
        mine,
        mine.toSorted((a, b) => a - b),
      );
    same(
      'revisions',
      answers.flat().toSorted((a, b) => a - b),
      Array.from({ length: 320 }, (_, n) => n),
    );
    same(
      'the stream',
      (await streamOf(store, streamId)).map(({ revision }) => revision),
      Array.from({ length: 320 }, (_, n) => n),
    );
  }),
  promise(RACE, 'to a hundred streams are all accepted, with positions of their own', async (subject) => {
    const store = await subject.store();
    const prefix = freshPrefix();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => appendTo(store, `${prefix}/${n}`, events(2), 'noStream')),
    );
    const positions = answers.flatMap(({ events: places }) => places.map(({ position }) => position));
    holds('200 positions', new Set(positions).size === 200, new Set(positions).size);
  }),
];

export const companyCases: ReadonlyArray<ConformanceCase> = [...atomic, ...company, ...race];
