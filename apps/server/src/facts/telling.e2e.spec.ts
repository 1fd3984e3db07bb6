/**
 * A key that might send facts had the power of every command: it told that a party was erased, and the keys of
 * its personal data were destroyed; that parties were merged, or that another configuration was in force.
 */
import { fact, registered } from '../testing/arbitrary-facts';
import { type GivenServer, givenServer } from '../testing/given-server';

const DESK = { 'X-Api-Key': 'front-office-key-1' };
const OFFICER = { 'X-Api-Key': 'privacy-office-key-1' };
const SCHEDULER = { 'X-Api-Key': 'the-scheduler-key-1' };
const STRUCTURED = { 'Content-Type': 'application/cloudevents+json' };
const BATCH = { 'Content-Type': 'application/cloudevents-batch+json' };

const erased = (partyId: string, parts = {}) =>
  fact('PersonalDataErased', { partyId, keyIds: ['k1'], basis: 'request' }, { subject: partyId, ...parts });
const merged = (survivorId: string, absorbedId: string) =>
  fact('PartiesMerged', { survivorId, absorbedId, matchScore: 1, reason: 'same person' });

describe('telling a fact whose command needs a role', () => {
  let server: GivenServer;
  beforeAll(async () => {
    server = await givenServer({
      apiKeys: [
        { key: DESK['X-Api-Key'], actorId: 'desk', roles: ['front_office'] },
        { key: OFFICER['X-Api-Key'], actorId: 'ada', roles: ['privacy_officer'] },
        { key: SCHEDULER['X-Api-Key'], actorId: 'nightly', roles: ['system'] },
      ],
    });
    await server.post('/v1/events', [registered('p1'), registered('p2'), registered('p3')], { ...BATCH, ...DESK });
  });
  afterAll(() => server.remove());

  const identityOf = async (partyId: string, position: unknown): Promise<unknown> => {
    const { body } = await server.get(`/v1/parties/${partyId}?minPosition=${String(position)}`, DESK);
    return body['identity'] ?? body;
  };

  it('is a 403 that names the type and the roles, and the fact waits in quarantine for somebody with one', async () => {
    const event = erased('p1');
    const refused = await server.post('/v1/events', event, { ...STRUCTURED, ...DESK });
    expect(refused).toMatchObject({
      status: 403,
      body: {
        type: '/problems/Forbidden',
        code: 'Forbidden',
        detail: expect.stringMatching(
          /^PersonalDataErased needs one of the roles privacy_officer, .+quarantine as/,
        ) as string,
        errors: [{ path: '/type', message: expect.stringContaining('ErasePersonalData') as string }],
        details: { quarantineId: expect.stringMatching(/^[0-9a-f]{32}$/) as string },
      },
    });
    const head = (await server.get('/v1/events?limit=1000', DESK)).body['position'];
    expect(await identityOf('p1', head)).toMatchObject({ displayName: 'Person p1' });

    const { quarantineId } = Object(refused.body['details']) as { quarantineId: string };
    expect((await server.get(`/v1/quarantine/${quarantineId}`, DESK)).body).toMatchObject({ code: 'Forbidden', event });
    const retry = `/v1/quarantine/${quarantineId}/retry`;
    expect((await server.post(retry, {}, DESK)).status).toBe(403);
    const done = await server.post(retry, {}, OFFICER);
    expect(done).toMatchObject({ status: 200, body: { accepted: 1, rejected: [] } });
    expect(JSON.stringify(await identityOf('p1', done.body['position']))).not.toContain('Person p1');
    expect((await server.get(`/v1/quarantine/${quarantineId}`, DESK)).status).toBe(404);

    const again = await server.post('/v1/events', event, { ...STRUCTURED, ...DESK });
    expect(again).toMatchObject({ status: 200, body: { accepted: 0, duplicates: 1 } });
  });

  it('is a 403 in binary mode too', async () => {
    const answer = await server.post(
      '/v1/events',
      { survivorId: 'p2', absorbedId: 'p3', matchScore: 1, reason: 'x' },
      {
        'Content-Type': 'application/json',
        'ce-specversion': '1.0',
        'ce-id': 'binary',
        'ce-source': 'crm',
        'ce-type': 'PartiesMerged',
        'ce-time': '2026-03-01T10:00:00Z',
        ...DESK,
      },
    );
    expect(answer).toMatchObject({ status: 403, body: { code: 'Forbidden', errors: [{ path: '/type' }] } });
  });

  it('is one of those rejected in a batch, whose other facts are taken', async () => {
    const answer = await server.post('/v1/events', [registered('p4'), merged('p2', 'p3'), registered('p5')], {
      ...BATCH,
      ...DESK,
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { accepted: 2, rejected: [{ index: 1, code: 'Forbidden', errors: [{ path: '/type' }] }] },
    });
  });

  it('is open to a key that has one of the roles, and to one that may act as the system', async () => {
    const separately = [
      await server.post('/v1/events', merged('p4', 'p5'), { ...STRUCTURED, ...OFFICER }),
      await server.post('/v1/events', erased('p4'), { ...STRUCTURED, ...SCHEDULER }),
    ];
    expect(separately).toMatchObject([{ body: { accepted: 1 } }, { body: { accepted: 1 } }]);
  });

  it('takes nothing new in our own name from a key that may not act as the system', async () => {
    const own = registered('p9', { source: 'afecto', id: 'expiry.identity.p9.1.2' });
    const answer = await server.post('/v1/events', own, { ...STRUCTURED, ...DESK });
    expect(answer).toMatchObject({ status: 403, body: { errors: [{ path: '/source' }] } });
    const system = await server.post('/v1/events', own, { ...STRUCTURED, ...SCHEDULER });
    expect(system.body).toMatchObject({ accepted: 1 });
  });

  it.each(['derived-p1', 'afecto-key-store', 'afecto-checkpoints'])(
    'takes nothing into the stream %s',
    async (streamid) => {
      const answer = await server.post('/v1/events', registered('p6', { streamid }), { ...STRUCTURED, ...SCHEDULER });
      expect(answer.body).toMatchObject({ accepted: 0, rejected: [{ errors: [{ path: '/streamid' }] }] });
    },
  );
});
