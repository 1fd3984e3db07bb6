import { randomUUID } from 'node:crypto';
import type { EventStore, Position, StoredEvent } from '../port';
import { accepted, anAppend, appendTo, collect, events, freshPrefix, idsOf } from './given';
import { perSubject } from './per-subject';
import type { ConformanceCase } from './subject';
import { holds, promise, same } from './verdict';

const AREA = 'looking up';

const twenty = perSubject(async (store: EventStore): Promise<ReadonlyArray<StoredEvent>> => {
  const prefix = freshPrefix();
  const before = await store.head();
  for (let n = 0; n < 10; n++) await appendTo(store, `${prefix}/${n % 3}`, events(2));
  return (await collect(store.readAll({ after: before }))).filter(({ streamId }) => streamId.startsWith(prefix));
});

const SELECTIONS: ReadonlyArray<readonly [string, (all: ReadonlyArray<StoredEvent>) => ReadonlyArray<StoredEvent>]> = [
  ['none', () => []],
  ['one', (all) => all.slice(7, 8)],
  ['all in order', (all) => all],
  ['all backwards', (all) => all.toReversed()],
  ['every third', (all) => all.filter((_, index) => index % 3 === 0)],
  ['neighbours and strangers', (all) => [...all.slice(12, 15), ...all.slice(2, 3), ...all.slice(18)]],
  ['one twice', (all) => [...all.slice(4, 5), ...all.slice(9, 10), ...all.slice(4, 5)]],
  ['more than a page', (all) => Array.from({ length: 60 }, () => all).flat()],
];

const isMissing = async (store: EventStore, positions: ReadonlyArray<Position>): Promise<void> => {
  const answer = await store.eventsAt(positions).then(
    (found) => ({ found }),
    (error: unknown) => ({ error }),
  );
  holds('a rejection', 'error' in answer, answer);
};

export const lookupCases: ReadonlyArray<ConformanceCase> = [
  ...SELECTIONS.map(([name, select]) =>
    promise(AREA, `the events at positions: ${name}`, async (subject) => {
      const wanted = select(await twenty(subject));
      const found = await (await subject.store()).eventsAt(wanted.map(({ position }) => position));
      same('events', found, wanted);
    }),
  ),
  promise(AREA, 'an event at a position beyond the head rejects', async (subject) => {
    const store = await subject.store();
    const [known] = await twenty(subject);
    const head = await store.head();
    await isMissing(store, [head + 1n]);
    await isMissing(store, [known?.position ?? 0n, head + 1_000_000n]);
  }),
  promise(AREA, 'an event by its id, each of twenty', async (subject) => {
    const store = await subject.store();
    for (const event of await twenty(subject)) same('the event', await store.findById(event.id), event);
  }),
  promise(
    AREA,
    'an event by its id after opening again',
    async (subject) => {
      const wanted = await twenty(subject);
      const store = await subject.reopen();
      for (const event of wanted.slice(0, 5)) same('the event', await store.findById(event.id), event);
      same('events at positions', await store.eventsAt(wanted.map(({ position }) => position)), wanted);
    },
    'reopens',
  ),
  promise(AREA, 'an event by its id as soon as its append is answered', async (subject) => {
    const store = await subject.store();
    const streamId = `${freshPrefix()}/found`;
    for (let n = 0; n < 20; n++) {
      const [event] = (await appendTo(store, streamId)).events;
      same('revision', (await store.findById(event?.id ?? ''))?.revision, n);
    }
  }),
  ...['', 'no uuid', '6F8F2E3A-0C0E-4F6B-9A3E-0D1F2A3B4C5D', 'fresh'].map((id) =>
    promise(AREA, `an id that is not in the log (${id === '' ? 'empty' : id}) finds nothing`, async (subject) => {
      same('the event', await (await subject.store()).findById(id === 'fresh' ? randomUUID() : id), null);
    }),
  ),
  promise(AREA, 'the id of a refused event finds nothing', async (subject) => {
    const store = await subject.store();
    const [event] = events(1);
    if (event === undefined) return;
    await store.append(anAppend(`${freshPrefix()}/refused`, [event], 5));
    same('the event', await store.findById(event.id), null);
  }),
  promise(AREA, 'the head is the position of the last event', async (subject) => {
    const store = await subject.store();
    const streamId = `${freshPrefix()}/head`;
    for (const size of [1, 3, 1]) {
      const answer = await appendTo(store, streamId, events(size));
      same('head', await store.head(), answer.events.at(-1)?.position);
    }
  }),
  promise(
    AREA,
    'recordedAt never decreases along the log',
    async (subject) => {
      const store = await subject.store();
      const before = await store.head();
      const prefix = freshPrefix();
      (await store.appendMany(Array.from({ length: 40 }, (_, n) => anAppend(`${prefix}/${n % 5}`)))).forEach(accepted);
      const times = (await collect(store.readAll({ after: before }))).map(({ recordedAt }) => recordedAt);
      same(
        'times',
        times,
        times.toSorted((a, b) => a - b),
      );
      holds('whole milliseconds', times.every(Number.isSafeInteger), times);
      same('events', idsOf(await collect(store.readAll({ after: before }))).length, 40);
    },
    'recordedAtNeverDecreases',
  ),
];
