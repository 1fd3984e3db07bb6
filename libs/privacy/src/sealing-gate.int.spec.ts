import { setImmediate as nextTurn } from 'node:timers/promises';
import { ERASED } from '@afecto/domain';
import { type AppendRequest, type EmbeddedEventStore, openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { KeyStore } from './key-store';
import { sealed } from './sealed-store';
import { AT, factOf, type GivenSealed, givenSealed, registered, right } from './testing/given-sealed';

/*
 * Facts were sealed under the key of free text while an expiry destroyed it: those under way came into the log
 * when it was gone, those that came between the last look into the log and the destruction lay there already.
 * Both read as erased, although they were said afterwards.
 */
let given: GivenSealed;
beforeEach(() => {
  given = givenSealed();
});
afterEach(() => given.remove());

/** Free text about somebody, so many milliseconds after the clock's now. */
const enquiry = (partyId: string, id: string, text: string, after: number): AppendRequest => {
  const request = factOf('EnquiryReceived', { enquiryId: id, partyId, channel: 'web', productLine: 'books', text }, id);
  const occurredAt = new Date(AT + after).toISOString();
  return {
    ...request,
    events: request.events.map((event) => ({ ...event, metadata: { ...event.metadata, occurredAt } })),
  };
};
const expiry = factOf(
  'PersonalDataErased',
  { partyId: 'ana', keyIds: ['k'], basis: 'retention_period', classes: ['content'] },
  'expiry',
);
const textsIn = async (store: Pick<EmbeddedEventStore, 'readAll'>): Promise<ReadonlyArray<unknown>> => {
  const texts: unknown[] = [];
  for await (const page of store.readAll({ types: ['EnquiryReceived'] }))
    texts.push(...page.map(({ data }) => Object(data)['text'] as unknown));
  return texts;
};
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await nextTurn();
};
/** Whether it has ended after some turns of the event loop. */
const hasEnded = async (promise: Promise<unknown>): Promise<boolean> => {
  let ended = false;
  void promise.then(() => (ended = true));
  await turns();
  return ended;
};

describe('while nothing of a party is sealed', () => {
  beforeEach(async () => {
    right(await given.store().append(registered('ana', 'Ana')));
    right(await given.store().append(enquiry('ana', 'e1', 'Long ago', -5)));
  });

  it('what comes waits, and is kept under a new key, or erased when it happened before', async () => {
    const store = given.store();
    let came: Promise<ReadonlyArray<E.Either<unknown, unknown>>> | null = null;
    await store.whileNothingIsSealed(['ana'], async () => {
      came = store.appendMany([enquiry('ana', 'e2', 'Said since', 1), enquiry('ana', 'e3', 'Told late', -1)]);
      expect(await hasEnded(came)).toBe(false);
      right(await store.append(expiry));
      expect(await hasEnded(came)).toBe(false);
    });
    expect(await came).toMatchObject([{ right: { duplicate: false } }, { right: { duplicate: false } }]);
    expect(await textsIn(store)).toEqual([ERASED, 'Said since', ERASED]);
    await given.reopen();
    expect(await textsIn(given.store())).toEqual([ERASED, 'Said since', ERASED]);
  });

  it('what comes through the door for bytes waits too', async () => {
    const store = given.store();
    const { streamId, events } = enquiry('ana', 'e2', 'Said since', 1);
    const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
    const encoded = events.map(({ id, type, data, metadata }) => ({
      ...{ id, type, isJson: true },
      ...{ data: bytes(data), metadata: bytes(metadata) },
    }));
    let came: Promise<unknown> | null = null;
    await store.whileNothingIsSealed(['ana'], async () => {
      came = store.encoded.append(() => E.right({ appends: [{ streamId, events: encoded }], answer: () => 'done' }));
      expect(await hasEnded(came)).toBe(false);
      right(await store.append(expiry));
    });
    expect(await came).toEqual(E.right('done'));
    expect(await textsIn(store)).toEqual([ERASED, 'Said since']);
  });

  it('others go on, and so does everybody when the step fails', async () => {
    const store = given.store();
    let came: Promise<unknown> | null = null;
    const failing = store.whileNothingIsSealed(['ana'], async () => {
      right(await store.append(enquiry('bea', 'e2', 'Of somebody else', 1)));
      came = store.append(enquiry('ana', 'e3', 'Said since', 1));
      throw new Error('nothing expires today');
    });
    await expect(failing).rejects.toThrow('nothing expires today');
    expect(await came).toMatchObject({ right: { duplicate: false } });
    expect(await textsIn(store)).toEqual(['Long ago', 'Of somebody else', 'Said since']);
  });

  it('waits for every step when there are several', async () => {
    const store = given.store();
    const second = Promise.withResolvers<void>();
    let came: Promise<unknown> | null = null;
    const other = store.whileNothingIsSealed(['bea', 'ana'], () => second.promise);
    await store.whileNothingIsSealed(['ana'], async () => {
      came = store.append(enquiry('ana', 'e2', 'Said since', 1));
      await turns();
    });
    expect(await hasEnded(came ?? Promise.reject(new Error('it came')))).toBe(false);
    second.resolve();
    await other;
    expect(await came).toMatchObject({ right: { duplicate: false } });
  });
});

describe('a step while nothing of a party is sealed', () => {
  it('begins when every append that was sealed before is in the log', async () => {
    await given.store().close();
    const inner = right(openSqliteEventStore({ file: given.log, clock: () => AT }));
    const [held, asked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow: EmbeddedEventStore = {
      ...inner,
      appendMany: async (requests) => {
        asked.resolve();
        await held.promise;
        return inner.appendMany(requests);
      },
    };
    const store = sealed(slow, right(KeyStore.open(given.files, () => AT)));
    const underWay = store.append(enquiry('ana', 'e2', 'Said since', 1));
    await asked.promise;
    const seen = store.whileNothingIsSealed(['ana'], () => textsIn(store));
    expect(await hasEnded(seen)).toBe(false);
    held.resolve();
    expect(await seen).toEqual(['Said since']);
    expect(await underWay).toMatchObject({ right: { duplicate: false } });
    await store.close();
    await given.reopen();
  });
});
