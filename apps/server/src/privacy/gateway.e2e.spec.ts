import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openAfecto } from '@afecto/application';
import { decodeCloudEvent, toNewEvent } from '@afecto/domain';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import * as E from 'fp-ts/Either';
import { startServer } from '../index';
import { registered } from '../testing/arbitrary-facts';
import { NOW, settingsIn, temporaryFolder } from '../testing/given-server';

describe('the gateway', () => {
  it('serves personal fields as the log keeps them, and seals what is written through it', async () => {
    const folder = temporaryFolder();
    const server = await startServer({ ...settingsIn(folder), gateway: { port: 0, users: [], tls: null } });
    const client = EventStoreDBClient.connectionString(server.gatewayUrl ?? '');
    try {
      await fetch(`${server.url}/v1/events`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/cloudevents+json' },
        body: JSON.stringify(registered('ana')),
      });
      const decoded = decodeCloudEvent(registered('bea'));
      if (E.isLeft(decoded)) throw new Error(JSON.stringify(decoded.left));
      const { id, type, data, metadata } = toNewEvent(decoded.right);
      const bea = jsonEvent({ id, type, data: Object(data), metadata: Object(metadata) });
      // What is told of ana may come before it or after it.
      const { position } = await client.appendToStream('party-bea', bea);
      const names: unknown[] = [];
      for (const stream of ['party-ana', 'party-bea'])
        for await (const { event } of client.readStream(stream)) names.push(Object(event?.data)['displayName']);
      const sealed = {
        kid: expect.any(String),
        nonce: expect.any(String),
        ct: expect.any(String),
        tag: expect.any(String),
      };
      expect(names).toEqual([sealed, sealed]);
      const shown = await fetch(`${server.url}/v1/parties/bea?minPosition=${position?.commit}`);
      expect(await shown.json()).toMatchObject({ identity: { displayName: 'Person bea' } });
    } finally {
      await client.dispose();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('lets nobody write through it under other keys than those of the log that it serves', async () => {
    const folder = temporaryFolder();
    const server = await startServer({ ...settingsIn(folder), gateway: { port: 0, users: [], tls: null } });
    const elsewhere = temporaryFolder();
    const other = { ...settingsIn(elsewhere), eventStore: server.gatewayUrl ?? '' };
    try {
      const refused = await openAfecto({ ...other, now: () => NOW });
      expect(refused).toMatchObject({ left: { code: 'OtherKeyStore' } });
      const keyStore = join(folder, 'log.keys.db');
      const opened = await openAfecto({ ...other, keyStore, now: () => NOW });
      expect(E.isRight(opened)).toBe(true);
      if (E.isRight(opened)) await opened.right.close();
    } finally {
      await server.close();
      for (const each of [folder, elsewhere]) rmSync(each, { recursive: true, force: true });
    }
  });
});
