import { randomUUID } from 'node:crypto';
import { eventstoreClient } from '../server/testing/eventstore-client';
import { AUTHORITY_FILE, TEST_TLS, givenGateway } from '../server/testing/given-gateway';
import { collected, failure, type OfficialClient } from '../server/testing/official-client';

const USERS = [
  { name: 'admin', password: 'changeit', roles: ['$admins'] },
  { name: 'anna', password: 'secret', roles: ['sales'] },
];
const ANNA = { username: 'anna', password: 'secret' };

const event = (): { readonly type: string; readonly id: string; readonly data: Record<string, unknown> } => ({
  type: 'OrderNoted',
  id: randomUUID(),
  data: { note: 'fragile' },
});

const secureUrl = (port: number, user = ''): string =>
  `esdb://${user}localhost:${port}?tls=true&tlsCAFile=${encodeURIComponent(AUTHORITY_FILE)}`;

const withClient = async <A>(url: string, use: (client: OfficialClient) => Promise<A>): Promise<A> => {
  const client = eventstoreClient(url);
  try {
    return await use(client);
  } finally {
    await client.dispose();
  }
};

describe('users of the gateway', () => {
  it('the wrong password and no password are told apart from a missing right', async () => {
    const gateway = await givenGateway({ tls: TEST_TLS, users: USERS });
    await withClient(secureUrl(gateway.port, 'anna:wrong@'), async (client) => {
      expect(await failure(client.append('parcel-1', [event()]))).toMatchObject({ type: 'access-denied', code: 16 });
      expect(await failure(collected(client.readAll()))).toMatchObject({ type: 'access-denied', code: 16 });
    });
    await withClient(secureUrl(gateway.port, 'anna:secret@'), async (client) => {
      expect((await client.append('parcel-1', [event()])).success).toBe(true);
      expect(await collected(client.readStream('parcel-1'))).toHaveLength(1);
      expect(await failure(collected(client.readAll()))).toMatchObject({ type: 'access-denied', code: 7 });
    });
    await withClient(secureUrl(gateway.port), async (client) => {
      expect(await collected(client.readStream('parcel-1'))).toHaveLength(1);
      expect(await failure(collected(client.readAll()))).toMatchObject({ type: 'access-denied', code: 7 });
      expect(await collected(client.readStream('parcel-1', { credentials: ANNA }))).toHaveLength(1);
    });
    await withClient(secureUrl(gateway.port, 'admin:changeit@'), async (client) => {
      expect((await collected(client.readAll())).length).toBeGreaterThan(0);
    });
    await gateway.stop();
  });

  it('the access list of a stream decides, in every call and in both forms of append', async () => {
    const gateway = await givenGateway({ tls: TEST_TLS, users: USERS });
    const denied = { type: 'access-denied' };
    await withClient(secureUrl(gateway.port, 'admin:changeit@'), async (client) => {
      await client.append('parcel-1', [event()]);
      await client.setMetadata('parcel-1', {
        acl: { readRoles: ['sales'], writeRoles: ['$ops'], deleteRoles: [], metaReadRoles: [], metaWriteRoles: [] },
      });
    });
    await withClient(secureUrl(gateway.port, 'anna:secret@'), async (client) => {
      expect(await collected(client.readStream('parcel-1'))).toHaveLength(1);
      expect(await failure(client.append('parcel-1', [event()]))).toMatchObject(denied);
      expect(await failure(client.append('parcel-1', [event()], { credentials: ANNA }))).toMatchObject(denied);
      expect(await failure(client.delete('parcel-1'))).toMatchObject(denied);
      expect(await failure(client.tombstone('parcel-1'))).toMatchObject(denied);
      expect(await failure(client.getMetadata('parcel-1'))).toMatchObject(denied);
      expect(await failure(client.setMetadata('parcel-1', {}))).toMatchObject(denied);
    });
    await withClient(secureUrl(gateway.port), async (client) => {
      expect(await failure(collected(client.readStream('parcel-1')))).toMatchObject(denied);
      expect(await failure(collected(client.subscribeToStream('parcel-1')))).toMatchObject(denied);
    });
    await gateway.stop();
  });

  it('a link does not open a stream that its reader may not read', async () => {
    const gateway = await givenGateway({ tls: TEST_TLS, users: USERS });
    await withClient(secureUrl(gateway.port, 'admin:changeit@'), async (client) => {
      await client.append('vault-1', [event()]);
      await client.setMetadata('vault-1', { acl: { readRoles: ['$admins'] } });
    });
    await withClient(secureUrl(gateway.port, 'anna:secret@'), async (client) => {
      await client.append('parcel-1', [{ type: '$>', data: new TextEncoder().encode('0@vault-1') }]);
      const [read] = await collected(client.readStream('parcel-1', { resolveLinks: true }));
      expect(read?.event).toBeUndefined();
      expect(read?.link?.streamId).toBe('parcel-1');
    });
    await gateway.stop();
  });

  it('a right that is taken away ends a live subscription', async () => {
    const gateway = await givenGateway({ tls: TEST_TLS, users: USERS });
    await withClient(secureUrl(gateway.port, 'anna:secret@'), (client) =>
      withClient(secureUrl(gateway.port, 'admin:changeit@'), async (admin) => {
        const subscription = client.subscribeToStream('parcel-1');
        const caughtUp = new Promise((resolve) => subscription.once('caughtUp', resolve));
        const ended = failure(collected(subscription));
        await caughtUp;
        await admin.setMetadata('parcel-1', { acl: { readRoles: ['$admins'] } });
        await admin.append('parcel-1', [event()]);
        expect(await ended).toMatchObject({ type: 'access-denied' });
      }),
    );
    await gateway.stop();
  });
});
