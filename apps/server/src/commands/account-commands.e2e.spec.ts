import { fact, registered } from '../testing/arbitrary-facts';
import { type Answered, type GivenServer, givenServer } from '../testing/given-server';

const NOW = '2026-03-10T12:00:00.000Z';
const organization = (partyId: string) =>
  fact('PartyRegistered', { partyId, kind: 'organization', displayName: `Firm ${partyId}`, source: 'crm' });

/** The first of the events that a command answered with. */
const eventIdOf = ({ body }: Answered): string => {
  const [first]: ReadonlyArray<unknown> = Array.isArray(body['events']) ? body['events'] : [];
  return typeof first === 'object' && first !== null && 'eventId' in first ? String(first.eventId) : '';
};

describe('the commands about an account, over HTTP', () => {
  let server: GivenServer;
  beforeAll(async () => {
    server = await givenServer();
    await server.facts(registered('ana'), registered('ben'), organization('firm'));
  });
  afterAll(() => server.remove());

  const send = (name: string, body: object) => server.post(`/v1/commands/${name}`, body);

  const happy: ReadonlyArray<[string, object, string, string]> = [
    [
      'RecordCostToServe',
      { partyId: 'ana', amountMinor: 1_200, activity: 'calls', periodFrom: '2026-02-01', periodTo: '2026-02-28' },
      'CostToServeRecorded',
      'account-ana',
    ],
    [
      'ReportWallet',
      { partyId: 'ana', category: 'phones', origin: 'survey', ownSpendMinor: 400, totalSpendMinor: 1_000 },
      'WalletReported',
      'account-ana',
    ],
    [
      'ObserveWordOfMouth',
      { partyId: 'ana', polarity: 0.6, reach: 'public', platform: 'reviews' },
      'WordOfMouthObserved',
      'account-ana',
    ],
    [
      'EstablishBond',
      { partyId: 'firm', bondType: 'structural', subtype: 'process' },
      'BondEstablished',
      'account-firm',
    ],
    [
      'SetSwitchingBarrier',
      { partyId: 'ana', kind: 'penalty', costType: 'financial', amountMinor: 500, disclosedAt: '2026-03-01T10:00:00Z' },
      'SwitchingBarrierSet',
      'account-ana',
    ],
    ['DiagnoseDefection', { partyId: 'ana', reasonCodes: ['pricing'] }, 'DefectionDiagnosed', 'account-ana'],
    [
      'DetectServiceFailure',
      { failureId: 'f1', partyIds: ['ana', 'ben'], kind: 'outage', severity: 2, detectedBy: 'us' },
      'ServiceFailureDetected',
      'failure-f1',
    ],
    [
      'GrantReward',
      { partyId: 'ana', kind: 'informal', benefit: 'closeness', reason: 'birthday' },
      'RewardGranted',
      'account-ana',
    ],
  ];

  it.each(happy)('%s is decided and stored', async (name, body, type, streamId) => {
    const answer = await send(name, body);
    expect(answer.body).toMatchObject({ events: [{ type, streamId }] });
    expect(answer.status).toBe(200);
  });

  it('points are earned and redeemed, and no more than there are', async () => {
    await send('EnrolMembership', { membershipId: 'm1', partyId: 'ana', programId: 'club', type: 'continuous' });
    const reward = { membershipId: 'm1', kind: 'points', benefit: 'value', reason: 'order' };
    const earned = await send('GrantReward', { ...reward, pointsDelta: 100 });
    expect(earned.body).toMatchObject({ events: [{ type: 'RewardGranted', streamId: 'membership-m1', revision: 1 }] });
    expect((await send('GrantReward', { ...reward, pointsDelta: -70 })).status).toBe(200);
    const refused = await send('GrantReward', { ...reward, pointsDelta: -31 });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ code: 'InsufficientPoints', details: { redeemable: 30 } });
    expect((await send('GrantReward', { ...reward, membershipId: 'm2', pointsDelta: 1 })).status).toBe(404);
  });

  it('a retention measure names the fact that triggered it', async () => {
    const notice = await send('ReceiveDefectionNotice', { partyId: 'ben', channel: 'phone' });
    const measure = { partyId: 'ben', kind: 'reactive', measure: 'save_call', triggerEventId: eventIdOf(notice) };
    const taken = await send('TakeRetentionMeasure', measure);
    expect(taken.body).toMatchObject({ events: [{ type: 'RetentionMeasureTaken', streamId: 'account-ben' }] });
    const ofAnother = await send('TakeRetentionMeasure', { ...measure, partyId: 'ana' });
    expect(ofAnother.status).toBe(422);
    expect(ofAnother.body).toMatchObject({ code: 'UnknownTrigger', errors: [{ path: '/triggerEventId' }] });
  });

  it('a data-subject request is received, due a month later, and answered once', async () => {
    const request = { partyId: 'ana', dsrId: 'd1', kind: 'access', receivedAt: NOW };
    const received = await send('ReceiveDataSubjectRequest', request);
    expect(received.body).toMatchObject({ events: [{ type: 'DataSubjectRequestReceived', streamId: 'party-ana' }] });
    const position = String(received.body['position']);
    const { body } = await server.get(
      `/v1/parties/ana/timeline?type=DataSubjectRequestReceived&minPosition=${position}`,
    );
    expect(body['items']).toMatchObject([{ data: { dsrId: 'd1', dueAt: '2026-04-10T12:00:00.000Z' } }]);
    const another = await send('ReceiveDataSubjectRequest', { ...request, dsrId: 'd2' });
    expect(another.body).toMatchObject({ status: 409, code: 'DuplicateRequest', details: { dsrId: 'd1' } });
    const answer = { partyId: 'ana', dsrId: 'd1', outcome: 'fulfilled' };
    const answered = await send('FulfilDataSubjectRequest', answer);
    expect(answered.body).toMatchObject({ events: [{ type: 'DataSubjectRequestFulfilled', streamId: 'party-ana' }] });
    expect((await send('FulfilDataSubjectRequest', answer)).body).toMatchObject({ events: [] });
    expect((await send('FulfilDataSubjectRequest', { ...answer, dsrId: 'd2' })).status).toBe(404);
  });
});
