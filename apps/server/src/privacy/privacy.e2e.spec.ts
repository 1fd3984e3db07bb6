import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { registered, surveyAnswered } from '../testing/arbitrary-facts';
import { type GivenServer, givenServer, temporaryFolder } from '../testing/given-server';
import { dataOf, readStream } from '../testing/read-stream';

const SECRET = '0123456789abcdef0123456789abcdef';
const KEY = { Authorization: `Bearer ${SECRET}` };
const WORDS = 'The parcel stood in the rain for hours';

describe('personal data over HTTP', () => {
  let server: GivenServer;
  let recorded = 0;

  /** What was recorded since the last time; waits for so many lines. */
  const newReads = async (count: number): Promise<ReadonlyArray<Record<string, unknown>>> => {
    for (;;) {
      const name = readdirSync(server.folder).find((file) => file.endsWith('.reads.ndjson'));
      const text = name === undefined ? '' : readFileSync(join(server.folder, name), 'utf8');
      const lines = text.split('\n').filter((line) => line !== '');
      if (lines.length >= recorded + count) {
        const fresh = lines.slice(recorded).map((line) => JSON.parse(line) as Record<string, unknown>);
        recorded = lines.length;
        return fresh;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };

  beforeAll(async () => {
    server = await givenServer({
      apiKeys: [{ key: SECRET, actorId: 'ada', roles: ['supervisor', 'privacy_officer'] }],
    });
    const verbatim = {
      ...surveyAnswered('ana', 9),
      data: { ...Object(surveyAnswered('ana', 9)['data']), verbatim: WORDS },
    };
    for (const each of [registered('ana'), registered('bea'), verbatim])
      await server.post('/v1/events', each, { ...KEY, 'Content-Type': 'application/cloudevents+json' });
    await server.get('/v1/parties/ana?minPosition=3', KEY);
    await newReads(1);
  });
  afterAll(() => server.remove());

  it('is on record with who asked, why, and whose data of which class the answer showed', async () => {
    await server.get('/v1/parties', KEY);
    await server.get('/v1/parties/ana', { ...KEY, 'Afecto-Reason': 'case 17', 'Afecto-Actor': 'customer:c1' });
    await server.get('/v1/parties/ana/timeline?type=SurveyAnswered', KEY);
    await server.get('/v1/events?types=PartyRegistered', KEY);
    const who = 'ada';
    const at = '2026-03-10T12:00:00.000Z';
    const identity = (partyId: string) => ({ partyId, classes: ['identity'] });
    expect(await newReads(4)).toEqual([
      { at, who, why: 'GET /v1/parties', parties: [identity('ana'), identity('bea')] },
      {
        at,
        who: 'ada for customer:c1',
        why: 'GET /v1/parties/:partyId: case 17',
        parties: [{ partyId: 'ana', classes: ['content', 'identity'] }],
      },
      { at, who, why: 'GET /v1/parties/:partyId/timeline', parties: [{ partyId: 'ana', classes: ['content'] }] },
      { at, who, why: 'GET /v1/events', parties: [identity('ana'), identity('bea')] },
    ]);
  });

  /**
   * The past of a party that was one customer with another for a day is that of both: names and identifiers of the
   * other were shown as earlier values, and only the party that was asked about was on record.
   */
  it('of whoever was merged into a party is on record with where its profile comes from', async () => {
    const link = (type: string, time: string, data: object) => ({
      ...registered('dora'),
      id: type,
      type,
      time,
      subject: 'dolores',
      data: { survivorId: 'dolores', ...data },
    });
    const facts = [
      registered('dora', { time: '2026-01-01T00:00:00Z' }),
      registered('dolores', { time: '2026-01-01T00:00:00Z' }),
      link('PartiesMerged', '2026-01-02T00:00:00Z', { absorbedId: 'dora', matchScore: 1, reason: 'same' }),
      link('PartiesSeparated', '2026-01-03T00:00:00Z', {
        separatedId: 'dora',
        mergedEventId: '00000000-0000-5000-8000-000000000000',
        reason: 'not the same',
      }),
    ];
    for (const each of facts) {
      const { status, body } = await server.post('/v1/events', each, {
        ...KEY,
        'Content-Type': 'application/cloudevents+json',
      });
      expect([status, body['accepted']]).toEqual([200, 1]);
    }
    await server.get('/v1/queues?minPosition=7', KEY);
    const { body } = await server.get('/v1/parties/dora/provenance?field=displayName', KEY);
    expect(JSON.stringify(body['history'])).toContain('Person dolores');
    expect(body['parties']).toEqual(['dora', 'dolores']);
    await server.get('/v1/parties/dora/provenance', KEY);
    const parties = ['dora', 'dolores'].map((partyId) => ({ partyId, classes: ['content', 'identity'] }));
    const read = { why: 'GET /v1/parties/:partyId/provenance', parties };
    expect(await newReads(2)).toMatchObject([read, read]);
  });

  it('is shown to nobody who claims to be somebody that they may not be, as for commands', async () => {
    for (const [actor, status] of [
      ['nonsense', 400],
      ['system:nightly', 403],
    ] as const)
      expect(await server.get('/v1/parties/ana', { ...KEY, 'Afecto-Actor': actor })).toMatchObject({
        status,
        body: { errors: [{ path: '/header/afecto-actor' }] },
      });
    await server.get('/v1/parties/ana', { ...KEY, 'Afecto-Actor': 'customer:c2' });
    expect((await newReads(1)).map(({ who }) => who)).toEqual(['ada for customer:c2']);
  });

  it('is on record when a refused fact shows what may be personal, in whatever field, and whoever it names', async () => {
    const refused = (id: string, type: string, data: unknown) => ({ ...registered('bea'), id, type, data });
    const { subject: _, ...ofNobody } = { subject: '', ...refused('r1', 'NoSuchType', { note: WORDS }) };
    const facts = [ofNobody, refused('r2', 'PartyRegistered', { partyId: 'cleo', nickname: 'Cleo' })];
    const answer = await server.post('/v1/events', facts, {
      ...KEY,
      'Content-Type': 'application/cloudevents-batch+json',
    });
    const [first] = answer.body['rejected'] as [{ quarantineId: string }, unknown];
    await server.get(`/v1/quarantine/${first.quarantineId}`, KEY);
    await server.get('/v1/quarantine', KEY);
    const reads = await newReads(2);
    const classes = ['content', 'identity'];
    expect(reads[0]).toMatchObject({ parties: [{ partyId: '*', classes }] });
    expect(reads[1]?.['parties']).toEqual(
      expect.arrayContaining([
        { partyId: '*', classes },
        { partyId: 'cleo', classes },
      ]),
    );
    const { items } = (await server.get('/v1/quarantine', KEY)).body as {
      items: ReadonlyArray<{ quarantineId: string }>;
    };
    expect(items).toHaveLength(2);
    await newReads(1);
  });

  it('is on record when it leaves in a stream, and not when an answer shows none', async () => {
    await server.get('/v1/loyalty/zones', KEY);
    await server.get('/v1/parties/ana/timeline?type=OrderPlaced', KEY);
    await readStream(`${server.url}/v1/events/stream?subject=bea`, (seen) => dataOf(seen).length === 1, KEY);
    const reads = await newReads(1);
    expect(reads.map(({ why }) => why)).toEqual(['GET /v1/events/stream']);
    expect(reads[0]).toMatchObject({
      parties: expect.arrayContaining([{ partyId: 'bea', classes: ['identity'] }]) as unknown,
    });
  });

  it('goes with the person: erased by command, announced, and never shown again', async () => {
    const erased = await server.post(
      '/v1/commands/ErasePersonalData',
      { partyId: 'ana', evidenceRef: 'passport', basis: 'request' },
      { ...KEY, 'Idempotency-Key': 'erase-ana' },
    );
    expect(erased.status).toBe(200);
    const timeline = await server.get('/v1/parties/ana/timeline?type=SurveyAnswered', KEY);
    expect(timeline.body).toMatchObject({ items: [{ data: { score: 9, verbatim: { erased: true } } }] });
    const { body } = await server.get('/v1/events?subject=ana', KEY);
    expect(JSON.stringify(body)).not.toContain('Person ana');
    expect(body['events']).toContainEqual(expect.objectContaining({ type: 'PersonalDataErased' }));
    const events = body['events'] as ReadonlyArray<unknown>;
    const again = await server.post('/v1/events', events, {
      ...KEY,
      'Content-Type': 'application/cloudevents-batch+json',
    });
    expect(again.body).toMatchObject({ accepted: 0, duplicates: events.length, rejected: [] });
    for (const route of ['ana', 'ana/identity', 'bea']) await server.get(`/v1/parties/${route}`, KEY);
    const shown: unknown[] = [];
    while (!JSON.stringify(shown).includes('"GET /v1/parties/:partyId"')) shown.push(...(await newReads(1)));
    expect(shown.filter((line) => JSON.stringify(line).includes('"ana"'))).toEqual([]);
    for (const name of readdirSync(server.folder))
      for (const secret of ['Person ana', WORDS, WORDS.toLowerCase()])
        expect([name, readFileSync(join(server.folder, name)).includes(secret)]).toEqual([name, false]);
  });
});

/*
 * What could not be recorded was shown, without a word but in the log of the process, kept in memory without end, and
 * at the stop the log was not closed.
 */
describe('personal data that cannot be put on record', () => {
  it('are shown to nobody, and the stop says so and lets go of all files', async () => {
    const folder = temporaryFolder();
    const said: unknown[] = [];
    const server = await givenServer({ personalReads: '/dev/full' }, folder);
    await server.facts(registered('ana'));
    const name = () => server.get('/v1/parties/ana?minPosition=1');
    while ((await name()).status === 200) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await name()).toMatchObject({ status: 503, body: { code: 'ReadsUnrecorded' } });
    expect((await server.get('/v1/loyalty/zones')).status).toBe(200);
    expect(await server.get('/health/ready')).toMatchObject({ status: 200, body: { readsUnrecorded: true } });
    await server.close().catch((error: unknown) => said.push(error));
    expect(String(said)).toContain('ENOSPC');
    const again = await givenServer({}, folder);
    expect((await again.get('/v1/parties/ana')).status).toBe(200);
    await again.remove();
  });
});
