/**
 * Sources have clocks of their own, and facts of one instant fold by their source and id: an acknowledgement that is
 * sent at the second of the receipt folds before it. The views took it, the commands did not: a complaint that waited
 * for its follow-up was refused one as not resolved yet, a promise that was kept could be settled again, a request that
 * was solved be solved again, and an order that was given back whole be given back once more.
 */
import { registered } from '../testing/arbitrary-facts';
import { type GivenServer, givenServer, NOW } from '../testing/given-server';

const DAY_MS = 86_400_000;
const at = (offsetMs: number): string => new Date(NOW - DAY_MS + offsetMs).toISOString();

/** Of the instant of its opening, under an id that folds before it, or dated ten seconds before. */
const told = (type: string, data: object, offsetMs: number) => ({
  specversion: '1.0',
  id: `${offsetMs === 0 ? 'a' : 'z'}-${type}`,
  source: offsetMs === 0 ? 'answers' : 'other-clock',
  type,
  time: at(offsetMs),
  subject: 'ana',
  data,
});
const opening = (type: string, data: object) => ({ ...told(type, data, 0), id: `opens-${type}`, source: 'crm' });

const lines = [{ sku: 's', productLine: 'coffee', qty: 1, listMinor: 900, netMinor: 900 }];
const openings = [
  opening('ComplaintReceived', { complaintId: 'k1', partyId: 'ana', channel: 'email', category: 'tea', severity: 2 }),
  opening('PromiseMade', { promiseId: 'pr1', partyId: 'ana', madeBy: 'ada', dueAt: at(3_600_000) }),
  opening('OrderPlaced', { orderId: 'o1', partyId: 'ana', channel: 'web', totalNetMinor: 900, currency: 'GBP', lines }),
  opening('ServiceRequestOpened', {
    requestId: 'r1',
    partyId: 'ana',
    channel: 'chat',
    category: 'repair',
    class: 'deferred',
    openedAt: at(0),
  }),
];

describe.each([0, -10_000])('what is dated %d ms after the opening of its matter', (offsetMs) => {
  let server: GivenServer;
  let position = '0';
  beforeAll(async () => {
    server = await givenServer();
    const { body } = await server.facts(
      registered('ana'),
      ...openings,
      told('ComplaintAcknowledged', { complaintId: 'k1', responsibleAgentId: 'ada', resolveBy: at(DAY_MS) }, offsetMs),
      told(
        'ComplaintResolved',
        { complaintId: 'k1', decision: 'upheld', rootCause: 'x', immediate: true, resolvedAt: at(offsetMs) },
        offsetMs,
      ),
      told('PromiseSettled', { promiseId: 'pr1', outcome: 'kept', fulfilledAt: at(offsetMs) }, offsetMs),
      told('OrderReversed', { orderId: 'o1', kind: 'returned', amountMinor: 900, reason: 'wrong' }, offsetMs),
      told(
        'ServiceRequestResolved',
        { requestId: 'r1', resolutionCode: 'ok', byTier: 'front_office', resolvedAt: at(offsetMs) },
        offsetMs,
      ),
    );
    expect(body).toMatchObject({ accepted: 10, rejected: [] });
    position = String(body['position']);
  });
  afterAll(() => server.remove());

  const view = async (name: string) => (await server.get(`/v1/parties/ana/${name}?minPosition=${position}`)).body;
  const send = async (name: string, body: object) => {
    const { status, body: answer } = await server.post(`/v1/commands/${name}`, body);
    if (status === 200) position = String(answer['position']);
    return status === 200 ? 'taken' : answer['code'];
  };

  it.each([
    ['SettlePromise', { promiseId: 'pr1' }, 'PromiseAlreadySettled'],
    ['ReverseOrder', { orderId: 'o1', kind: 'returned', amountMinor: 900, reason: 'again' }, 'OrderReversedAlready'],
    ['ResolveServiceRequest', { requestId: 'r1', resolutionCode: 'ok', byTier: 'front_office' }, 'RequestClosed'],
    ['AcknowledgeComplaint', { complaintId: 'k1', responsibleAgentId: 'bob' }, 'AlreadyAcknowledged'],
    ['ResolveComplaint', { complaintId: 'k1', decision: 'upheld', rootCause: 'y' }, 'InvalidState'],
  ])('is done to a command as to the views: %s', async (name, body, code) => {
    expect(await view('complaints')).toMatchObject({ complaints: [{ state: 'resolved' }] });
    expect(await view('promises')).toMatchObject({ promises: [{ outcome: 'kept' }] });
    expect(await view('service-levels')).toMatchObject({ requests: [{ state: 'solved' }] });
    expect(await send(name, body)).toBe(code);
  });

  it('is gone on from', async () => {
    expect(await send('ReopenServiceRequest', { requestId: 'r1', reason: 'broken again' })).toBe('taken');
    expect(await send('FollowUpComplaint', { complaintId: 'k1', verdict: 5 })).toBe('taken');
    expect(await view('complaints')).toMatchObject({ complaints: [{ state: 'closed', recovery: 'recovered' }] });
  });
});
