/**
 * A backwards read from a position that the log has not reached began at the end of the log, as there was
 * nothing behind it to leave out. But the end is looked up twice: for the head, and by the server when the read
 * begins. What was written in between was shown, though it lies at or behind the position. The history checker
 * found it: two adapters over one gateway, a read from position 1 while the first event was written.
 */
import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/Either';
import { collect, positionsOf } from '../testing/given-store';
import { openEventStoreDb } from './open-event-store-db';
import { eventMessage, scriptedServer } from './testing/scripted-server';

/** Closed after the test, the last first. */
const open: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

it('a backwards read from a position shows nothing at or behind it that is written while it begins', async () => {
  const opening = 1;
  let reads = 0;
  const server = await scriptedServer({
    append: () => undefined,
    read: (call) => {
      reads += 1;
      // The log is empty when it is opened and when its head is asked for; then six events are written.
      const highest = reads <= opening + 1 ? 0 : 6;
      for (let position = highest; position > 0; position--)
        call.write(eventMessage(randomUUID(), 'orders', position - 1, BigInt(position)));
      call.end();
    },
  });
  open.push(server.stop);
  const store = await openEventStoreDb({ url: `esdb://127.0.0.1:${server.port}?tls=false` });
  if (E.isLeft(store)) throw new Error(store.left.message);
  open.push(() => store.right.close());
  const shown = await collect(store.right.readAll({ direction: 'backwards', after: 4n }));
  expect(reads).toBe(opening + 2);
  expect(positionsOf(shown)).toEqual([3, 2, 1]);
});
