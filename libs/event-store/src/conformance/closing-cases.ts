import type { EventStore } from '../port';
import { accepted, anAppend, appendTo, events, freshPrefix, refused, streamOf } from './given';
import type { ConformanceCase } from './subject';
import { holds, promise, same } from './verdict';

const AREA = 'a closed store';

const closed = (
  name: string,
  body: (store: EventStore, reopen: () => Promise<EventStore>) => Promise<void>,
): ConformanceCase =>
  promise(
    AREA,
    name,
    async (subject) => {
      const store = await subject.store();
      try {
        await body(store, subject.reopen);
      } finally {
        await subject.reopen();
      }
    },
    'reopens',
  );

const errorOf = async (read: () => unknown): Promise<string> => {
  try {
    await read();
    return 'no error';
  } catch (error) {
    return error instanceof Error ? error.name : 'no Error';
  }
};

const exhaust = async (pages: AsyncIterable<unknown>): Promise<void> => {
  for await (const page of pages) holds('no page', false, page);
};

const READS: ReadonlyArray<readonly [string, (store: EventStore) => unknown]> = [
  ['head', (store) => store.head()],
  ['findById', (store) => store.findById('6f8f2e3a-0c0e-4f6b-9a3e-0d1f2a3b4c5d')],
  ['eventsAt', (store) => store.eventsAt([1n])],
  ['readStream', (store) => exhaust(store.readStream('order-1'))],
  ['readAll', (store) => exhaust(store.readAll())],
  ['subscribe', (store) => exhaust(store.subscribe())],
];

export const closingCases: ReadonlyArray<ConformanceCase> = [
  closed('may be closed again, also at once', async (store) => {
    await Promise.all([store.close(), store.close()]);
    await store.close();
  }),
  closed('answers StoreClosed to append', async (store) => {
    await store.close();
    same('code', refused(await store.append(anAppend('order-1'))).code, 'StoreClosed');
  }),
  closed('answers StoreClosed to every append of a company', async (store) => {
    await store.close();
    const answers = await store.appendMany([anAppend('order-1'), anAppend('order-2')]);
    same(
      'codes',
      answers.map((answer) => refused(answer).code),
      ['StoreClosed', 'StoreClosed'],
    );
  }),
  ...READS.map(([name, read]) =>
    closed(`answers StoreClosedError to ${name}`, async (store) => {
      await store.close();
      same('error', await errorOf(() => read(store)), 'StoreClosedError');
    }),
  ),
  closed('has answered every append that was under way', async (store, reopen) => {
    const streamId = `${freshPrefix()}/under-way`;
    const appends = Array.from({ length: 60 }, () => store.append(anAppend(streamId)));
    await store.close();
    const answers = (await Promise.all(appends)).map(accepted);
    same('events', (await streamOf(await reopen(), streamId)).length, answers.length);
  }),
  closed('ends a read that is under way with an error, not early', async (store) => {
    const streamId = `${freshPrefix()}/read`;
    const after = await store.head();
    await appendTo(store, streamId, events(200));
    const pages = store.readAll({ after, pageSize: 1 })[Symbol.asyncIterator]();
    await pages.next();
    await store.close();
    let last = 1;
    const error = await errorOf(async () => {
      while ((await pages.next()).done !== true) last += 1;
    });
    holds('StoreClosedError, or all 200 events', error === 'StoreClosedError' || last === 200, [error, last]);
  }),
];
