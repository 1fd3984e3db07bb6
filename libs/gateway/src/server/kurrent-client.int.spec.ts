import { randomUUID } from 'node:crypto';
import { AUTHORITY_FILE, TEST_TLS, givenGateway } from './testing/given-gateway';
import { kurrentClient } from './testing/kurrent-client';
import { collected, failure, type OfficialClient } from './testing/official-client';

const USERS = [
  { name: 'admin', password: 'changeit', roles: ['$admins'] },
  { name: 'anna', password: 'secret', roles: ['sales'] },
];

const event = (): { readonly type: string; readonly id: string; readonly data: Record<string, unknown> } => ({
  type: 'OrderNoted',
  id: randomUUID(),
  data: { note: 'fragile' },
});

const withClient = async <A>(url: string, use: (client: OfficialClient) => Promise<A>): Promise<A> => {
  const client = kurrentClient(url);
  try {
    return await use(client);
  } finally {
    await client.dispose();
  }
};

describe('@kurrent/kurrentdb-client, whose reads run in the Rust client', () => {
  it('discovers this one node', async () => {
    const gateway = await givenGateway();
    const read = await withClient(`esdb+discover://127.0.0.1:${gateway.port}?tls=false`, async (client) => {
      await client.append('parcel-1', [event()]);
      return collected(client.readStream('parcel-1'));
    });
    expect(read).toHaveLength(1);
    await gateway.stop();
  });

  it('speaks TLS and is refused by password and by access list', async () => {
    const gateway = await givenGateway({ tls: TEST_TLS, users: USERS });
    const url = (user: string): string =>
      `esdb://${user}@localhost:${gateway.port}?tls=true&tlsCAFile=${encodeURIComponent(AUTHORITY_FILE)}`;
    await withClient(url('admin:changeit'), async (client) => {
      await client.append('parcel-1', [event()]);
      expect((await collected(client.readAll())).length).toBeGreaterThan(0);
    });
    await withClient(url('anna:secret'), async (client) => {
      expect(await collected(client.readStream('parcel-1'))).toHaveLength(1);
      expect(await failure(collected(client.readAll()))).toMatchObject({ type: 'access-denied' });
      expect(await failure(collected(client.subscribeToAll()))).toMatchObject({ type: 'access-denied' });
    });
    await withClient(url('anna:wrong'), async (client) => {
      expect(await failure(client.append('parcel-1', [event()]))).toMatchObject({ type: 'access-denied' });
      expect(await failure(collected(client.readStream('parcel-1')))).toMatchObject({ type: 'access-denied' });
    });
    await gateway.stop();
  });
});
