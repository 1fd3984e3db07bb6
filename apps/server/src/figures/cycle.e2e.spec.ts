import { fact, registered, surveyAnswered } from '../testing/arbitrary-facts';
import { type GivenServer, givenServer, NOW } from '../testing/given-server';

const ordered = (orderId: string, time: string) =>
  fact(
    'OrderPlaced',
    {
      orderId,
      partyId: 'ana',
      channel: 'web',
      lines: [{ sku: 's', productLine: 'books', qty: 1, listMinor: 10_000, netMinor: 10_000, costMinor: 6_000 }],
      totalNetMinor: 10_000,
      currency: 'GBP',
      appliedPreferenceIds: [],
    },
    { time },
  );

describe('the cycle of CRM', () => {
  let server: GivenServer;
  beforeEach(async () => {
    // What happens one after another happens at different instants: those of one instant have no order of arrival.
    let now = NOW;
    server = await givenServer({ now: () => (now += 1) });
  });
  afterEach(() => server.remove());

  const command = async (name: string, body: object): Promise<string> => {
    const answer = await server.post(`/v1/commands/${name}`, body);
    expect([name, answer.status]).toEqual([name, 200]);
    return String(answer.body['position']);
  };
  /** Takes the head of a queue and ends it with an outcome; resolves to the position of the outcome. */
  const worked = async (activity: string, outcome: string): Promise<string> => {
    const claim = await server.post(`/v1/queues/${activity}/claims`, { agentId: 'ada' });
    expect(claim.body).toMatchObject({ state: 'claimed', who: { partyId: 'ana' } });
    const itemId = String(claim.body['itemId']);
    const done = await server.post(`/v1/work-items/${itemId}/complete`, { agentId: 'ada', outcome });
    expect(done.status).toBe(200);
    return String(done.body['position']);
  };

  // coverage: 24, 58
  it('facts are integrated and analysed, what follows is done, and the figures move', async () => {
    const imported = await server.facts(
      registered('ana'),
      ...['01', '02', '03'].map((month) => ordered(`o${month}`, `2026-${month}-01T10:00:00Z`)),
      surveyAnswered('ana', 2, { time: '2026-03-08T10:00:00Z' }),
    );
    await server.get(`/v1/parties/ana?minPosition=${String(imported.body['position'])}`);
    const reviewed = await command('ReviewPortfolio', {});
    const analysed = await server.get(`/v1/parties/ana?minPosition=${reviewed}`);
    expect(analysed.body).toMatchObject({
      loyalty: { zone: 'defection', rules: ['H3'] },
      value: { tier: 'unranked', cm365Minor: 12_000 },
      openItems: expect.arrayContaining([expect.objectContaining({ queue: 'Q1' })]),
    });
    const before = await server.get('/v1/figures/scorecard');
    expect(before.body).toMatchObject({ processes: { itemsClosed: 0, outcomes: [] } });
    const position = await worked('manage-dissatisfaction', 'apologised');
    const after = await server.get(`/v1/figures/scorecard?minPosition=${position}`);
    expect(after.body).toMatchObject({
      processes: { itemsClosed: 1, outcomes: [{ queue: 'Q1', outcome: 'apologised', count: 1 }] },
    });
  });

  // coverage: 35, 116, 129, 151
  it('people can work without any other system: every fact typed in, and the customer asked nothing twice', async () => {
    await command('RegisterParty', { partyId: 'ana', kind: 'person', displayName: 'Ana', source: 'counter' });
    await command('IdentifyParty', {
      partyId: 'ana',
      identifiers: [{ scheme: 'phone', value: '+44 20 1', verified: true, preferred: true, valid: true }],
    });
    await command('RecordInteraction', {
      interactionId: 'i1',
      partyId: 'ana',
      direction: 'inbound',
      channel: 'phone',
      purpose: 'service',
      topicCode: 'delivery',
      agentId: 'ada',
      outcome: 'answered',
    });
    const position = await command('ReceiveComplaint', {
      complaintId: 'c1',
      partyId: 'ana',
      channel: 'phone',
      category: 'delivery',
      severity: 2,
    });
    await server.get(`/v1/parties/ana?minPosition=${position}`);
    const done = await worked('manage-dissatisfaction', 'apologised');
    expect((await server.get(`/v1/parties/ana?minPosition=${done}`)).body).toMatchObject({
      identity: { displayName: 'Ana' },
      openComplaints: [{ complaintId: 'c1' }],
      lastContacts: [{ channel: 'phone', agentId: 'ada' }],
    });
    const { body } = await server.get('/v1/figures/people');
    expect(body['agents']).toMatchObject([{ agentId: 'ada', contacts: 1, completed: 1 }]);
    const channels = await server.get('/v1/figures/channels-moments');
    expect(channels.body).toMatchObject({ consistency: { CX3: { hits: 0 } } });
  });
});
