import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/Either';
import type { EventStore } from '../port';
import { appendTo, arbitraryEvent } from '../testing/given-store';
import { openEventStoreDb } from './open-event-store-db';
import {
  appendedAnswer,
  type AppendCall,
  caughtUpMessage,
  checkpointMessage,
  eventMessage,
  notFoundMessage,
  notLeader,
  type ReadCall,
  type Script,
  scriptedServer,
  type ScriptedServer,
  streamOf,
  wrongVersionAnswer,
} from './testing/scripted-server';

const END = 2n ** 64n - 1n;
const timings = { appendMs: 200, silenceMs: 200, heartbeatMs: 100, giveUpMs: 3_000, pauseMs: 10 };

const servers: ScriptedServer[] = [];
const stores: EventStore[] = [];
const serve = async (script: Script): Promise<ScriptedServer> => {
  const server = await scriptedServer(script);
  servers.push(server);
  return server;
};
const connect = async ({ port }: ScriptedServer, given: Partial<typeof timings> = {}): Promise<EventStore> => {
  const opened = await openEventStoreDb({
    url: `esdb://127.0.0.1:${port}?tls=false`,
    timings: { ...timings, ...given },
  });
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  stores.push(opened.right);
  return opened.right;
};
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  for (const server of servers.splice(0)) server.stop();
});

/** A log of one stream that answers reads as it should. */
class Log {
  readonly events: { readonly id: string; readonly streamId: string; readonly position: bigint }[] = [];
  subscriptions = 0;
  add(streamId: string, ...ids: ReadonlyArray<string>): void {
    for (const id of ids) this.events.push({ id, streamId, position: BigInt(this.events.length + 1) * 100n });
  }
  private revisionOf(position: bigint): number {
    const { streamId } = this.events[Number(position / 100n) - 1] ?? { streamId: '' };
    return this.events.filter((event) => event.streamId === streamId && event.position < position).length;
  }
  answer(call: ReadCall): void {
    const options = call.request.getOptions();
    const streamId = streamOf(call.request);
    const from = BigInt(
      options?.getAll()?.getPosition()?.getCommitPosition() ?? (options?.getReadDirection() === 1 ? END : 0),
    );
    const backwards = options?.getReadDirection() === 1;
    const own = this.events.filter((event) => streamId === null || event.streamId === streamId);
    if (streamId !== null && own.length === 0) call.write(notFoundMessage(streamId));
    const wanted = own.filter(({ position }) => streamId !== null || (backwards ? position < from : position >= from));
    for (const event of (backwards ? wanted.toReversed() : wanted).slice(
      0,
      Math.min(1_000, Number(options?.getCount())),
    ))
      call.write(eventMessage(event.id, event.streamId, this.revisionOf(event.position), event.position));
    call.end();
  }
}
const isSubscription = (call: ReadCall): boolean => call.request.getOptions()?.hasSubscription() === true;
const idsIn = (request: Parameters<Script['append']>[0]): ReadonlyArray<string> =>
  request.getProposedMessagesList().map((message) => message.getId()?.getString() ?? '');
const nameIn = (request: Parameters<Script['append']>[0]): string =>
  Buffer.from(request.getOptions()?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
const expectedIn = (request: Parameters<Script['append']>[0]): string =>
  request.getOptions()?.hasNoStream() === true ? 'no stream' : (request.getOptions()?.getStreamPosition() ?? '');

describe('an append', () => {
  it('without an answer is asked again with the same ids and the same revision, and told as its own', async () => {
    const log = new Log();
    const asked: string[] = [];
    const server = await serve({
      read: (call) => log.answer(call),
      append: (request, call: AppendCall) => {
        asked.push(`${expectedIn(request)} ${idsIn(request).join()}`);
        // The first is lost on its way; the second goes in and its answer is lost.
        if (asked.length === 2) log.add(nameIn(request), ...idsIn(request));
        if (asked.length > 2) call.write(wrongVersionAnswer(request, 1));
      },
    });
    const events = [
      arbitraryEvent({ type: 'Scripted', data: { n: 1 }, metadata: {} }),
      arbitraryEvent({ type: 'Scripted', data: { n: 1 }, metadata: {} }),
    ];
    const store = await connect(server);
    expect(await store.append(appendTo('order-1', events))).toEqual(
      E.right({
        streamId: 'order-1',
        events: events.map(({ id }, n) => ({ id, revision: n, position: BigInt(n + 1) * 100n })),
        duplicate: false,
      }),
    );
    const line = `no stream ${events.map(({ id }) => id).join()}`;
    expect(asked).toEqual([line, line]);
  });

  it('among many to streams that nothing is known of, without an answer: told as its own, or as a repeat of what was there', async () => {
    const log = new Log();
    const events = Array.from({ length: 12 }, () => arbitraryEvent({ type: 'Scripted', data: { n: 1 }, metadata: {} }));
    const wasThere = events.slice(0, 6);
    for (const { id } of wasThere) log.add(`order-${id}`, id);
    const asked = new Map<string, string[]>();
    const server = await serve({
      read: (call) => log.answer(call),
      append: (request) => {
        const [name, ids] = [nameIn(request), idsIn(request)];
        asked.set(name, [...(asked.get(name) ?? []), expectedIn(request)]);
        // What was there is recognised, the rest goes in; all answers are lost.
        if (!log.events.some(({ id }) => ids.includes(id))) log.add(name, ...ids);
      },
    });
    const store = await connect(server);
    const answers = await store.appendMany(events.map((event) => appendTo(`order-${event.id}`, [event])));
    expect(answers).toEqual(
      events.map((event, index) =>
        E.right({
          streamId: `order-${event.id}`,
          events: [{ id: event.id, revision: 0, position: BigInt(index + 1) * 100n }],
          duplicate: wasThere.includes(event),
        }),
      ),
    );
    expect([...asked.values()].filter((sent) => sent.some((expected) => expected !== 'no stream'))).toEqual([]);
  });

  it('that stays without an answer fails with words about its outcome, and not before it was tried again', async () => {
    const log = new Log();
    let asked = 0;
    const server = await serve({ read: (call) => log.answer(call), append: () => void (asked += 1) });
    const store = await connect(server, { giveUpMs: 900 });
    const answer = await store.append(appendTo('order-1'));
    expect(answer).toMatchObject({
      left: { code: 'StoreFailed', message: expect.stringContaining('may or may not be in the log') },
    });
    expect(asked).toBeGreaterThan(1);
  });

  it('never goes out without an exact revision, and follows another writer', async () => {
    const log = new Log();
    const expected: string[] = [];
    const server = await serve({
      read: (call) => log.answer(call),
      append: (request, call) => {
        expected.push(expectedIn(request));
        const name = nameIn(request);
        if (expected.length < 3) {
          log.add(name, randomUUID());
          call.write(wrongVersionAnswer(request, log.events.length - 1));
        } else {
          log.add(name, ...idsIn(request));
          call.write(appendedAnswer(request, log.events.length - 1, BigInt(log.events.length) * 100n));
        }
      },
    });
    const store = await connect(server);
    expect(await store.append(appendTo('order-1'))).toMatchObject({
      right: { events: [{ revision: 2, position: 300n }] },
    });
    expect(expected).toEqual(['no stream', '0', '1']);
  });
});

describe('a follower', () => {
  it('that names the leader sends reads and appends there', async () => {
    const log = new Log();
    const leader = await serve({
      read: (call) => log.answer(call),
      append: (request, call) => {
        log.add(nameIn(request), ...idsIn(request));
        call.write(appendedAnswer(request, log.events.length - 1, BigInt(log.events.length) * 100n));
      },
    });
    const follower = await serve({
      read: (call) => call.emit('error', notLeader(leader.port)),
      append: (_, call) => call.emit('error', notLeader(leader.port)),
    });
    const store = await connect(follower);
    expect(await store.append(appendTo('order-1'))).toMatchObject({ right: { duplicate: false } });
    expect(await store.head()).toBe(100n);
  });
});

describe('a subscription', () => {
  it('takes the end of the log for no checkpoint', async () => {
    const log = new Log();
    log.add('order-1', randomUUID(), randomUUID());
    const server = await serve({
      read: (call) => {
        if (!isSubscription(call)) return log.answer(call);
        call.write(checkpointMessage(END));
        call.write(caughtUpMessage());
        call.write(eventMessage(randomUUID(), 'order-1', 2, 300n));
      },
      append: () => undefined,
    });
    const store = await connect(server);
    const seen: bigint[] = [];
    for await (const message of store.subscribe({ streamPrefixes: ['order-'] })) {
      if (message.kind === 'events') seen.push(...message.events.map(({ position }) => position));
      else expect(message.position).toBe(seen.at(-1));
      if (seen.length === 3 && message.kind === 'caughtUp') break;
    }
    expect(seen).toEqual([100n, 200n, 300n]);
  });

  it('hands out together what comes at once, more than a call holds at a time', async () => {
    const log = new Log();
    log.add('order-1', ...Array.from({ length: 400 }, () => randomUUID()));
    const server = await serve({
      read: (call) => {
        if (!isSubscription(call)) return log.answer(call);
        for (const [revision, { id, position }] of log.events.entries())
          call.write(eventMessage(id, 'order-1', revision, position));
      },
      append: () => undefined,
    });
    const store = await connect(server);
    const pages: number[] = [];
    const seen: bigint[] = [];
    for await (const message of store.subscribe()) {
      if (message.kind !== 'events') continue;
      pages.push(message.events.length);
      seen.push(...message.events.map(({ position }) => position));
      if (seen.length === 400) break;
    }
    expect(seen).toEqual(log.events.map(({ position }) => position));
    expect(Math.max(...pages)).toBeGreaterThan(20);
  });

  it.each(['ends', 'fails', 'falls silent before it has caught up', 'falls silent behind the head'])(
    'whose call %s goes on behind the last event',
    async (how) => {
      const log = new Log();
      log.add('order-1', ...Array.from({ length: 5 }, () => randomUUID()));
      const starts: string[] = [];
      const server = await serve({
        read: (call) => {
          if (!isSubscription(call)) return log.answer(call);
          starts.push(call.request.getOptions()?.getAll()?.getPosition()?.getCommitPosition() ?? 'start');
          const from = BigInt(starts.length === 1 ? 0 : (starts.at(-1) ?? 0));
          const rest = log.events.filter(({ position }) => position > from).slice(0, 2);
          for (const { id, position } of rest)
            call.write(eventMessage(id, 'order-1', Number(position / 100n) - 1, position));
          if (how === 'ends') call.end();
          else if (how === 'fails') call.emit('error', { code: 14, details: 'gone' });
          else if (how === 'falls silent behind the head') call.write(caughtUpMessage());
        },
        append: () => undefined,
      });
      const store = await connect(server);
      const seen: bigint[] = [];
      for await (const message of store.subscribe({ pageSize: 1 })) {
        if (message.kind === 'events') seen.push(...message.events.map(({ position }) => position));
        if (seen.length === 5) break;
      }
      expect(seen).toEqual([100n, 200n, 300n, 400n, 500n]);
      expect(starts.slice(0, 3)).toEqual(['start', '200', '400']);
    },
  );
});
