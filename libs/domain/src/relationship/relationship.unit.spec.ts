import fc from 'fast-check';
import { evolve } from '../customer/evolve';
import { fact, isoOnDay } from '../customer/fact-builder';
import { emptyEvidence } from '../customer/mutable-evidence';
import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';
import { defaultConfiguration } from '../policy/configuration';
import {
  activeBonds,
  activeMemberships,
  activeRoles,
  completeness,
  fitOf,
  hasRole,
  individualNps,
  isOutsideBase,
  longevityDays,
  namedAgents,
  npsBand,
  profileFields,
  relationshipCriteria,
  relationshipMode,
  scopeOf,
  shareOfWallet,
  walletAllocation,
} from '.';
import { contact, evidenceOf, onDay, personWith, policyWith, reportedWallet } from './evidence-builder';

const policy = policyWith();

describe('longevity (domain.md §5)', () => {
  // coverage: 16, 36
  it.each([
    { days: [0, 100, 500], asOf: 800, longevity: 460 },
    { days: [0, 30, 60, 90, 120], asOf: 1000, longevity: 300 },
    { days: [0, 100, 500], asOf: 400, longevity: 280 },
    { days: [0], asOf: 10, longevity: 10 },
    { days: [0], asOf: 180, longevity: 180 },
    { days: [0], asOf: 181, longevity: 180 },
    { days: [], asOf: 100, longevity: 0 },
  ])('orders on days $days give $longevity days on day $asOf', ({ days, asOf, longevity }) => {
    const evidence = evidenceOf({ orders: days.map((day) => ({ day })) }, asOf);
    expect(longevityDays(evidence, policy, onDay(asOf))).toBe(longevity);
  });

  it('is the measure of the union of the intervals, whatever the orders', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(900), { maxLength: 12 }), fc.nat(400), (days, more) => {
        const asOf = 900 + more;
        const active = new Set(days.flatMap((day) => Array.from({ length: 180 }, (_, index) => day + index)));
        const counted = [...active].filter((day) => day < asOf).length;
        expect(longevityDays(evidenceOf({ orders: days.map((day) => ({ day })) }), policy, onDay(asOf))).toBe(counted);
      }),
    );
  });

  it('as of an instant before later facts ignores those facts', () => {
    const evidence = evidenceOf({
      orders: [{ day: 0 }, { day: 300 }],
      reversals: [{ day: 320, order: 0, amountMinor: 100 }],
    });
    expect(longevityDays(evidence, policy, onDay(200))).toBe(180);
    expect(longevityDays(evidence, policy, onDay(330))).toBe(30);
  });
});

describe('scope', () => {
  // coverage: 17
  it('counts lines with net spend above zero after reversals, in 365 days and ever', () => {
    const evidence = evidenceOf({
      orders: [
        { day: 0, line: 'a' },
        { day: 100, line: 'b' },
        { day: 380, line: 'c' },
        { day: 390, line: 'd' },
      ],
      reversals: [{ day: 395, order: 3, amountMinor: 100 }],
    });
    expect(scopeOf(evidence, policy, onDay(400))).toEqual({ lines365: 2, lifetime: 3 });
    expect(scopeOf(evidence, policy, onDay(392))).toEqual({ lines365: 3, lifetime: 4 });
  });
});

describe('depth', () => {
  // coverage: 18
  it.each([
    { brandsUsed: 1, shares: [1] },
    { brandsUsed: 2, shares: [0.6667, 0.3333] },
    { brandsUsed: 3, shares: [0.5, 0.3333, 0.1667] },
    { brandsUsed: 4, shares: [0.4, 0.3, 0.2, 0.1] },
  ])('Wallet Allocation Rule with $brandsUsed brands', ({ brandsUsed, shares }) => {
    const allocated = shares.map((_, index) => walletAllocation(index + 1, brandsUsed));
    allocated.forEach((share, index) => expect(share).toBeCloseTo(shares[index] ?? NaN, 4));
    expect(allocated.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  it('is unknown, never zero, without a report of the last 365 days', () => {
    const evidence = evidenceOf({ rest: { wallets: [reportedWallet(0, 0.8), reportedWallet(10, null)] } });
    expect(shareOfWallet(evidence, policy, onDay(365))).toEqual({
      value: 0.8,
      origin: 'reported',
      eventId: 'wallet-0',
    });
    expect(shareOfWallet(evidence, policy, onDay(365.1)).value).toBeNull();
  });
});

describe('referral', () => {
  it.each([
    [0, 'detractor'],
    [6, 'detractor'],
    [7, 'passive'],
    [8, 'passive'],
    [9, 'promoter'],
    [10, 'promoter'],
  ])('an answer of %i is a %s', (score, band) => expect(npsBand(score)).toBe(band));

  // coverage: 19
  it('takes the latest answer of the last 365 days and counts referrals made and converted', () => {
    const survey = (day: number, score: number, instrument: 'nps' | 'csat_relationship' = 'nps') => ({
      surveyId: `s${day}`,
      eventId: `answered-${day}`,
      at: onDay(day),
      instrument,
      score,
      scaleMin: 0,
      scaleMax: 10,
      aboutEventId: null,
      empathy: null,
      verbatim: false,
    });
    const referral = (day: number, convertedDay: number | null) => ({
      referralId: `r${day}`,
      eventId: `referred-${day}`,
      at: onDay(day),
      referredId: null,
      convertedAt: convertedDay === null ? null : onDay(convertedDay),
    });
    const evidence = evidenceOf({
      rest: {
        surveys: [survey(0, 3), survey(50, 9), survey(60, 4, 'csat_relationship')],
        referralsMade: [referral(0, 100), referral(60, null)],
      },
    });
    const { referral: criterion } = relationshipCriteria(evidence, policy, onDay(400));
    expect(criterion).toEqual({
      nps: { score: 9, band: 'promoter', eventId: 'answered-50', at: onDay(50) },
      made: 1,
      converted: 1,
    });
    expect(individualNps(evidence, policy, onDay(416))).toBeNull();
    expect(relationshipCriteria(evidence, policy, onDay(465)).referral).toEqual({ nps: null, made: 0, converted: 1 });
    expect(relationshipCriteria(evidence, policy, onDay(465.1)).referral.converted).toBe(0);
  });
});

const membership = (day: number, validToDay: number | null) => ({
  membershipId: 'm1',
  eventId: 'enrolled',
  enrolledAt: onDay(day),
  programId: 'club',
  type: 'continuous' as const,
  validTo: validToDay === null ? null : onDay(validToDay),
});
/** The evidence that these facts leave, in this order. */
const told = (...facts: ReadonlyArray<Fact>) => {
  const evidence = emptyEvidence('p1', [], policy.configuration);
  for (const one of facts) evolve(evidence, one);
  return evidence;
};
const bond = (day: number, validToDay: number | null, parts: Partial<FactData['BondEstablished']> = {}) =>
  fact('BondEstablished', day, {
    partyId: 'p1',
    bondType: 'structural',
    subtype: 'joint investment',
    validFrom: isoOnDay(0),
    ...(validToDay === null ? {} : { validTo: isoOnDay(validToDay) }),
    ...parts,
  });
const reward = (day: number) => ({
  eventId: `reward-${day}`,
  at: onDay(day),
  kind: 'economic',
  benefit: 'value',
  valueMinor: 100,
  membershipId: null,
  pointsDelta: 0,
});

describe('bonds (domain.md §8.1)', () => {
  it('two rewards in 365 days bind, one does not', () => {
    const evidence = evidenceOf({ rest: { rewards: [reward(0), reward(100)] } });
    expect(activeBonds(evidence, policy, onDay(365))).toEqual([
      { bondType: 'reward', automatic: true, eventIds: ['reward-100', 'reward-0'] },
    ]);
    expect(activeBonds(evidence, policy, onDay(366))).toEqual([]);
  });

  // coverage: 56, 93
  it('the same agent in three of the last five assisted contacts binds', () => {
    const byAgents = (...agents: ReadonlyArray<string | null>) =>
      evidenceOf({ rest: { interactions: agents.map((agentId, day) => contact(day, { agentId })) } });
    const typesOf = (...agents: ReadonlyArray<string | null>) =>
      activeBonds(byAgents(...agents), policy, onDay(50)).map(({ bondType }) => bondType);
    expect(typesOf('ana', 'luis', 'ana', null, 'eva', 'ana')).toEqual(['social']);
    expect(typesOf('ana', 'ana', 'ana', 'luis', 'luis', 'eva', 'eva')).toEqual([]);
  });

  // coverage: 93
  it('an active membership is a social bond', () => {
    const evidence = evidenceOf({ rest: { memberships: new Map([['m1', membership(0, 100)]]) } });
    expect(activeBonds(evidence, policy, onDay(50))).toEqual([
      { bondType: 'social', automatic: true, eventIds: ['enrolled'] },
    ]);
    expect(activeBonds(evidence, policy, onDay(100))).toEqual([]);
    expect(activeMemberships(evidence, onDay(99))).toHaveLength(1);
  });

  // coverage: 94
  it('an applied preference is a customization bond for 365 days', () => {
    const evidence = evidenceOf({ orders: [{ day: 0, applied: ['p1'] }, { day: 100 }] });
    expect(activeBonds(evidence, policy, onDay(365)).map(({ bondType }) => bondType)).toEqual(['customization']);
    expect(activeBonds(evidence, policy, onDay(366))).toEqual([]);
  });

  it('a recorded bond ends by being re-issued with its end; another subtype goes on', () => {
    const established = bond(0, null);
    const ended = told(established, bond(50, 60));
    expect(activeBonds(ended, policy, onDay(55))).toEqual([
      { bondType: 'structural', automatic: false, eventIds: [established.eventId] },
    ]);
    expect(activeBonds(ended, policy, onDay(60))).toEqual([]);
    const other = told(bond(0, null, { subtype: 'process exchange' }), bond(50, 60));
    expect(activeBonds(other, policy, onDay(60))).toHaveLength(1);
  });

  /** The one told later hid the other, whatever its dates. */
  it('a recorded bond is in force also when an earlier one is told later', () => {
    const current = bond(50, 90, { validFrom: isoOnDay(50) });
    expect(activeBonds(told(current, bond(60, 20)), policy, onDay(70))).toEqual([
      { bondType: 'structural', automatic: false, eventIds: [current.eventId] },
    ]);
  });

  it('bonds of one type with several counterparties are one entry, and each agent is known', () => {
    const withAgent = (day: number, counterpartyId: string, validToDay: number | null = null) =>
      bond(day, validToDay, { bondType: 'social', subtype: 'named_agent', counterpartyId });
    const evidence = told(withAgent(1, 'ana'), withAgent(2, 'luis'), withAgent(3, 'ana', 40));
    expect(activeBonds(evidence, policy, onDay(30)).map(({ bondType }) => bondType)).toEqual(['social']);
    expect(namedAgents(evidence, policy, onDay(30))).toEqual(['luis', 'ana']);
    expect(namedAgents(evidence, policy, onDay(40))).toEqual(['luis']);
  });
});

describe('relationship mode (domain.md §3)', () => {
  const dialogue = [0, 1, 2, 3].map((day) => contact(day, { direction: day < 2 ? 'inbound' : 'outbound' }));
  const reachable = personWith({
    identifiers: [
      { partyId: 'p1', scheme: 'email', value: 'v', verified: true, preferred: true, valid: true, at: onDay(0) },
    ],
  });
  const agent = personWith({
    roles: [{ role: 'agent', counterpartyId: 'principal', validFrom: onDay(0), validTo: null }],
  });
  // coverage: 75, 133
  it.each([
    { mode: 'membership', rest: { memberships: new Map([['m1', membership(0, null)]]), interactions: dialogue } },
    { mode: 'network', rest: { person: agent, interactions: dialogue } },
    { mode: 'interaction', rest: { person: reachable, interactions: dialogue } },
    { mode: 'database', rest: { person: reachable, interactions: dialogue.slice(0, 3) } },
    { mode: 'transactional', rest: {} },
  ])('$mode', ({ mode, rest }) => {
    expect(relationshipMode(evidenceOf({ orders: [{ day: 0 }], rest }), policy, onDay(10))).toBe(mode);
  });

  it('unanswered attempts and contacts older than 365 days are no dialogue', () => {
    const unanswered = dialogue.map((one) => ({ ...one, outcome: 'no_answer' }));
    expect(relationshipMode(evidenceOf({ rest: { interactions: unanswered } }), policy, onDay(10))).toBe(
      'transactional',
    );
    expect(relationshipMode(evidenceOf({ rest: { interactions: dialogue } }), policy, onDay(367))).toBe(
      'transactional',
    );
  });
});

describe('roles', () => {
  const employed = (day: number, from: number, to?: number) =>
    fact('PartyRoleAssigned', day, {
      partyId: 'p1',
      role: 'employee',
      validFrom: isoOnDay(from),
      ...(to === undefined ? {} : { validTo: isoOnDay(to) }),
    });

  it('a role ends by being re-issued with its end', () => {
    expect(hasRole(told(employed(0, 0)), 'employee', onDay(100))).toBe(true);
    const ended = told(employed(0, 0), employed(50, 0, 50));
    expect(isOutsideBase(ended, onDay(49))).toBe(true);
    expect(isOutsideBase(ended, onDay(50))).toBe(false);
  });

  it.each([undefined, 300])('a role is held in each of its periods, the current one until %s', (until) => {
    const evidence = told(employed(200, 200, until), employed(210, 10, 50));
    expect([9, 10, 49, 50, 199, 200, 250].filter((day) => isOutsideBase(evidence, onDay(day)))).toEqual([
      10, 49, 200, 250,
    ]);
    expect(activeRoles(evidence, onDay(250))).toHaveLength(1);
  });
});

describe('fit (domain.md §6.6)', () => {
  const need = (key: string, origin: 'stated' | 'observed' = 'stated') => ({
    partyId: 'p1',
    preferenceId: key,
    kind: 'need' as const,
    key,
    value: 'v',
    origin,
    horizon: 'current' as const,
    at: onDay(0),
    since: onDay(0),
  });
  const capable = policyWith(null, { ...defaultConfiguration, capabilities: ['delivery', 'advice'] });
  // coverage: 77
  it.each([
    { needs: [need('delivery'), need('storage')], fit: 50 },
    { needs: [need('delivery'), need('advice')], fit: 100 },
    { needs: [need('storage')], fit: 0 },
    { needs: [need('delivery', 'observed')], fit: null },
    { needs: [], fit: null },
  ])('is $fit', ({ needs, fit }) => {
    const evidence = evidenceOf({ rest: { person: personWith({ preferences: needs }) } });
    expect(fitOf(evidence, capable, onDay(1))).toBe(fit);
  });
});

describe('completeness (domain.md §16 PR02)', () => {
  it('has twelve fields of equal weight', () => {
    expect(profileFields).toHaveLength(12);
    expect(completeness(evidenceOf({}), policy, onDay(0))).toEqual({ share: 0, filled: [], missing: profileFields });
  });

  it('counts what is known and forgets a verification after 365 days', () => {
    const identifier = {
      partyId: 'p1',
      scheme: 'email' as const,
      value: 'v',
      verified: true,
      preferred: true,
      valid: true,
      at: onDay(0),
    };
    const evidence = evidenceOf({
      orders: [{ day: 0 }],
      rest: {
        person: personWith({ displayName: 'n', identifiers: [identifier, { ...identifier, scheme: 'phone' }] }),
      },
    });
    expect(completeness(evidence, policy, onDay(365)).filled).toEqual([
      'name',
      'contactPoints',
      'preferredChannel',
      'role',
      'verified',
    ]);
    expect(completeness(evidence, policy, onDay(366)).share).toBeCloseTo(4 / 12, 12);
  });
});
