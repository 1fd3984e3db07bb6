/**
 * An adapter that had written to a stream refused what others had made right: it judged expected revisions by
 * what it remembered of the stream, and only an append that the server refuses tells it that somebody else
 * has written. A caller who had read the new events and expected their revision was refused before
 * anything was sent, with an old revision as the reason, and so again on each attempt. The history checker
 * found it with two connections to one gateway. Now what is remembered may accept, because the server
 * compares the revision once more, but only a look at the end of the stream may refuse.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/Either';
import { type GatewayProcess, startProcess } from '../../../gateway/src/testing/gateway-process';
import type { EventStore, NewEvent } from '../port';
import { appendTo, arbitraryEvent, collect, expectRight } from '../testing/given-store';
import { openEventStoreDb } from './open-event-store-db';

const folder = mkdtempSync(join(tmpdir(), 'afecto-other-writers-'));
let gateway: GatewayProcess;
let mine: EventStore;
let theirs: EventStore;

const anEvent = (): NewEvent => arbitraryEvent({ type: 'Noted', data: {}, metadata: {} });

const connect = async (): Promise<EventStore> =>
  expectRight(await openEventStoreDb({ url: `esdb://127.0.0.1:${gateway.port}?tls=false` }));

beforeAll(async () => {
  gateway = await startProcess(join(folder, 'log.db'));
  [mine, theirs] = [await connect(), await connect()];
});
afterAll(async () => {
  await Promise.all([mine.close(), theirs.close()]);
  await gateway.kill();
  rmSync(folder, { recursive: true, force: true });
});

describe('a stream that others write to', () => {
  it('takes an append that expects the revision which they have left', async () => {
    await mine.append(appendTo('shared', [anEvent()]));
    await theirs.append(appendTo('shared', [anEvent(), anEvent()]));
    const last = (await collect(mine.readStream('shared'))).at(-1)?.revision;
    expect(last).toBe(2);
    expect(await mine.append(appendTo('shared', [anEvent()], 2))).toMatchObject({
      right: { events: [{ revision: 3 }] },
    });
  });

  it('refuses with the revision that it has now', async () => {
    await mine.append(appendTo('refused', [anEvent()]));
    await theirs.append(appendTo('refused', [anEvent()]));
    expect(await mine.append(appendTo('refused', [anEvent()], 7))).toEqual(
      E.left({ code: 'WrongExpectedRevision', streamId: 'refused', expected: 7, actual: 1 }),
    );
  });

  it('is known to exist, and not to be new any more, after their first event', async () => {
    expect(await mine.append(appendTo('new', [anEvent()], 'streamExists'))).toMatchObject({
      left: { actual: null },
    });
    const first = anEvent();
    await theirs.append(appendTo('new', [first], 'noStream'));
    expect(await mine.append(appendTo('new', [anEvent()], 'noStream'))).toMatchObject({ left: { actual: 0 } });
    expect(await mine.append(appendTo('new', [first], 'noStream'))).toMatchObject({ right: { duplicate: true } });
    expect(await mine.append(appendTo('new', [anEvent()], 'streamExists'))).toMatchObject({
      right: { duplicate: false },
    });
  });
});
