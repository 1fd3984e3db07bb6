import { HOUR_MS, DAY_MS, type Fact, type FactData, itemIdOf } from '@afecto/domain';
import { peopleFigures } from '../scorecard/figures';
import { contacted, givenCustomers, isoDaysAgo, ordered, reviewed, said } from '../tally/given-customers';
import { adoptionFigures } from './adoption';
import { recordingFigures } from './figures';
import { recordingView } from './view';

const hour = HOUR_MS / DAY_MS;

/** The same fact, recorded by an agent, and caused by another one when that is told. */
const by = <F extends Fact>(agent: string, fact: F, causationId?: string): F => ({
  ...fact,
  actor: { kind: 'agent', id: agent },
  ...(causationId === undefined ? {} : { causationId }),
});

const request = (requestId: string, ago: number, partyId = 'p1') =>
  said('ServiceRequestOpened', ago, {
    requestId,
    partyId,
    channel: 'phone',
    category: 'billing',
    class: 'deferred',
    openedAt: isoDaysAgo(ago),
  });
const complaint = (complaintId: string, ago: number, rest: Partial<FactData['ComplaintReceived']> = {}) =>
  said('ComplaintReceived', ago, {
    complaintId,
    partyId: 'p1',
    channel: 'email',
    category: 'delivery',
    severity: 2,
    ...rest,
  });
const promise = (promiseId: string, ago: number) =>
  said('PromiseMade', ago, { promiseId, partyId: 'p1', madeBy: 'ada', dueAt: isoDaysAgo(ago - 1) });

describe('requests and complaints without a contact behind them', () => {
  const call = by('ada', contacted('p1', 20, { agentId: 'ada' }));
  const caused = by('ada', request('caused', 20 - hour), call.eventId);
  const facts: ReadonlyArray<Fact> = [
    call,
    caused,
    // Caused by a request that a contact caused.
    by('bob', complaint('chained', 19), caused.eventId),
    by('ada', request('named', 18)),
    contacted('p1', 17.9, { links: { requestId: 'named' }, agentId: 'ada' }),
    request('imported', 16),
    { ...complaint('own', 15), actor: { kind: 'customer', id: 'p1' } },
    by('bob', request('orphan', 10)),
    by('ada', complaint('orphan', 9)),
    // Caused by an event that is not one of this customer.
    by('ada', complaint('strange', 8), 'nowhere'),
  ];

  // coverage: 118
  it('are told from those that a contact, a chain to one or a system explains, and listed with instant and agent', async () => {
    const { figures } = await givenCustomers(facts);
    expect(await figures(recordingFigures)).toMatchObject({
      requests: { all: 4, withContact: 2, bySystems: 1, orphans: 1 },
      complaints: { all: 4, withContact: 1, bySystems: 1, orphans: 2 },
      orphans: [
        {
          at: isoDaysAgo(8),
          matter: 'complaint',
          recordedBy: { kind: 'agent', id: 'ada' },
          channel: 'email',
          count: 1,
        },
        {
          at: isoDaysAgo(9),
          matter: 'complaint',
          recordedBy: { kind: 'agent', id: 'ada' },
          channel: 'email',
          count: 1,
        },
        { at: isoDaysAgo(10), matter: 'request', recordedBy: { kind: 'agent', id: 'bob' }, channel: 'phone', count: 1 },
      ],
    });
  });

  it('are listed within the window only', async () => {
    const { figures } = await givenCustomers(facts);
    const { orphans, requests } = await figures(recordingFigures, { from: 40, to: 9.5 });
    expect(orphans).toMatchObject([{ at: isoDaysAgo(10) }]);
    expect(requests).toMatchObject({ all: 4, orphans: 1 });
  });

  it('are no orphans once a contact that names them comes, however late', async () => {
    const { figures } = await givenCustomers([
      ...facts,
      contacted('p1', 1, { links: { requestId: 'orphan' } }),
      contacted('p1', 0.9, { links: { complaintId: 'orphan' } }),
    ]);
    expect(await figures(recordingFigures)).toMatchObject({ requests: { orphans: 0 }, complaints: { orphans: 1 } });
  });

  it('are shown with their ids in the view of the customer, the newest first', async () => {
    const { view } = await givenCustomers(facts);
    const { matters } = await view(recordingView, 'p1');
    expect(matters).toMatchObject([
      { id: 'strange', origin: 'none' },
      { id: 'orphan', matter: 'complaint', origin: 'none' },
      { id: 'orphan', matter: 'request', origin: 'none', recordedBy: { id: 'bob' } },
      { id: 'own', origin: 'system' },
      { id: 'imported', origin: 'system' },
      { id: 'named', origin: 'contact' },
      { id: 'chained', origin: 'contact' },
      { id: 'caused', origin: 'contact', causationId: call.eventId },
    ]);
  });
});

describe('the recording rate', () => {
  const item = itemIdOf('Q1', 'p1', 'c1');
  const work = (ago: number, outcome: string): ReadonlyArray<Fact> => [
    said('WorkItemClaimed', ago, {
      itemId: item,
      queue: 'Q1',
      partyId: 'p1',
      agentId: 'ada',
      leaseUntil: isoDaysAgo(ago - 1),
      slot: 'priority',
    }),
    said('WorkItemCompleted', ago - hour, { itemId: item, agentId: 'ada', outcome }, 'p1'),
  ];

  // coverage: 134
  it('is the share of contacts recorded of those that requests, complaints and ended work tell of, by agent and channel', async () => {
    const { figures } = await givenCustomers([
      complaint('c1', 11),
      ...work(10, 'apologised'),
      contacted('p1', 10 - hour / 2, { agentId: 'ada', channel: 'chat', purpose: 'complaint' }),
      by('ada', request('r1', 8)),
      by('bob', request('r2', 7)),
      contacted('p1', 7, { agentId: 'bob', links: { requestId: 'r2' } }),
    ]);
    expect(await figures(recordingFigures)).toMatchObject({
      contacts: { expected: 3, recorded: 2, rate: 2 / 3 },
      byAgent: [
        { agent: 'ada', expected: 2, recorded: 1, rate: 1 / 2 },
        { agent: 'bob', expected: 1, recorded: 1, rate: 1 },
      ],
      byChannel: [
        { channel: 'chat', expected: 1, recorded: 1, rate: 1 },
        { channel: 'phone', expected: 2, recorded: 1, rate: 1 / 2 },
      ],
    });
  });

  it.each([
    ['a contact of another agent', 'apologised', 'bob', 10 - hour / 2, { expected: 1, recorded: 0 }],
    ['a contact after the end', 'apologised', 'ada', 10 - 2 * hour, { expected: 1, recorded: 0 }],
    ['a contact at the very end', 'apologised', 'ada', 10 - hour, { expected: 1, recorded: 1 }],
    ['an outcome that needs no contact', 'duplicate', 'ada', 10 - hour / 2, { expected: 0, recorded: 0 }],
  ])('given %s, it counts so', async (_, outcome, agentId, ago, expected) => {
    const { figures } = await givenCustomers([
      complaint('c1', 11),
      ...work(10, outcome),
      contacted('p1', ago, { agentId }),
    ]);
    expect(await figures(recordingFigures)).toMatchObject({ contacts: expected });
  });
});

describe('adoption', () => {
  // coverage: 45, 115
  it('says who records contacts, requests, complaints and promises, agents or systems, in all and by month', async () => {
    const { figures } = await givenCustomers([
      by('ada', contacted('p1', 70, { agentId: 'ada' })),
      by('ada', contacted('p1', 10, { agentId: 'ada' })),
      by('bob', contacted('p2', 9, { agentId: 'bob' })),
      // A system recorded it in the name of ada; another one without an agent.
      contacted('p2', 8, { agentId: 'ada' }),
      contacted('p2', 7, { channel: 'web' }),
      by('ada', complaint('c1', 6)),
      complaint('c2', 5),
      { ...complaint('c3', 4), actor: { kind: 'customer', id: 'p1' } },
      by('bob', promise('a', 3)),
      by('bob', request('r1', 2)),
    ]);
    const answer = await figures(adoptionFigures, { from: 80 });
    expect(answer).toMatchObject({
      contacts: { all: 5, byAgents: 3, bySystems: 2, byCustomers: 0, agentShare: 3 / 5 },
      requests: { all: 1, byAgents: 1, agentShare: 1 },
      complaints: { all: 3, byAgents: 1, bySystems: 1, byCustomers: 1, agentShare: 1 / 3 },
      promises: { all: 1, byAgents: 1 },
      agents: [
        { agent: 'ada', contacts: 2, requests: 0, complaints: 1, promises: 0 },
        { agent: 'bob', contacts: 1, requests: 1, complaints: 0, promises: 1 },
      ],
      trend: [
        { month: '2025-10', agents: 1, contacts: { all: 1, agentShare: 1 } },
        { month: '2025-11', agents: 0, contacts: { all: 0, agentShare: null } },
        {
          month: '2025-12',
          agents: 2,
          contacts: { all: 4, byAgents: 2, agentShare: 1 / 2 },
          complaints: { all: 3, byAgents: 1, bySystems: 1, byCustomers: 1 },
          promises: { all: 1, byAgents: 1 },
        },
        { month: '2026-01' },
      ],
      decisions: { campaigns: 0, lifetimeValueShare: null },
      training: { activeAgents: 2, trained: 0, trainedShare: 0, completed: 0 },
    });
    // Contacts by agent, whoever recorded them.
    expect(await figures(peopleFigures, { from: 80 })).toMatchObject({
      agents: [
        { agentId: 'ada', contacts: 3 },
        { agentId: 'bob', contacts: 1 },
      ],
    });
  });

  it('says how many campaigns could rest on a review, and on lifetime values', async () => {
    const campaign = (campaignId: string, ago: number) =>
      said('CampaignLaunched', ago, {
        campaignId,
        name: campaignId,
        objective: 'o',
        segmentId: 's',
        propositionId: 'v',
        channels: ['email'],
        startsAt: isoDaysAgo(ago),
        endsAt: isoDaysAgo(ago - 1),
        budgetMinor: 0,
        holdoutPct: 0,
        warningAcknowledged: false,
      });
    const valued = reviewed(10);
    const model = { r: 1, alpha: 1, a: 1, b: 1, n: 1, LL: -1 };
    const { figures } = await givenCustomers([
      ordered('p1', 50, 'o1'),
      campaign('blind', 40),
      reviewed(30),
      campaign('reviewed', 20),
      { ...valued, data: { ...valued.data, bgnbd: model, gammaGamma: { p: 1, q: 1, v: 1, n: 1, LL: -1 } } },
      campaign('valued', 5),
    ]);
    expect(await figures(adoptionFigures)).toMatchObject({
      decisions: { campaigns: 3, withReview: 2, withLifetimeValue: 1, lifetimeValueShare: 1 / 3 },
    });
  });
});
