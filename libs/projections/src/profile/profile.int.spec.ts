import { DAY_MS, type FactData } from '@afecto/domain';
import { complaintView } from '../complaints/view';
import { givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { promiseView } from '../promises/view';
import { profileOf } from './profile';

const preference = (kind: FactData['PreferenceRecorded']['kind'], key: string, value: string) =>
  said('PreferenceRecorded', 50, {
    partyId: 'p1',
    preferenceId: key,
    kind,
    key,
    value,
    origin: 'stated',
    horizon: 'current',
  });

const history = [
  said('PartyRegistered', 100, { partyId: 'p1', kind: 'organization', displayName: 'Ana & Co', source: 'test' }),
  said('PartyIdentified', 99, {
    partyId: 'p1',
    identifiers: [{ scheme: 'email', value: 'ana@example.org', verified: true, preferred: true, valid: true }],
  }),
  said('PartyRoleAssigned', 98, { partyId: 'p1', role: 'associate', validFrom: isoDaysAgo(98) }),
  said('ConsentGranted', 97, {
    partyId: 'p1',
    purpose: 'marketing',
    channel: 'all',
    lawfulBasis: 'consent',
    policyVersion: '1',
    evidenceRef: 'form/1',
  }),
  preference('interest', 'topic', 'sailing'),
  preference('businessGoal', 'growth', 'open a second shop'),
  preference('preference', 'negotiation', 'wants the figures first'),
  said('MembershipEnrolled', 60, { membershipId: 'm1', partyId: 'p1', programId: 'club', type: 'continuous' }),
  ordered('p1', 40, 'o1', { netMinor: 10_000, costMinor: 6_000, appliedPreferenceIds: ['growth'] }),
  ordered('p1', 20, 'o2', { netMinor: 10_000, costMinor: 6_000 }),
  said('InteractionRecorded', 10, {
    interactionId: 'i1',
    partyId: 'p1',
    direction: 'inbound',
    channel: 'fax',
    purpose: 'service',
    topicCode: 'billing',
    agentId: 'ada',
    startedAt: isoDaysAgo(10),
    outcome: 'answered',
    reAskedFields: [],
    links: {},
  }),
  said('ComplaintReceived', 2, {
    complaintId: 'c1',
    partyId: 'p1',
    channel: 'post',
    category: 'billing',
    severity: 3,
  }),
  said('ServiceRequestOpened', 1, {
    requestId: 'r1',
    partyId: 'p1',
    channel: 'email',
    category: 'billing',
    class: 'deferred',
    openedAt: isoDaysAgo(1),
    avoidableInPerson: false,
  }),
  said('PromiseMade', 1, { promiseId: 'pr1', partyId: 'p1', madeBy: 'ada', dueAt: isoDaysAgo(-1) }),
];

describe('the 360° profile (PR02, domain.md §16)', () => {
  // coverage: 5, 20
  it('has who the customer is, what it is worth, where it stands and what is open', async () => {
    const profile = profileOf((await givenCustomers(history)).customer('p1'));
    expect(profile).toMatchObject({
      identity: { displayName: 'Ana & Co', identifiers: [{ scheme: 'email' }] },
      roles: [{ role: 'associate' }],
      consents: [{ purpose: 'marketing', granted: true }],
      memberships: [{ membershipId: 'm1' }],
      bonds: [{ bondType: 'social' }, { bondType: 'customization' }],
      lifecycle: { phase: 'repeat', strategy: expect.stringMatching(/\S/), owner: expect.stringMatching(/\S/) },
      criteria: { longevityDays: 40, scope: expect.anything(), depth: expect.anything() },
      value: { spend365Minor: 20_000, cm365Minor: 8_000 },
      loyalty: { zone: expect.any(String), score: expect.any(Number) },
      openComplaints: [{ complaintId: 'c1', severity: 3 }],
      openRequests: [{ requestId: 'r1' }],
      openPromises: [{ promiseId: 'pr1', overdue: false }],
      lastContacts: [{ channel: 'fax', agentId: 'ada' }],
    });
    expect(profile.completeness.filled).toEqual(expect.arrayContaining(['name', 'preferredChannel', 'role']));
  });

  it('lists no complaint as open that its follow-up closed, though nobody told of its resolution', async () => {
    const followedUp = said('ComplaintFollowedUp', 1, { complaintId: 'c1', verdict: 5, attempt: 1 }, 'p1');
    const { customer, view } = await givenCustomers([...history, followedUp]);
    expect(profileOf(customer('p1')).openComplaints).toEqual([]);
    expect(await view(complaintView, 'p1')).toMatchObject({ complaints: [{ complaintId: 'c1', state: 'closed' }] });
  });

  it.each([
    ['exactly', 0, 'overdue'],
    ['in a millisecond', -1 / DAY_MS, 'open'],
  ])('says of what is due %s what the views of promises and queues say of it', async (_, ago, outcome) => {
    const due = said('PromiseMade', 3, { promiseId: 'pr2', partyId: 'p2', madeBy: 'ada', dueAt: isoDaysAgo(ago) });
    const { customer, view } = await givenCustomers([due]);
    const overdue = outcome === 'overdue';
    expect(profileOf(customer('p2'))).toMatchObject({
      openPromises: [{ promiseId: 'pr2', overdue }],
      openItems: [{ queue: 'Q6', dueAt: isoDaysAgo(ago), overdue }],
    });
    expect(await view(promiseView, 'p2')).toMatchObject({ promises: [{ promiseId: 'pr2', outcome }] });
  });

  // coverage: 37
  it('names the next best action: who, what, how, when and why', async () => {
    const { nextBestAction } = profileOf((await givenCustomers(history)).customer('p1'));
    const { who, what, how, when, why } = nextBestAction ?? {};
    expect([who?.partyId, what, how, when?.dueAt, why].every((part) => typeof part === 'string' && part !== '')).toBe(
      true,
    );
  });

  // coverage: 60, 132
  it('knows interests, the goals of its business and how it likes to negotiate, and the order that cites a goal', async () => {
    const state = (await givenCustomers(history)).customer('p1');
    expect(profileOf(state).preferences.map(({ kind, key, value }) => [kind, key, value])).toEqual([
      ['interest', 'topic', 'sailing'],
      ['businessGoal', 'growth', 'open a second shop'],
      ['preference', 'negotiation', 'wants the figures first'],
    ]);
    expect(state.evidence.placedOrders.map(({ appliedPreferenceIds }) => appliedPreferenceIds)).toEqual([
      ['growth'],
      [],
    ]);
  });
});
