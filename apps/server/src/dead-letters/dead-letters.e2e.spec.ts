import { join } from 'node:path';
import { catalogueEntry, eventIdOf } from '@afecto/domain';
import { type NewEvent, openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { registered } from '../testing/arbitrary-facts';
import { type GivenServer, givenServer, NOW, temporaryFolder } from '../testing/given-server';

const folder = temporaryFolder();

/** What a customer said of us, as another program may have written it. */
const wordOfMouth = (id: string, partyId: string, schemaVersion: number): NewEvent => ({
  id: eventIdOf('other', id),
  type: 'WordOfMouthObserved',
  data: { partyId, polarity: -1, reach: 'public', platform: 'forum', verified: true },
  metadata: {
    schemaVersion,
    occurredAt: '2026-03-01T10:00:00.000Z',
    subjects: [partyId],
    actor: { kind: 'integration', id: 'other' },
    source: 'other',
    id,
  },
});
const known = catalogueEntry('WordOfMouthObserved').schemaVersion;

/** Written while no server runs: it holds the log. */
const write = async (...events: ReadonlyArray<NewEvent>): Promise<void> => {
  const opened = openSqliteEventStore({ file: join(folder, 'log.db'), clock: () => NOW });
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  for (const event of events)
    await opened.right.append({ streamId: `account-${event.id}`, expectedRevision: 'any', events: [event] });
  await opened.right.close();
};

const poison = wordOfMouth('w1', 'p1', known + 1);
let server: GivenServer;

describe('dead letters over HTTP', () => {
  beforeAll(async () => {
    server = await givenServer({}, folder);
    await server.facts(registered('p1'), registered('p2'));
    await server.close();
    await write(poison, wordOfMouth('w2', 'p1', known), wordOfMouth('w3', 'p2', known));
    server = await givenServer({}, folder);
    while ((await server.get('/health/ready')).status !== 200);
  });
  afterAll(() => server.remove());

  const letter = { partyId: 'p1', eventId: poison.id, type: 'WordOfMouthObserved', reason: 'unreadable' };

  it('are listed in pages, with their number', async () => {
    const { status, body } = await server.get('/v1/dead-letters?limit=1');
    expect({ status, body }).toMatchObject({ status: 200, body: { items: [letter], next: null, count: 1 } });
    expect(body['position']).toEqual(expect.any(String));
    expect((await server.get('/v1/dead-letters?after=99:p1')).body).toMatchObject({ items: [], count: 1 });
    expect((await server.get('/v1/dead-letters?after=p1')).status).toBe(400);
  });

  it('are passed over by the feed, which goes on', async () => {
    const { status, body } = await server.get('/v1/events?types=WordOfMouthObserved');
    expect({ status, body }).toMatchObject({ status: 200, body: { events: [{ id: 'w2' }, { id: 'w3' }] } });
  });

  it('are explained by party and by event', async () => {
    for (const about of ['p1', poison.id])
      expect((await server.get(`/v1/dead-letters/${about}`)).body).toMatchObject({
        items: [{ ...letter, event: { data: poison.data }, waiting: { members: ['p1'], facts: 1 } }],
      });
    expect(await server.get('/v1/dead-letters/p2')).toMatchObject({ status: 404, body: { code: 'NotFound' } });
  });

  it('hold back their party and nobody else', async () => {
    expect((await server.get('/v1/parties/p1')).body).toMatchObject({ facts: 1 });
    expect((await server.get('/v1/parties/p2')).body).toMatchObject({ facts: 2 });
    const { position } = (await server.facts(registered('p3'))).body;
    expect((await server.get(`/v1/parties/p3?minPosition=${String(position)}`)).status).toBe(200);
  });

  it('are tried again when somebody asks for it', async () => {
    expect(await server.post('/v1/dead-letters/p1/replay', {})).toMatchObject({
      status: 200,
      body: { tried: 1, left: [{ ...letter, attempts: 2 }] },
    });
    expect(await server.post('/v1/dead-letters/replay', {})).toMatchObject({
      body: { tried: 1, left: [{ ...letter, attempts: 3 }] },
    });
    expect((await server.post('/v1/dead-letters/p2/replay', {})).status).toBe(404);
    expect((await server.post('/v1/dead-letters/no party/replay', {})).status).toBe(400);
  });

  it('are counted by metrics and readiness, and described in the OpenAPI document', async () => {
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^afecto_dead_letters 1$/m);
    expect((await server.get('/health/ready')).body).toMatchObject({ status: 'ready', deadLetters: 1 });
    const { paths } = (await server.get('/openapi.json')).body;
    expect(Object.keys(Object(paths))).toEqual(
      expect.arrayContaining([
        '/v1/dead-letters',
        '/v1/dead-letters/{partyOrEvent}',
        '/v1/dead-letters/replay',
        '/v1/dead-letters/{partyId}/replay',
      ]),
    );
  });
});
