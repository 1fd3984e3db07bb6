import { complaintReceived, fact, registered } from '../testing/arbitrary-facts';
import { type GivenServer, givenServer, NOW } from '../testing/given-server';

describe('work', () => {
  let server: GivenServer;
  let itemId: string;

  beforeAll(async () => {
    // What happens one after another happens at different instants: those of one instant have no order of arrival.
    let now = NOW;
    server = await givenServer({ now: () => (now += 1) });
    const { body } = await server.facts(
      registered('ana'),
      complaintReceived('ana', 'c1', { time: '2026-03-10T11:00:00Z' }),
      fact('EnquiryReceived', { enquiryId: 'e1', partyId: 'ana', channel: 'web', productLine: 'phones' }),
    );
    await server.get(`/v1/parties/ana?minPosition=${String(body['position'])}`);
  });
  afterAll(() => server.remove());

  // coverage: 37
  it('a queue lists its items with who, what, how, when and why', async () => {
    const { body } = await server.get('/v1/queues/manage-dissatisfaction');
    expect(body).toMatchObject({
      items: [
        {
          queue: 'Q1',
          state: 'open',
          who: { partyId: 'ana' },
          what: expect.any(String),
          how: expect.any(String),
          when: { dueAt: expect.any(String) },
          why: expect.any(String),
        },
      ],
      next: null,
      position: expect.any(String),
      asOf: expect.any(String),
    });
  });

  it('the figures name every activity, and a past instant has its own', async () => {
    const { body } = await server.get('/v1/queues');
    expect(body['queues']).toHaveLength(8);
    expect(body['queues']).toContainEqual(
      expect.objectContaining({ activity: 'manage-dissatisfaction', queue: 'Q1', open: 1 }),
    );
    const past = await server.get('/v1/queues?asOf=2026-03-10T10:00:00Z');
    expect(past.body['queues']).toContainEqual(expect.objectContaining({ queue: 'Q1', open: 0 }));
  });

  it('all queues together can be paged', async () => {
    const first = await server.get('/v1/queues/all?limit=1');
    const second = await server.get(`/v1/queues/all?limit=1&after=${String(first.body['next'])}`);
    expect(second.body['items']).toHaveLength(1);
    expect(second.body['items']).not.toEqual(first.body['items']);
    expect(second.body['asOf']).toBe(first.body['asOf']);
  });

  it('a cursor is taken in the list that gave it, and in no other', async () => {
    const list = '/v1/queues/all?limit=1';
    const { body } = await server.get(list);
    const after = `after=${String(body['next'])}`;
    expect((await server.get(`${list}&${after}&asOf=${String(body['asOf'])}`)).status).toBe(200);
    for (const other of [
      `/v1/queues/conversion?${after}`,
      `${list}&state=closed&${after}`,
      `${list}&asOf=2026-03-10T11:59:59Z&${after}`,
    ]) {
      const refused = await server.get(other);
      expect(refused.body).toMatchObject({ status: 400, code: 'InvalidRequest', errors: [{ path: '/query/after' }] });
    }
    const then = await server.get(`${list}&asOf=${String(body['asOf'])}`);
    expect((await server.get(`${list}&after=${String(then.body['next'])}`)).status).toBe(400);
    const forged = Buffer.from(JSON.stringify(['all', 'open', 9e15, 0, 0, 0, ''])).toString('base64url');
    expect((await server.get(`${list}&after=items.${forged}`)).status).toBe(400);
  });

  it('an agent claims the next item, and then there is nothing left to claim there', async () => {
    const claim = await server.post('/v1/queues/manage-dissatisfaction/claims', { agentId: 'agent1' });
    expect(claim.status).toBe(200);
    expect(claim.body).toMatchObject({
      queue: 'Q1',
      state: 'claimed',
      claimedBy: { agentId: 'agent1' },
      who: { partyId: 'ana' },
      slot: expect.any(String),
    });
    itemId = String(claim.body['itemId']);
    const nothing = await server.post('/v1/queues/manage-dissatisfaction/claims', { agentId: 'agent2' });
    expect(nothing.status).toBe(204);
  });

  it('only the holder gives an item back, and it can be claimed again', async () => {
    const stranger = await server.post(
      `/v1/work-items/${itemId}/release`,
      { agentId: 'agent2', reason: 'busy' },
      { 'Afecto-Actor': 'customer:ana' },
    );
    expect(stranger.body).toMatchObject({ status: 409, code: 'NotHolder' });
    const released = await server.post(`/v1/work-items/${itemId}/release`, { agentId: 'agent1', reason: 'busy' });
    expect(released.body).toMatchObject({ events: [{ type: 'WorkItemReleased', streamId: `workitem-${itemId}` }] });
    const again = await server.post('/v1/queues/manage-dissatisfaction/claims', { agentId: 'agent1' });
    expect(again.body).toMatchObject({ itemId });
  });

  it('work ends with an outcome of its queue', async () => {
    const wrong = await server.post(`/v1/work-items/${itemId}/complete`, { agentId: 'agent1', outcome: 'converted' });
    expect(wrong.body).toMatchObject({ status: 422, code: 'InvalidOutcome', details: { outcomes: expect.any(Array) } });
    const done = await server.post(`/v1/work-items/${itemId}/complete`, { agentId: 'agent1', outcome: 'apologised' });
    expect(done.body).toMatchObject({ events: [{ type: 'WorkItemCompleted' }] });
  });

  const wrong: ReadonlyArray<[string, string, unknown, Record<string, string>, number, string]> = [
    ['an unknown activity', '/v1/queues/gardening/claims', { agentId: 'a' }, {}, 404, 'UnknownActivity'],
    ['no agent', '/v1/queues/all/claims', {}, {}, 422, 'ValidationFailed'],
    ['an agent that is no id', '/v1/queues/all/claims', { agentId: 'a b' }, {}, 422, 'ValidationFailed'],
    ['skills that are no list', '/v1/queues/all/claims', { agentId: 'a', skills: 'x' }, {}, 422, 'ValidationFailed'],
    ['an unknown field', '/v1/queues/all/claims', { agentId: 'a', speed: 1 }, {}, 422, 'ValidationFailed'],
    ['an array', '/v1/queues/all/claims', [], {}, 422, 'ValidationFailed'],
    [
      'a long key',
      '/v1/queues/all/claims',
      { agentId: 'a' },
      { 'Idempotency-Key': 'k'.repeat(129) },
      400,
      'InvalidRequest',
    ],
    [
      'an unknown item',
      `/v1/work-items/${'0'.repeat(32)}/release`,
      { agentId: 'a', reason: 'r' },
      {},
      404,
      'WorkItemNotFound',
    ],
    ['an item that is no id', '/v1/work-items/x/complete', { agentId: 'a', outcome: 'o' }, {}, 422, 'ValidationFailed'],
    [
      'two items',
      `/v1/work-items/${'0'.repeat(32)}/release`,
      { itemId: 'x', agentId: 'a', reason: 'r' },
      {},
      400,
      'InvalidRequest',
    ],
  ];

  it.each(wrong)('%s is refused', async (_, path, body, headers, status, code) => {
    const answer = await server.post(path, body, headers);
    expect(answer.body).toMatchObject({ status, code });
  });

  // It was refused before the metrics heard of it, unlike that of every other command.
  it('what is wrong with the fields of a claim is counted as with any command', async () => {
    const counted = async () => {
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      const line = /afecto_commands_total{command="ClaimNext",result="ValidationFailed"} (\d+)/.exec(metrics);
      return Number(line?.[1] ?? 0);
    };
    const before = await counted();
    await server.post('/v1/queues/all/claims', {});
    expect(await counted()).toBe(before + 1);
  });

  it.each([
    [`/v1/work-items/${'0'.repeat(32)}/release`, { agentId: 'a', reason: 'r' }],
    ['/v1/work-items/x/release', { agentId: 'a', reason: 'r' }],
    ['/v1/work-items/x/complete', { agentId: 'a', outcome: 'o' }],
  ])('what is wrong with the item of %s lies in the path', async (path, body) => {
    const answer = await server.post(path, body);
    expect(answer.body['errors']).toMatchObject([{ path: '/path/itemId' }]);
    expect(String(answer.body['detail'])).not.toMatch(/^\/itemId/);
  });

  it('an unknown activity is answered with the known ones', async () => {
    const { status, body } = await server.get('/v1/queues/gardening');
    expect(status).toBe(404);
    expect(body['detail']).toContain('manage-dissatisfaction, win-back, targeting, conversion, welcome');
  });
});
