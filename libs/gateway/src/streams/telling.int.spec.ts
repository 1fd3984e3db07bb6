/**
 * Whoever might write to a stream might erase, merge and configure by the facts that it wrote there, and a
 * configuration that no command would put in force came in through the gateway as through HTTP.
 */
import { type Configuration, defaultConfiguration, eventIdOf, type NewFact, toNewEvent } from '@afecto/domain';
import { eventstoreClient } from '../server/testing/eventstore-client';
import { AUTHORITY_FILE, givenGateway, TEST_TLS } from '../server/testing/given-gateway';
import { failure } from '../server/testing/official-client';

const USERS = [
  { name: 'admin', password: 'changeit', roles: ['$admins'] },
  { name: 'officer', password: 'changeit', roles: ['revenue_officer'] },
  { name: 'anna', password: 'changeit', roles: ['sales'] },
];
const credentials = (username: string) => ({ credentials: { username, password: 'changeit' } });

const activated = (version: number, config: Configuration = { ...defaultConfiguration, version }) => {
  const id = `v${version}`;
  const effectiveFrom = '2025-01-01T00:00:00.000Z';
  const event = toNewEvent({
    eventId: eventIdOf('elsewhere', id),
    type: 'ConfigurationActivated',
    schemaVersion: 1,
    streamId: 'policy',
    occurredAt: Date.UTC(2025, 0, 1),
    source: 'elsewhere',
    id,
    subjects: [],
    actor: { kind: 'integration', id: 'elsewhere' },
    data: { version, effectiveFrom, config },
  } satisfies NewFact);
  const data: Record<string, unknown> = { version, effectiveFrom, config };
  return { ...event, data, metadata: { ...event.metadata } };
};

describe('facts that change everything', () => {
  it('are written by users with one of the roles for it, in both forms of append', async () => {
    const rolesToTell = (type: string) => (type === 'ConfigurationActivated' ? ['revenue_officer'] : null);
    const gateway = await givenGateway({ tls: TEST_TLS, users: USERS, rolesToTell });
    const client = eventstoreClient(
      `esdb://anna:changeit@localhost:${gateway.port}?tls=true&tlsCAFile=${encodeURIComponent(AUTHORITY_FILE)}`,
    );
    try {
      const denied = { type: 'access-denied' };
      expect(await failure(client.append('policy', [activated(1)]))).toMatchObject(denied);
      expect(await failure(client.append('policy', [activated(1)], credentials('anna')))).toMatchObject(denied);
      expect((await client.append('policy', [activated(1)], credentials('officer'))).success).toBe(true);
      expect((await client.append('policy', [activated(2)], credentials('admin'))).success).toBe(true);

      const relationship = { ...defaultConfiguration.relationship, activityWindowDays: 1e300 };
      const endless = activated(3, { ...defaultConfiguration, version: 3, relationship });
      expect(await failure(client.append('policy', [endless], credentials('admin')))).toMatchObject({
        code: 3,
        _raw: { message: expect.stringContaining('activityWindowDays: must be 0..1000000; got 1e+300') as string },
      });
    } finally {
      await client.dispose();
      await gateway.stop();
    }
  });
});
