import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandNames, factTypes, fieldsFilledIn, isRecord } from '@afecto/domain';
import fc from 'fast-check';
import { examplesIn } from '../../../../docs/testing/fenced-blocks';
import { arbitraryData } from '../../../../libs/domain/src/facts/arbitrary';
import { complaintReceived, fact, registered } from '../testing/arbitrary-facts';
import { type Answered, type GivenServer, givenServer } from '../testing/given-server';
import { schemaFaults } from '../testing/schema-faults';

type Json = Readonly<Record<string, unknown>>;

const part = (value: unknown, ...keys: ReadonlyArray<string>): Json =>
  keys.reduce<Json>((from, key) => Object.assign({}, from[key]), Object.assign({}, value));

const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';
const JSON_TYPE = 'application/json';

/** Every call of a document that brings a body: `curl "$AFECTO_URL/…" -H '…' -d '…'`. */
const documented = readdirSync('docs')
  .filter((name) => name.endsWith('.md'))
  .flatMap((name) =>
    examplesIn(readFileSync(join('docs', name), 'utf8')).flatMap(({ line, command }) => {
      const path = /\$AFECTO_URL(\/[^\s"?]*)/.exec(command)?.[1];
      const body = / -d '([^']*)'/.exec(command)?.[1];
      const headers = [...command.matchAll(/-H '([^:']*): ([^']*)'/g)].map(([, header = '', value = '']) => [
        header,
        value,
      ]);
      return path === undefined || body === undefined
        ? []
        : [{ example: `${name}:${line}`, path, body, headers: Object.fromEntries(headers) as Record<string, string> }];
    }),
  );

describe('/openapi.json', () => {
  let server: GivenServer;
  let document: Json;
  beforeAll(async () => {
    server = await givenServer();
    document = (await server.get('/openapi.json')).body;
    const { body } = await server.facts(
      registered('p1'),
      complaintReceived('p1', 'k1'),
      complaintReceived('p1', 'k2'),
      fact('PartyIdentified', {
        partyId: 'p1',
        identifiers: [{ scheme: 'email', value: 'a@example.org', verified: true, preferred: true, valid: true }],
      }),
      fact('Nothing', {}),
    );
    await server.get(`/v1/parties?minPosition=${String(body['position'])}`);
  });
  afterAll(() => server.remove());

  /** The operation and its template of a path that was asked. */
  const operationOf = (method: 'get' | 'post', path: string): Json => {
    const { pathname } = new URL(path, server.url);
    const found = Object.entries(part(document, 'paths'))
      .filter(([template]) => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname))
      // A path with fewer parameters is the more exact one.
      .sort(([one], [other]) => one.split('{').length - other.split('{').length);
    return part(found.find(([, item]) => isRecord(item) && method in item)?.[1], method);
  };

  const answerFaults = (operation: Json, { status, headers, body }: Answered): ReadonlyArray<string> => {
    const response = part(operation, 'responses')[String(status)];
    if (response === undefined) return [`the status ${status} is not documented`];
    if (status === 204) return [];
    const mediaType = headers.get('content-type')?.split(';')[0] ?? '';
    return schemaFaults(document, part(response, 'content', mediaType)['schema'], body);
  };

  const requestFaults = (operation: Json, body: unknown, headers: Readonly<Record<string, string>>) => {
    const { 'Content-Type': mediaType = JSON_TYPE, ...others } = headers;
    const parameters = (operation['parameters'] as ReadonlyArray<Json>).filter(
      (parameter) => parameter['in'] === 'header',
    );
    return [
      ...schemaFaults(document, part(operation, 'requestBody', 'content', mediaType)['schema'], body),
      ...Object.entries(others).flatMap(([name, value]) => {
        const parameter = parameters.find((known) => known['name'] === name);
        return parameter === undefined
          ? [`the header ${name} is not documented`]
          : schemaFaults(document, parameter['schema'], value, name);
      }),
    ];
  };

  /** Sends what is to be in the document, and compares the answer with it. */
  const exchange = async (
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answered> => {
    const operation = operationOf('post', path);
    expect({ path, faults: requestFaults(operation, body, headers) }).toEqual({ path, faults: [] });
    const answer = await server.post(path, body, headers);
    expect({ path, faults: answerFaults(operation, answer) }).toEqual({ path, faults: [] });
    return answer;
  };

  it('says of every answer to a question what is in it', async () => {
    const { items: quarantined } = (await server.get('/v1/quarantine')).body;
    const values: Readonly<Record<string, string>> = {
      partyId: 'p1',
      quarantineId: String(part(quarantined, '0')['quarantineId']),
      scheme: 'email',
      value: 'a@example.org',
      activity: 'all',
      view: 'complaints',
      partyOrEvent: 'p1',
    };
    const faults: Record<string, ReadonlyArray<string>> = {};
    for (const [template, item] of Object.entries(part(document, 'paths'))) {
      if (!isRecord(item) || !('get' in item) || template === '/metrics' || template === '/v1/events/stream') continue;
      const name = template.includes('reports') ? 'idic' : 'complaints';
      const path = template.replace(/\{(\w+)\}/g, (_, parameter: string) => values[parameter] ?? name);
      const answer = await server.get(path);
      expect({ path, status: answer.status }).toEqual({ path, status: path.includes('dead-letters/') ? 404 : 200 });
      const schema = part(item, 'get', 'responses', '200', 'content', JSON_TYPE)['schema'];
      faults[template] = schema === undefined ? ['no schema'] : answerFaults(part(item, 'get'), answer);
    }
    expect(Object.keys(faults).length).toBeGreaterThan(20);
    expect(Object.entries(faults).filter(([, found]) => found.length > 0)).toEqual([]);
  });

  it('promises asOf and position wherever something is asked of the customers', () => {
    const without = Object.entries(part(document, 'paths')).flatMap(([template, item]) => {
      const { schema } = part(item, 'get', 'responses', '200', 'content', JSON_TYPE);
      const required = part(schema)['required'];
      return schema === undefined ||
        (Array.isArray(required) && required.includes('asOf') && required.includes('position'))
        ? []
        : [template];
    });
    expect(without).toEqual(['/v1/figures', '/v1/reports', '/health/live', '/health/ready']);
  });

  it('takes facts in every mode, without what is filled in, and says how they are answered', async () => {
    const answered = {
      partyId: 'p1',
      instrument: 'nps',
      score: 9,
      scaleMin: 0,
      scaleMax: 10,
    };
    const survey = fact('SurveyAnswered', answered);
    const order = { partyId: 'p1', channel: 'web', lines: [], totalNetMinor: 0, currency: 'GBP' };
    const line = { sku: 's', productLine: 'books', qty: 1, listMinor: 1, netMinor: 1 };
    const bought = fact('OrderPlaced', { ...order, lines: [line], totalNetMinor: 1 });
    expect((await exchange('/v1/events', survey, { 'Content-Type': STRUCTURED })).body).toMatchObject({ accepted: 1 });
    expect((await exchange('/v1/events', [survey, bought], { 'Content-Type': BATCH })).body).toMatchObject({
      accepted: 1,
      duplicates: 1,
    });
    const binary = {
      'Content-Type': JSON_TYPE,
      'ce-specversion': '1.0',
      'ce-id': 'binary',
      'ce-source': 'crm',
      'ce-type': 'SurveyAnswered',
      'ce-time': '2026-03-01T10:00:00Z',
      'ce-channel': 'web',
    };
    expect((await exchange('/v1/events', answered, binary)).body).toMatchObject({ accepted: 1 });
  });

  it('says how a rejected fact is answered, also one without an id', async () => {
    const answer = await server.facts(fact('Nothing', {}), 5);
    expect(answer.body['rejected']).toMatchObject([{}, { id: null }]);
    expect(answerFaults(operationOf('post', '/v1/events'), answer)).toEqual([]);
    const path = `/v1/quarantine/${String(part(answer.body['rejected'], '0')['quarantineId'])}/retry`;
    expect(answerFaults(operationOf('post', path), await server.post(path, {}))).toEqual([]);
  });

  it.each(factTypes)('takes %s without what is filled in', (type) => {
    const schema = part(document, 'components', 'schemas')[`${type}Data`];
    for (const data of fc.sample(arbitraryData(type), { numRuns: 3, seed: 1 })) {
      const told = Object.fromEntries(Object.entries(data).filter(([field]) => !fieldsFilledIn(type).has(field)));
      expect(schemaFaults(document, schema, told)).toEqual([]);
    }
  });

  it('takes key, revision and time in the body of every command, and no unknown field', () => {
    const withHeader = { commandId: 'k', expectedVersion: 3, occurredAt: '2026-03-01T10:00:00Z', colour: 'blue' };
    const faults = commandNames.flatMap((name) =>
      schemaFaults(document, part(document, 'components', 'schemas')[`${name}Command`], withHeader).filter(
        (fault) => !fault.includes('breaks required'),
      ),
    );
    expect(new Set(faults)).toEqual(new Set(['/colour is no field of the schema']));
    expect(faults).toHaveLength(commandNames.length);
  });

  it('says how commands are sent and answered, and work is claimed, given back and ended', async () => {
    const { body } = await exchange(
      '/v1/commands/RegisterParty',
      { partyId: 'p2', kind: 'person', displayName: 'P', occurredAt: '2026-03-01T10:00:00Z' },
      { 'Idempotency-Key': 'p2', 'Afecto-Actor': 'system:nightly' },
    );
    expect(body).toMatchObject({ events: [{ type: 'PartyRegistered' }] });
    await exchange('/v1/commands/ReviewPortfolio', { asOf: '2026-03-09T00:00:00Z', commandId: 'review' });

    const claims = '/v1/queues/manage-dissatisfaction/claims';
    const claim = async (key: string) =>
      String((await exchange(claims, { agentId: 'ada' }, { 'Idempotency-Key': key })).body['itemId']);
    const [first, second] = [await claim('c1'), await claim('c2')];
    const release = await exchange(`/v1/work-items/${first}/release`, { agentId: 'ada', reason: 'busy' });
    expect(release.status).toBe(200);
    const complete = { agentId: 'ada', outcome: 'apologised' };
    const headers = { 'Idempotency-Key': 'done', 'If-Match': '"0"' };
    expect((await exchange(`/v1/work-items/${second}/complete`, complete, headers)).status).toBe(200);
    const nothing = await exchange('/v1/queues/win-back/claims', { agentId: 'ada', skills: ['any'] });
    expect(nothing.status).toBe(204);
  });

  it('has dead letters to replay', async () => {
    const answer = await server.post('/v1/dead-letters/replay', {});
    expect(answerFaults(operationOf('post', '/v1/dead-letters/replay'), answer)).toEqual([]);
  });

  it.each(documented)('takes the body of $example', ({ path, body, headers }) => {
    expect(requestFaults(operationOf('post', path), JSON.parse(body), headers)).toEqual([]);
  });

  it('is shown by examples', () => expect(documented.length).toBeGreaterThan(8));
});
