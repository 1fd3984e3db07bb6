import type { ExpectedRevision } from '../port';
import { anAppend, appendTo, collect, events, freshPrefix, idsOf, refused, streamOf } from './given';
import type { ConformanceCase } from './subject';
import { holds, promise, same } from './verdict';

const AREA = 'expected revision';

/** How the stream came to be: sizes of the appends it was written with. */
const STREAMS: ReadonlyArray<readonly [name: string, appends: ReadonlyArray<number>]> = [
  ['was never written', []],
  ['has one event', [1]],
  ['has two events', [1, 1]],
  ['has five events of one append', [5]],
];

const EXPECTED: ReadonlyArray<ExpectedRevision> = ['any', 'noStream', 'streamExists', 0, 1, 2, 3, 4, 5, 99];

const accepts = (expected: ExpectedRevision, last: number): boolean =>
  expected === 'any' ||
  (expected === 'noStream' ? last === -1 : expected === 'streamExists' ? last >= 0 : expected === last);

const judged = (
  expected: ExpectedRevision,
  [state, appends]: (typeof STREAMS)[number],
  count: number,
  reopened: boolean,
): ConformanceCase => {
  const last = appends.reduce((sum, size) => sum + size, 0) - 1;
  const outcome = accepts(expected, last) ? `is accepted at ${last + 1}` : `is refused and finds ${last}`;
  return promise(
    AREA,
    `${count} event(s) expecting ${expected} of a stream that ${state}${reopened ? ', opened again,' : ''} ${outcome}`,
    async (subject) => {
      let store = await subject.store();
      const streamId = `${freshPrefix()}/stream`;
      const before: string[] = [];
      for (const size of appends) before.push(...idsOf((await appendTo(store, streamId, events(size))).events));
      if (reopened) store = await subject.reopen();
      const head = await store.head();
      const given = events(count);
      const answer = await store.append(anAppend(streamId, given, expected));
      if (accepts(expected, last)) {
        holds('an accepted append', answer._tag === 'Right', answer);
        if (answer._tag === 'Left') return;
        const { events: places, duplicate, streamId: named } = answer.right;
        same('stream, duplicate', [named, duplicate], [streamId, false]);
        same('ids', idsOf(places), idsOf(given));
        same(
          'revisions',
          places.map(({ revision }) => revision),
          given.map((_, index) => last + 1 + index),
        );
        let previous = head;
        for (const { position } of places) {
          holds(`a position above ${previous}`, position > previous, position);
          previous = position;
        }
        same('head', await store.head(), previous);
        same('the stream', idsOf(await streamOf(store, streamId)), [...before, ...idsOf(given)]);
      } else {
        same('the answer', refused(answer), {
          code: 'WrongExpectedRevision',
          streamId,
          expected,
          actual: last === -1 ? null : last,
        });
        same('head', await store.head(), head);
        same('the stream', idsOf(await streamOf(store, streamId)), before);
      }
    },
    ...(reopened ? (['reopens'] as const) : []),
  );
};

/** Every expected revision against every state of the stream, alone and with company, opened again or not. */
export const expectedRevisionCases: ReadonlyArray<ConformanceCase> = [
  ...STREAMS.flatMap((state) =>
    EXPECTED.flatMap((expected) => [
      judged(expected, state, 1, false),
      judged(expected, state, 3, false),
      judged(expected, state, 1, true),
    ]),
  ),
  promise(AREA, 'goes up by one with each event of a chain of exact appends', async (subject) => {
    const store = await subject.store();
    const streamId = `${freshPrefix()}/chain`;
    await appendTo(store, streamId, events(1), 'noStream');
    for (let revision = 0; revision < 20; revision++) await appendTo(store, streamId, events(1), revision);
    same(
      'revisions',
      (await streamOf(store, streamId)).map(({ revision }) => revision),
      Array.from({ length: 21 }, (_, index) => index),
    );
  }),
  promise(AREA, 'of one stream is not moved by appends to another', async (subject) => {
    const store = await subject.store();
    const prefix = freshPrefix();
    await appendTo(store, `${prefix}/a`, events(2), 'noStream');
    await appendTo(store, `${prefix}/b`, events(1), 'noStream');
    await appendTo(store, `${prefix}/a`, events(1), 1);
    await appendTo(store, `${prefix}/b`, events(1), 0);
    same(
      'sizes',
      [(await streamOf(store, `${prefix}/a`)).length, (await streamOf(store, `${prefix}/b`)).length],
      [3, 2],
    );
  }),
  promise(AREA, 'distinguishes stream names by every character', async (subject) => {
    const store = await subject.store();
    const prefix = freshPrefix();
    const names = ['a', 'A', 'a ', ' a', 'á', 'a\u0301', 'a/', 'a-1', 'a_1', 'a%', '漢', '😀', 'a:b', 'a?b#c'];
    for (const name of names) await appendTo(store, `${prefix}/${name}`, events(1), 'noStream');
    for (const name of names) {
      const found = await collect(store.readStream(`${prefix}/${name}`));
      same(
        `streams named ${name}`,
        found.map(({ streamId }) => streamId),
        [`${prefix}/${name}`],
      );
    }
  }),
];
