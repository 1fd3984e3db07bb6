/**
 * Every append to a server whose clock was ahead of ours by more than the patience for one append failed, for
 * ever, with an unknown outcome: each carried a deadline, which in the protocol of the official stubs is an
 * instant (`BatchAppendReq.Options.deadline_21_10_0`) and was past when it came. The history checker found it
 * when it set a gateway's clock forward. Now no append carries one: the adapter has a timer of its own, and an
 * append that arrives late is recognised.
 */
import { Status } from '@eventstore/db-client/generated/status_pb';
import { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import * as E from 'fp-ts/Either';
import { appendTo } from '../testing/given-store';
import { openEventStoreDb } from './open-event-store-db';
import { appendedAnswer, notFoundMessage, scriptedServer, streamOf } from './testing/scripted-server';

const HOUR_MS = 3_600_000;
const DEADLINE_EXCEEDED = 4;

/** Closed after the test, the last first. */
const open: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

it('a server whose clock is an hour ahead takes appends', async () => {
  const server = await scriptedServer({
    read: (call) => {
      const streamId = streamOf(call.request);
      if (streamId !== null) call.write(notFoundMessage(streamId));
      call.end();
    },
    append: (request, call) => {
      const deadline = request.getOptions()?.getDeadline()?.toDate() ?? null;
      const late = new Status().setCode(DEADLINE_EXCEEDED).setMessage('Timeout');
      call.write(
        deadline !== null && deadline.getTime() < Date.now() + HOUR_MS
          ? new BatchAppendResp().setCorrelationId(request.getCorrelationId()).setError(late)
          : appendedAnswer(request, 0, 100n),
      );
    },
  });
  open.push(server.stop);
  const store = await openEventStoreDb({
    url: `esdb://127.0.0.1:${server.port}?tls=false`,
    timings: { appendMs: 200, giveUpMs: 500, pauseMs: 10 },
  });
  if (E.isLeft(store)) throw new Error(store.left.message);
  open.push(() => store.right.close());
  expect(await store.right.append(appendTo('orders'))).toMatchObject({ right: { duplicate: false } });
});
