import { randomUUID } from 'node:crypto';
import type { EncodedEvent, EventStore, NewEvent } from '@afecto/event-store';
import { openEventStoreDb } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { gatewayOver } from '../../../gateway/src/testing/gateway-process';
import { toHex } from '../merkle/hash';
import {
  aKey,
  anEvent,
  checkpointNow,
  expectRight,
  openLog,
  openTree,
  temporaryFolder,
  tickingClock,
} from '../testing/given-log';
import { followLog } from '../tree/follow-log';
import { LeafEncoder } from './leaf-bytes';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const hashesOf = async (store: Pick<EventStore, 'readRecords'>): Promise<ReadonlyArray<string>> => {
  const encoder = new LeafEncoder();
  const hashes: string[] = [];
  for await (const page of store.readRecords({ pageSize: 3 }))
    for (const record of page) hashes.push(`${record.id} ${toHex(encoder.hash(record))}`);
  return hashes;
};

/** An event as some other client writes it: bytes that the port would have written in another way, or not at all. */
const written = (text: string, metadata: string, isJson = true): EncodedEvent => ({
  id: randomUUID(),
  type: 'Noted',
  isJson,
  data: Buffer.from(text),
  metadata: Buffer.from(metadata),
});

const connected = async (file: string, clock: string | null = null) => {
  const gateway = await gatewayOver(file, clock);
  const store = expectRight(await openEventStoreDb({ url: `esdb://127.0.0.1:${gateway.port}?tls=false` }));
  return {
    store,
    close: async () => {
      await store.close();
      await gateway.close();
    },
  };
};

describe('a log has the same leaves', () => {
  it('read from its file and through the adapter of a server over it, whoever has written what', async () => {
    const file = folder.path('one.db');
    const store = openLog(file);
    const port: ReadonlyArray<NewEvent> = [
      anEvent({ data: { text: 'naïve – 客戶', nothing: null } }),
      anEvent({ metadata: { $wire: 'not ours' } }),
      anEvent({ metadata: {} }),
      anEvent({ type: '客戶' }),
    ];
    expectRight(await store.append({ streamId: 'notes', expectedRevision: 'any', events: port }));
    const foreign = [
      written('{ "b" : 1.0 ,"a":"\\u00E9" }', '{"x": [ ]}'),
      written('[1, 2]', ''),
      written('\x00\x01\x02', 'no JSON', false),
      written('{"a":1}', '{"$wire":{"contentType":"application/json"}}'),
    ];
    const decision = { appends: [{ streamId: 'elsewhere', events: foreign }], answer: () => null };
    expectRight(await store.encoded.append(() => E.right(decision)));
    // A server's own events are no part of the log that is shown everywhere.
    const own = { ...written('{"$maxCount":1}', '{}'), type: '$metadata' };
    const hidden = { appends: [{ streamId: '$$elsewhere', events: [own] }], answer: () => null };
    expectRight(await store.encoded.append(() => E.right(hidden)));
    const here = await hashesOf(store);
    await store.close();
    const there = await connected(file);
    expect(await hashesOf(there.store)).toEqual(here);
    expect(here).toHaveLength(8);
    await there.close();
  });

  it('after it was copied, so that a checkpoint of the first holds for the copy', async () => {
    const source = openLog(folder.path('source.db'), tickingClock());
    const tree = openTree(folder.path('source.tree.db'));
    for (const metadata of [{}, { source: 'a' }, { nested: { recordedAt: '2020-01-01T00:00:00.000Z' } }])
      expectRight(await source.append({ streamId: 'notes', expectedRevision: 'any', events: [anEvent({ metadata })] }));
    await checkpointNow(source, tree, aKey(folder.path('key.pem')));
    await followLog(source, tree);
    const target = openLog(folder.path('copy.db'), tickingClock(Date.UTC(2026, 0, 1)));
    for await (const page of source.readAll())
      for (const { streamId, recordedAt, ...event } of page) {
        const metadata = { ...event.metadata, recordedAt: new Date(recordedAt).toISOString() };
        expectRight(await target.append({ streamId, expectedRevision: 'any', events: [{ ...event, metadata }] }));
      }
    expect(await hashesOf(target)).toEqual(await hashesOf(source));
    const copied = openTree(folder.path('copy.tree.db'));
    await followLog(target, copied);
    expect(copied.root(3)).toBe(tree.root(3));
    for (const each of [tree, copied]) each.close();
    for (const each of [source, target]) await each.close();
  });
});
