import { establishBond } from '../account/establish-bond';
import { stateOf } from '../command/definition';
import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';
import { defaultConfiguration } from '../policy/configuration';
import { evolve } from './evolve';
import { fact, isoOnDay, onDay } from './fact-builder';
import { emptyEvidence, type MutableEvidence } from './mutable-evidence';

const given = (facts: ReadonlyArray<Fact>, members: ReadonlyArray<string> = []): MutableEvidence => {
  const evidence = emptyEvidence('p1', members, defaultConfiguration);
  for (const one of facts) evolve(evidence, one);
  return evidence;
};

describe('a referral', () => {
  const referral = (days: number, referrerId: string, referredId?: string) =>
    fact('ReferralMade', days, {
      referralId: 'f1',
      referrerId,
      channel: 'email',
      ...(referredId !== undefined && { referredId }),
    });
  test('counts for the referrer, not for the referred', () => {
    expect(given([referral(1, 'p1', 'p2')]).referralsMade).toMatchObject([{ referredId: 'p2', convertedAt: null }]);
    expect(given([referral(1, 'p2', 'p1')]).referralsMade).toEqual([]);
  });
  test('between two parties that are one customer is nothing', () => {
    expect(given([referral(1, 'p1', 'p2')], ['p2']).referralsMade).toEqual([]);
  });
  test('said again can only add whom it was about', () => {
    expect(given([referral(1, 'p1'), referral(2, 'p1', 'p3')]).referralsMade).toMatchObject([
      { at: onDay(1), referredId: 'p3' },
    ]);
  });
});

describe('a bond', () => {
  const bond = (
    days: number,
    validFrom: number,
    validTo?: number,
    subtype = 'joint_investment',
    parts: Partial<FactData['BondEstablished']> = {},
  ) =>
    fact('BondEstablished', days, {
      partyId: 'p1',
      bondType: 'structural',
      subtype,
      validFrom: isoOnDay(validFrom),
      ...(validTo !== undefined && { validTo: isoOnDay(validTo) }),
      ...parts,
    });
  const bondWith = (counterpartyId: string, days: number, validFrom: number, validTo?: number) =>
    bond(days, validFrom, validTo, undefined, { counterpartyId });
  test.each<[string, ReadonlyArray<Fact>, ReadonlyArray<[number, number | null]>]>([
    ['lasts', [bond(1, 1)], [[onDay(1), null]]],
    ['ends by being issued again with an end', [bond(1, 1), bond(5, 1, 5)], [[onDay(1), onDay(5)]]],
    ['ends also under another start', [bond(1, 1), bond(5, 4, 5)], [[onDay(1), onDay(5)]]],
    ['issued twice is one', [bond(1, 1), bond(2, 2)], [[onDay(1), null]]],
    [
      'ended can be established anew',
      [bond(1, 1, 3), bond(5, 5)],
      [
        [onDay(1), onDay(3)],
        [onDay(5), null],
      ],
    ],
    [
      'of another subtype stands beside it',
      [bond(1, 1), bond(2, 2, 9, 'equipment')],
      [
        [onDay(1), null],
        [onDay(2), onDay(9)],
      ],
    ],
    [
      'in force stands beside one of an earlier time that is told later',
      [bond(60, 60), bond(70, 10, 30)],
      [
        [onDay(60), null],
        [onDay(10), onDay(30)],
      ],
    ],
  ])('%s', (_, facts, then) => {
    const { bonds } = given(facts);
    expect(bonds.map(({ validFrom, validTo }) => [validFrom, validTo])).toEqual(then);
    expect(stateOf(establishBond, facts, defaultConfiguration)).toEqual(
      bonds.map(({ eventId: _eventId, at: _at, ...period }) => period),
    );
  });

  // After the merge of both the customer stood in a structural bond with itself, and was captive by it.
  test('between two parties that are one customer binds nothing', () => {
    expect(given([bondWith('a1', 1, 1)], ['a1']).bonds).toEqual([]);
    expect(given([bondWith('a1', 1, 1)], ['a2']).bonds).toHaveLength(1);
  });

  /** Of a second open bond with somebody else nothing was kept, and its end closed the first. */
  test('with one counterparty stands beside that with another, and ends alone', () => {
    const facts = [bondWith('a1', 1, 1), bondWith('a2', 2, 2), bondWith('a1', 9, 1, 9)];
    expect(given(facts).bonds).toMatchObject([
      { eventId: facts[0]?.eventId, counterpartyId: 'a1', validTo: onDay(9) },
      { eventId: facts[1]?.eventId, counterpartyId: 'a2', validTo: null },
    ]);
  });

  test('has the benefit that was said last', () => {
    const facts = [
      bond(1, 1, undefined, undefined, { benefit: 'value' }),
      bond(2, 1, undefined, undefined, { benefit: 'confidence' }),
      bond(9, 1, 9),
    ];
    expect(given(facts).bonds).toMatchObject([{ benefit: 'confidence', validTo: onDay(9) }]);
  });
});

describe('a wallet report', () => {
  const wallet = (parts: Partial<FactData['WalletReported']>) =>
    fact('WalletReported', 1, { partyId: 'p1', category: 'books', competitorIds: [], origin: 'survey', ...parts });
  test.each([
    ['own of total', { ownSpendMinor: 300, totalSpendMinor: 1_000, rank: 2, brandsUsed: 2 }, 0.3, 'reported'],
    ['never more than all', { ownSpendMinor: 3_000, totalSpendMinor: 1_000 }, 1, 'reported'],
    ['by the Wallet Allocation Rule', { rank: 2, brandsUsed: 3 }, 1 / 3, 'estimated'],
    [
      'by the rule when nothing is spent at all',
      { ownSpendMinor: 0, totalSpendMinor: 0, rank: 1, brandsUsed: 1 },
      1,
      'estimated',
    ],
    ['unknown when the rank is beyond the brands', { rank: 3, brandsUsed: 2 }, null, 'reported'],
    ['unknown from own spending alone', { ownSpendMinor: 300 }, null, 'reported'],
  ])('gives a share %s', (_, parts, share, origin) => {
    const [report] = given([wallet(parts)]).wallets;
    expect(report?.origin).toBe(origin);
    if (share === null) expect(report?.shareOfWallet).toBeNull();
    else expect(report?.shareOfWallet).toBeCloseTo(share, 12);
  });
});

describe('membership, rewards and costs', () => {
  test('an enrolment said again moves its end only', () => {
    const enrolled = (days: number, validTo?: number) =>
      fact('MembershipEnrolled', days, {
        membershipId: 'm1',
        partyId: 'p1',
        programId: 'club',
        type: 'continuous',
        ...(validTo !== undefined && { validTo: isoOnDay(validTo) }),
      });
    expect(given([enrolled(1), enrolled(5, 9)]).memberships.get('m1')).toMatchObject({
      enrolledAt: onDay(1),
      validTo: onDay(9),
    });
  });

  // coverage: 90
  test('costs come from service, compensation, retention and rewards', () => {
    const { costs, rewards } = given([
      fact('CostToServeRecorded', 1, {
        partyId: 'p1',
        amountMinor: 10,
        activity: 'call',
        periodFrom: '2024-01-01',
        periodTo: '2024-01-31',
      }),
      fact('CompensationGranted', 2, {
        kind: 'refund',
        amountMinor: 20,
        justice: 'distributive',
        approvedBy: 'a1',
        complaintId: 'c1',
      }),
      fact('RetentionMeasureTaken', 3, {
        partyId: 'p1',
        kind: 'reactive',
        measure: 'call',
        triggerEventId: 'e1',
        costMinor: 30,
      }),
      fact('RewardGranted', 4, {
        kind: 'points',
        benefit: 'value',
        valueMinor: 40,
        pointsDelta: 400,
        reason: 'order',
        membershipId: 'm1',
      }),
      fact('RewardGranted', 5, {
        kind: 'points',
        benefit: 'value',
        valueMinor: 50,
        pointsDelta: 500,
        reason: 'order',
        partyId: 'p9',
      }),
    ]);
    expect(costs.map(({ kind, amountMinor, at }) => [kind, amountMinor, at])).toEqual([
      ['cost_to_serve', 10, onDay(1)],
      ['compensation', 20, onDay(2)],
      ['retention', 30, onDay(3)],
      ['reward', 40, onDay(4)],
    ]);
    expect(rewards).toMatchObject([{ pointsDelta: 400 }]);
  });
});

describe('a defection notice', () => {
  const notice = (days: number, withdrawn?: boolean) =>
    fact('DefectionNoticeReceived', days, {
      partyId: 'p1',
      effectiveAt: isoOnDay(days + 30),
      reasonCodes: ['pricing'],
      channel: 'phone',
      ...(withdrawn !== undefined && { withdrawn }),
    });
  test('stands until it is taken back; taking back closes all before it and none after', () => {
    const { defectionNotices } = given([notice(1), notice(2), notice(3, true), notice(4)]);
    expect(defectionNotices.map(({ at, withdrawnAt }) => [at, withdrawnAt])).toEqual([
      [onDay(1), onDay(3)],
      [onDay(2), onDay(3)],
      [onDay(4), null],
    ]);
  });
});

describe('contacts', () => {
  const interaction = (partyId: string, actingPartyId: string) =>
    fact('InteractionRecorded', 1, {
      interactionId: 'i1',
      partyId,
      actingPartyId,
      direction: 'inbound',
      channel: 'phone',
      purpose: 'service',
      topicCode: 'billing',
      startedAt: isoOnDay(1),
      outcome: 'answered',
      reAskedFields: [],
      links: { requestId: 'r1' },
    });
  // coverage: 67
  test('count for the principal, not for the agent who acted', () => {
    expect(given([interaction('p1', 'p2')]).interactions).toMatchObject([{ requestId: 'r1', orderId: null }]);
    expect(given([interaction('p2', 'p1')]).interactions).toEqual([]);
  });

  test('an enquiry closed before it was received is closed', () => {
    const { enquiries } = given([
      fact('EnquiryClosed', 1, { enquiryId: 'q1', outcome: 'converted', orderId: 'o1' }),
      fact('EnquiryReceived', 2, { enquiryId: 'q1', partyId: 'p1', channel: 'web', productLine: 'books' }),
    ]);
    expect(enquiries.get('q1')).toMatchObject({ receivedAt: onDay(2), closedAt: onDay(1), orderId: 'o1' });
  });

  test('what agents did with a work item is kept in fold order', () => {
    const itemId = 'a'.repeat(32);
    const { workItems } = given([
      fact('WorkItemClaimed', 1, {
        itemId,
        queue: 'Q1',
        partyId: 'p1',
        agentId: 'a1',
        leaseUntil: isoOnDay(1.1),
        slot: 'fifo',
      }),
      fact('WorkItemReleased', 2, { itemId, agentId: 'a1', reason: 'later', snoozeUntil: isoOnDay(3) }),
      fact('WorkItemCompleted', 4, { itemId, agentId: 'a1', outcome: 'recovered' }),
    ]);
    expect(workItems.get(itemId)).toMatchObject({
      queue: 'Q1',
      acts: [
        { act: 'claimed', leaseUntil: onDay(1.1), slot: 'fifo' },
        { act: 'released', snoozeUntil: onDay(3) },
        { act: 'completed', outcome: 'recovered', nextActionAt: null },
      ],
    });
  });
});
