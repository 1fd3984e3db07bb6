import { setTimeout as wait } from 'node:timers/promises';
import type { EventStore, Filter, Position, SubscribeOptions, SubscriptionMessage } from '../port';
import { accepted, anAppend, anEvent, appendTo, events, freshPrefix, idsOf, takeUntil } from './given';
import type { ConformanceCase } from './subject';
import { holds, promise, same } from './verdict';

const AREA = 'a subscription';

const untilCaughtUp = (store: EventStore, options: SubscribeOptions): Promise<ReadonlyArray<{ readonly id: string }>> =>
  takeUntil(store.subscribe(options), (_, { kind }) => kind === 'caughtUp');

const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, n) =>
    anAppend(`${prefix}/${n % 2 === 0 ? 'even' : 'odd'}`, [
      anEvent({ type: `${n % 5 === 0 ? 'Fifth' : 'Other'} ${prefix}`, data: n }),
    ]),
  );

const FILTERS: ReadonlyArray<readonly [string, (prefix: string) => Filter, (n: number) => boolean]> = [
  ['no filter', () => ({}), () => true],
  ['a type', (prefix) => ({ types: [`Fifth ${prefix}`] }), (n) => n % 5 === 0],
  ['two types', (prefix) => ({ types: [`Fifth ${prefix}`, `Other ${prefix}`] }), () => true],
  ['a prefix', (prefix) => ({ streamPrefixes: [`${prefix}/odd`] }), (n) => n % 2 === 1],
  ['two prefixes', (prefix) => ({ streamPrefixes: [`${prefix}/o`, `${prefix}/e`] }), () => true],
  [
    'a type and a prefix',
    (prefix) => ({ types: [`Fifth ${prefix}`], streamPrefixes: [`${prefix}/odd`] }),
    (n) => n % 10 === 5,
  ],
  ['a type that is not there', (prefix) => ({ types: [`Sixth ${prefix}`] }), () => false],
  ['no type', () => ({ types: [] }), () => false],
  ['no prefix', () => ({ streamPrefixes: [] }), () => false],
];

/** History, then live, through one filter: the matches once and in order, and checkpoints that cover all. */
const follows = (
  [name, filter, matches]: (typeof FILTERS)[number],
  start: 'history' | 'middle' | 'head',
  pageSize: number | undefined,
): ConformanceCase =>
  promise(
    AREA,
    `from the ${start} with ${name}, page size ${pageSize ?? 'default'}: history, then live`,
    async (subject) => {
      const store = await subject.store();
      const prefix = freshPrefix();
      const before = await store.head();
      const places: Position[] = [];
      const write = async (count: number): Promise<void> => {
        for (const request of numbered(prefix, count)) {
          const [event] = accepted(await store.append(request)).events;
          places.push(event?.position ?? 0n);
        }
      };
      await write(20);
      const after = { history: before, middle: places[9] ?? 0n, head: places[19] ?? 0n }[start];
      const skipped = { history: 0, middle: 10, head: 20 }[start];
      const expected = Array.from({ length: 40 }, (_, n) => n)
        .filter((n) => n >= skipped && matches(n % 20))
        .map((n) => n % 20);
      const seen: unknown[] = [];
      let looked = after;
      let live = false;
      for await (const message of store.subscribe({
        ...filter(prefix),
        after,
        ...(pageSize === undefined ? {} : { pageSize }),
      })) {
        if (message.kind === 'events') {
          holds(
            `a page of 1 to ${pageSize ?? 1_000}`,
            message.events.length > 0 && message.events.length <= (pageSize ?? 1_000),
            message.events.length,
          );
          holds(
            'events after the last checkpoint',
            (message.events[0]?.position ?? 0n) > looked,
            message.events[0]?.position,
          );
          seen.push(...message.events.map(({ data }) => data));
          continue;
        }
        holds(`a checkpoint not before ${looked}`, message.position >= looked, message.position);
        looked = message.position;
        if (!live && looked >= (places[19] ?? 0n)) {
          live = true;
          same(
            'history',
            seen,
            expected.slice(0, expected.length - Array.from({ length: 20 }, (_, n) => n).filter(matches).length),
          );
          await write(20);
        }
        if (live && looked >= (places[39] ?? 2n ** 63n)) break;
      }
      same('all', seen, expected);
    },
  );

const seam = (writers: number, subscribers: number): ConformanceCase =>
  promise(
    AREA,
    `has no gap and no double at the seam: ${writers} writer(s), ${subscribers} subscriber(s)`,
    async (subject) => {
      const store = await subject.store();
      const prefix = freshPrefix();
      const after = await store.head();
      const each = Math.ceil(240 / writers);
      (await store.appendMany(Array.from({ length: 100 }, () => anAppend(`${prefix}/history`)))).forEach(accepted);
      const total = 100 + writers * each;
      const following = Array.from({ length: subscribers }, (_, n) =>
        takeUntil(
          store.subscribe({
            after,
            pageSize: [1, 7, 32, 1_000][n % 4] ?? 1,
            ...(n % 2 === 0 ? {} : { streamPrefixes: [prefix] }),
          }),
          (seen) => seen.length >= total,
        ),
      );
      await Promise.all(
        Array.from({ length: writers }, async (_, writer) => {
          for (let n = 0; n < each; n++) await appendTo(store, `${prefix}/${writer % 5}`);
        }),
      );
      const written: string[] = [];
      for await (const page of store.readAll({ after })) written.push(...idsOf(page));
      for (const seen of await Promise.all(following)) same('events', idsOf(seen), written);
    },
  );

const aborts = (
  moment: 'before it starts' | 'while it waits' | 'during the catch-up' | 'while live',
): ConformanceCase =>
  promise(AREA, `ends normally when aborted ${moment}`, async (subject) => {
    const store = await subject.store();
    const streamId = `${freshPrefix()}/aborted`;
    const after = await store.head();
    for (let n = 0; n < 10; n++) await appendTo(store, streamId);
    const abort = new AbortController();
    if (moment === 'before it starts') abort.abort();
    const kinds: string[] = [];
    for await (const message of store.subscribe({ after, pageSize: 2, signal: abort.signal })) {
      kinds.push(message.kind);
      if (moment === 'during the catch-up') abort.abort();
      if (message.kind === 'caughtUp' && moment === 'while it waits') setTimeout(() => abort.abort(), 20);
      if (message.kind === 'caughtUp' && moment === 'while live')
        setTimeout(() => void store.append(anAppend(streamId)), 5);
      if (kinds.length > 6 && message.kind === 'events') abort.abort();
    }
    holds(
      {
        'before it starts': 'no message',
        'while it waits': 'five pages or more and a checkpoint',
        'during the catch-up': 'one message',
        'while live': 'history and a live event',
      }[moment],
      {
        'before it starts': kinds.length === 0,
        'while it waits': kinds.length >= 6,
        'during the catch-up': kinds.length === 1,
        'while live': kinds.filter((kind) => kind === 'events').length >= 6,
      }[moment],
      kinds,
    );
  });

const first = async (messages: AsyncIterable<SubscriptionMessage>): Promise<SubscriptionMessage | undefined> => {
  for await (const message of messages) return message;
  return undefined;
};

export const subscriptionCases: ReadonlyArray<ConformanceCase> = [
  ...FILTERS.flatMap((filter, index) =>
    (['history', 'middle', 'head'] as const).map((start, s) =>
      follows(filter, start, [undefined, 1, 3][(index + s) % 3]),
    ),
  ),
  ...[1, 4, 16].flatMap((writers) => [1, 4].map((subscribers) => seam(writers, subscribers))),
  ...(['before it starts', 'while it waits', 'during the catch-up', 'while live'] as const).map(aborts),
  promise(AREA, 'at the head is caught up at once, at the head', async (subject) => {
    const store = await subject.store();
    const [event] = (await appendTo(store, `${freshPrefix()}/head`)).events;
    const message = await first(store.subscribe({ after: event?.position ?? 0n }));
    same('the first message', message, { kind: 'caughtUp', position: event?.position });
  }),
  promise(AREA, 'that starts where another stopped gives the rest, event by event', async (subject) => {
    const store = await subject.store();
    const prefix = freshPrefix();
    let after = await store.head();
    const written = await Promise.all(Array.from({ length: 30 }, () => appendTo(store, `${prefix}/resumed`)));
    const seen: string[] = [];
    while (seen.length < written.length) {
      const [event] = await takeUntil(store.subscribe({ after, pageSize: 1 }), (all) => all.length === 1);
      seen.push(event?.id ?? '');
      after = event?.position ?? after;
    }
    const expected: string[] = [];
    for await (const page of store.readStream(`${prefix}/resumed`)) expected.push(...idsOf(page));
    same('events', seen, expected);
  }),
  promise(AREA, 'holds a slow consumer back and skips nothing', async (subject) => {
    const store = await subject.store();
    const streamId = `${freshPrefix()}/slow`;
    const after = await store.head();
    const written = idsOf((await appendTo(store, streamId)).events).concat();
    const seen: string[] = [];
    for await (const message of store.subscribe({ after, pageSize: 50 })) {
      if (message.kind === 'caughtUp') continue;
      holds('at most fifty', message.events.length <= 50, message.events.length);
      seen.push(...idsOf(message.events));
      if (written.length === 1)
        for (const answer of await store.appendMany(Array.from({ length: 500 }, () => anAppend(streamId))))
          written.push(...idsOf(accepted(answer).events));
      await wait(2);
      if (seen.length >= written.length) break;
    }
    same('events', seen, written);
  }),
  promise(AREA, 'whose consumer leaves can be followed by another, many times', async (subject) => {
    const store = await subject.store();
    const after = await store.head();
    const [event] = (await appendTo(store, `${freshPrefix()}/left`)).events;
    for (let round = 0; round < 25; round++)
      same('the event', idsOf(await untilCaughtUp(store, { after })), [event?.id]);
  }),
  promise(AREA, 'sees an append of many events whole and in order', async (subject) => {
    const store = await subject.store();
    const after = await store.head();
    const given = events(300);
    const following = takeUntil(store.subscribe({ after, pageSize: 64 }), (seen) => seen.length >= 300);
    await appendTo(store, `${freshPrefix()}/many`, given);
    same('events', idsOf(await following), idsOf(given));
  }),
  promise(
    AREA,
    'ends normally when the store closes',
    async (subject) => {
      const store = await subject.store();
      const after = await store.head();
      const ended = takeUntil(store.subscribe({ after }), () => false);
      const [event] = (await appendTo(store, `${freshPrefix()}/closing`)).events;
      await wait(150);
      await store.close();
      same('events', idsOf(await ended), [event?.id]);
      await subject.reopen();
    },
    'reopens',
  ),
];
