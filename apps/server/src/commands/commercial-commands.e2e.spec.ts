import { defaultConfiguration } from '@afecto/domain';
import { complaintReceived, fact, registered } from '../testing/arbitrary-facts';
import { type GivenServer, givenServer } from '../testing/given-server';

const config = {
  ...defaultConfiguration,
  version: 1,
  segments: [
    { segmentId: 'people', name: 'People', kinds: ['person'] },
    { segmentId: 'firms', name: 'Firms', kinds: ['organization'] },
    { segmentId: 'nobody', name: 'Nobody yet', tiers: ['platinum'] },
  ],
  propositions: [{ propositionId: 'tea-club', segmentId: 'people', statement: 'Tea at home every month' }],
};

const order = (orderId: string, partyId: string, netMinor: number, more: object = {}) =>
  fact('OrderPlaced', {
    orderId,
    partyId,
    channel: 'web',
    lines: [{ sku: 'green', productLine: 'tea', qty: 1, listMinor: netMinor, netMinor }],
    totalNetMinor: netMinor,
    currency: 'GBP',
    appliedPreferenceIds: [],
    ...more,
  });

const consented = (partyId: string) =>
  fact('ConsentGranted', {
    partyId,
    purpose: 'marketing',
    channel: 'email',
    lawfulBasis: 'consent',
    policyVersion: '1',
    evidenceRef: 'form-1',
  });

const rival = fact('PartyRoleAssigned', {
  partyId: 'rival',
  role: 'competitor',
  validFrom: '2026-01-01T00:00:00.000Z',
});
const firm = fact('PartyRegistered', { partyId: 'firm', kind: 'organization', displayName: 'Firm', source: 'crm' });

describe('campaigns, enquiries and offers over HTTP', () => {
  let server: GivenServer;
  let keys = 0;
  const send = (name: string, body: object) =>
    server.post(`/v1/commands/${name}`, body, { 'Idempotency-Key': `commercial-${(keys += 1)}` });
  beforeAll(async () => {
    server = await givenServer();
    const people = ['ana', 'bob', 'eva', 'rival'];
    await server.facts(...people.map((partyId) => registered(partyId)), firm, rival);
    await server.facts(...[...people, 'firm'].map(consented));
    await server.facts(
      order('o-ana', 'ana', 1_000),
      order('o-firm', 'firm', 90_000, { beneficiaryId: 'ana' }),
      complaintReceived('eva', 'k1'),
    );
    // A command once read the configuration before the projections had the activation that had just been
    // answered: the next one was decided under the document before.
    await send('ActivateConfiguration', { version: 1, effectiveFrom: '2026-03-01T00:00:00.000Z', config });
  });
  afterAll(() => server.remove());

  const decided = (type: string, streamId: string) => ({ status: 200, body: { events: [{ type, streamId }] } });
  const refused = (status: number, code: string, details: object = {}) => ({
    status,
    body: { code, ...(Object.keys(details).length === 0 ? {} : { details }) },
  });

  it('a campaign is launched; after a review the majority fallacy must be acknowledged', async () => {
    const campaign = {
      campaignId: 'spring',
      name: 'Spring tea',
      objective: 'acquisition',
      segmentId: 'people',
      propositionId: 'tea-club',
      channels: ['email'],
      startsAt: '2026-03-11T00:00:00.000Z',
      endsAt: '2026-04-11T00:00:00.000Z',
      budgetMinor: 50_000,
      holdoutPct: 10,
    };
    expect(await send('LaunchCampaign', campaign)).toMatchObject(decided('CampaignLaunched', 'campaign-spring'));
    await send('ReviewPortfolio', {});
    const summer = { ...campaign, campaignId: 'summer' };
    expect(await send('LaunchCampaign', summer)).toMatchObject(
      refused(422, 'MajorityFallacyNotAcknowledged', { chosen: 'people', betterSegments: ['firms'] }),
    );
    expect(await send('LaunchCampaign', { ...summer, acknowledgeWarning: true })).toMatchObject(
      decided('CampaignLaunched', 'campaign-summer'),
    );
    expect(await send('LaunchCampaign', { ...campaign, campaignId: 'other', segmentId: 'none' })).toMatchObject(
      refused(422, 'UnknownSegment'),
    );
  });

  it('an enquiry is received and closed with an order that the party placed, not one it benefits from', async () => {
    const enquiry = { enquiryId: 'e1', partyId: 'ana', channel: 'web', productLine: 'tea', text: 'Green tea?' };
    expect(await send('ReceiveEnquiry', enquiry)).toMatchObject(decided('EnquiryReceived', 'enquiry-e1'));
    const close = { enquiryId: 'e1', outcome: 'converted' };
    expect(await send('CloseEnquiry', { ...close, orderId: 'o-firm' })).toMatchObject(
      refused(422, 'OrderMismatch', { orderId: 'o-firm', partyId: 'ana' }),
    );
    const closed = await send('CloseEnquiry', { ...close, orderId: 'o-ana' });
    expect(closed).toMatchObject(decided('EnquiryClosed', 'enquiry-e1'));
    expect(await send('CloseEnquiry', close)).toMatchObject(refused(409, 'EnquiryClosedAlready'));
    expect(await send('CloseEnquiry', { ...close, enquiryId: 'e9' })).toMatchObject(refused(404, 'EnquiryNotFound'));
  });

  const offer = (offerId: string, partyId: string, more: object = {}) => ({
    offerId,
    partyId,
    kind: 'cross_sell',
    skus: ['green'],
    netMinor: 900,
    listMinor: 1_000,
    validUntil: '2026-03-20T00:00:00.000Z',
    channel: 'email',
    propositionId: 'tea-club',
    ...more,
  });

  it('an offer is made and answered once; a second price for the same goods needs a reason', async () => {
    expect(await send('MakeOffer', offer('f1', 'bob'))).toMatchObject(decided('OfferMade', 'offer-f1'));
    expect(await send('MakeOffer', offer('f2', 'bob', { netMinor: 800 }))).toMatchObject(
      refused(409, 'ChannelPriceConflict', { offerId: 'f1', netMinor: 900, validUntil: '2026-03-20T00:00:00.000Z' }),
    );
    const negotiated = offer('f2', 'bob', { netMinor: 800, overrideReason: 'negotiated' });
    expect(await send('MakeOffer', negotiated)).toMatchObject(decided('OfferMade', 'offer-f2'));
    const answer = { offerId: 'f2', answer: 'accepted' };
    expect(await send('AnswerOffer', answer)).toMatchObject(decided('OfferAnswered', 'offer-f2'));
    expect(await send('AnswerOffer', answer)).toMatchObject(refused(409, 'OfferAlreadyAnswered'));
    expect(await send('AnswerOffer', { ...answer, offerId: 'f9' })).toMatchObject(refused(404, 'OfferNotFound'));
  });

  it('the price of a party that was merged counts for its survivor', async () => {
    await server.facts(registered('bob-2'));
    await send('MergeParties', { survivorId: 'bob-2', absorbedId: 'bob', matchScore: 1, reason: 'same person' });
    expect(await send('MakeOffer', offer('f3', 'bob-2', { netMinor: 850 }))).toMatchObject(
      refused(409, 'ChannelPriceConflict'),
    );
  });

  it('an offer finds out who may not get it', async () => {
    const withoutConsent = offer('f4', 'ana', { channel: 'phone' });
    expect(await send('MakeOffer', withoutConsent)).toMatchObject(
      refused(422, 'ContactNotPermitted', { reason: 'no_consent' }),
    );
    await send('ReceiveEnquiry', { enquiryId: 'e2', partyId: 'ana', channel: 'phone', productLine: 'tea' });
    expect(await send('MakeOffer', { ...withoutConsent, enquiryId: 'e2' })).toMatchObject(
      decided('OfferMade', 'offer-f4'),
    );
    expect(await send('MakeOffer', offer('f5', 'eva'))).toMatchObject(refused(409, 'CommercialContactBlocked'));
    expect(await send('MakeOffer', offer('f6', 'rival'))).toMatchObject(
      refused(422, 'OverrideRequired', { roles: ['competitor'] }),
    );
    expect(await send('MakeOffer', offer('f6', 'rival', { overrideReason: 'joint venture' }))).toMatchObject(
      decided('OfferMade', 'offer-f6'),
    );
    expect(await send('MakeOffer', offer('f7', 'ana', { propositionId: 'gold' }))).toMatchObject(
      refused(422, 'UnknownProposition'),
    );
  });
});
