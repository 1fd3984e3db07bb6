import { fact, isoOnDay, onDay } from '../customer/fact-builder';
import { foldCustomer } from '../customer/fold';
import type { Fact } from '../facts/envelope';
import { policyAt, regimeOf } from '../policy/fold-regime';
import { completed, consent, contact, dayOf, dsr, hours, identified, withdrawn } from '../queues/arbitrary-scenario';
import {
  capsAllowFrom,
  contactable,
  contactPermission,
  type ContactPurpose,
  outsideQuietHours,
  permittedChannels,
  reachableChannels,
} from './contactable';

const policy = policyAt(regimeOf([]), 0);
const knownOn = (days: number, facts: ReadonlyArray<Fact>) =>
  foldCustomer({ partyId: 'p1', members: ['p1'], facts, referredOrders: [] }, regimeOf([]), onDay(days)).fold.evidence;
const noon = 10.5;

const role = (name: 'employee' | 'competitor' | 'supplier'): Fact =>
  fact('PartyRoleAssigned', 0, { partyId: 'p1', role: name, validFrom: isoOnDay(0) });

const erased = (days: number): Fact =>
  fact('PersonalDataErased', days, { partyId: 'p1', keyIds: ['k1'], basis: 'request' });

describe('contactable', () => {
  test.each<[string, ReadonlyArray<Fact>, ContactPurpose, boolean]>([
    ['an address and consent', [identified(0), consent(0, 'marketing')], 'marketing', true],
    ['no decision: denied', [identified(0)], 'marketing', false],
    ['consent for another purpose', [identified(0), consent(0, 'survey')], 'marketing', false],
    ['consent withdrawn', [identified(0), consent(0, 'marketing'), withdrawn(1, 'marketing')], 'marketing', false],
    ['consent given again', [identified(0), withdrawn(1, 'marketing'), consent(2, 'marketing')], 'marketing', true],
    [
      'given for all channels, and withdrawn for this one at the same instant',
      [identified(0), consent(1, 'marketing'), withdrawn(1, 'marketing', 'email')],
      'marketing',
      false,
    ],
    [
      'withdrawn for this channel, and given for all at the same instant',
      [identified(0), withdrawn(1, 'marketing', 'email'), consent(1, 'marketing')],
      'marketing',
      false,
    ],
    [
      'withdrawn for this channel, and given for all later',
      [identified(0), withdrawn(1, 'marketing', 'email'), consent(2, 'marketing')],
      'marketing',
      true,
    ],
    [
      'given for all channels, and told later of a withdrawal for this one before it',
      [identified(0), consent(2, 'marketing'), withdrawn(1, 'marketing', 'email')],
      'marketing',
      true,
    ],
    ['no contact point known', [consent(0, 'marketing')], 'marketing', false],
    ['no valid contact point', [identified(0, false), consent(0, 'marketing')], 'marketing', false],
    ['an employee', [identified(0), consent(0, 'marketing'), role('employee')], 'marketing', false],
    ['a supplier', [identified(0), consent(0, 'marketing'), role('supplier')], 'marketing', true],
    [
      'an objection',
      [identified(0), consent(0, 'winback'), fact('DataSubjectRequestReceived', 1, dsr('objection'))],
      'winback',
      false,
    ],
    [
      'do not contact',
      [identified(0), consent(0, 'winback'), completed(1, 'Q2', 'lost:o1', 'do_not_contact')],
      'winback',
      false,
    ],
    ['service needs no consent', [identified(0)], 'service', true],
    ['service of an employee', [identified(0), role('employee')], 'service', true],
    ['service after do not contact', [identified(0), completed(1, 'Q2', 'lost:o1', 'do_not_contact')], 'service', true],
    [
      'service after an objection',
      [identified(0), fact('DataSubjectRequestReceived', 1, dsr('objection'))],
      'service',
      true,
    ],
    ['service of an erased party', [identified(0), erased(1)], 'service', false],
    ['service without known contact points', [role('supplier')], 'service', true],
    ['service with broken contact points only', [identified(0, false)], 'service', false],
    [
      'service under a restriction',
      [identified(0), fact('DataSubjectRequestReceived', 1, dsr('restriction'))],
      'service',
      false,
    ],
  ])('%s (%#)', (_, facts, purpose, expected) => {
    expect(contactable(knownOn(noon, facts), purpose, onDay(noon))).toBe(expected);
  });

  test('named channels are the only ones that count', () => {
    const evidence = knownOn(noon, [identified(0), consent(0, 'marketing')]);
    expect(contactable(evidence, 'marketing', onDay(noon), ['email'])).toBe(true);
    expect(contactable(evidence, 'marketing', onDay(noon), ['phone'])).toBe(false);
    expect(contactable(knownOn(noon, [identified(0)]), 'service', onDay(noon), ['email'])).toBe(true);
    expect(contactable(knownOn(noon, []), 'service', onDay(noon), ['email'])).toBe(false);
  });
});

test('channels whose identifier is broken do not reach the party', () => {
  expect(reachableChannels(knownOn(noon, [identified(0)]))).toEqual(['email']);
  expect(reachableChannels(knownOn(noon, [identified(0, false)]))).toEqual([]);
});

test('a service contact is permitted wherever it reaches the party, another one where it was also consented to', () => {
  const agreed = consent(0, 'marketing');
  expect(permittedChannels(knownOn(noon, [identified(0)]), 'service')).toEqual(['email']);
  expect(permittedChannels(knownOn(noon, [identified(0)]), 'marketing')).toEqual([]);
  expect(permittedChannels(knownOn(noon, [identified(0), agreed]), 'marketing', ['phone', 'email'])).toEqual(['email']);
});

describe('caps on proactive contacts', () => {
  test.each<[string, ReadonlyArray<Fact>, number]>([
    ['one in 7 d', [contact(9, 'campaign')], 16],
    ['three in 30 d', [contact(-10, 'campaign'), contact(-2, 'survey'), contact(1, 'winback')], 20],
  ])('%s: the next is allowed when the oldest that fills the cap leaves', (_, facts, allowedOn) => {
    expect(dayOf(capsAllowFrom(knownOn(noon, facts), policy, onDay(noon)))).toBe(allowedOn);
  });

  test.each<[string, Fact]>([
    ['a service contact', contact(9, 'service')],
    ['an inbound contact', contact(9, 'sales', { direction: 'inbound' })],
    ['an attempt that nobody answered', contact(9, 'winback', { outcome: 'no_answer' })],
    ['a contact 7 d ago', contact(3.5, 'campaign')],
  ])('%s does not count', (_, event) => {
    expect(capsAllowFrom(knownOn(noon, [event]), policy, onDay(noon))).toBeLessThanOrEqual(onDay(noon));
  });
});

describe('quiet hours', () => {
  test.each([
    [hours(7.99), hours(8)],
    [hours(8), hours(8)],
    [hours(19.99), hours(19.99)],
    [hours(20), 1 + hours(8)],
  ])('%d moves to %d', (from, to) => {
    expect(outsideQuietHours(knownOn(1, [identified(0)]), policy, onDay(from))).toBe(onDay(to));
  });

  test.each([
    [9, 17, 8.99, 8.99],
    [9, 17, 9, 17],
    [9, 17, 16.99, 17],
    [9, 17, 17, 17],
    [0, 8, 0, 8],
    [0, 8, 23, 23],
    [20, 20, 20, 20],
    [0, 0, 12, 12],
  ])('from %d to %d o’clock, an hour of %d moves to %d', (from, to, at, moved) => {
    const { configuration } = policy;
    const quietly = {
      configuration: { ...configuration, queues: { ...configuration.queues, quietHours: { from, to } } },
    };
    expect(outsideQuietHours(knownOn(1, []), quietly, onDay(1 + hours(at)))).toBe(onDay(1 + hours(moved)));
  });

  test('the wall clock decides on the night when the clocks change', () => {
    const madrid = fact('PartyRegistered', 0, {
      partyId: 'p1',
      kind: 'person',
      displayName: 'A',
      source: 'web',
      timeZone: 'Europe/Madrid',
    });
    const evidence = knownOn(1, [madrid]);
    const night = Date.parse('2024-03-30T22:00:00.000Z');
    expect(outsideQuietHours(evidence, policy, night)).toBe(Date.parse('2024-03-31T06:00:00.000Z'));
  });

  /**
   * The end was midnight and so many hours, put right by how far the wall clock was from it then: 24 o'clock was a day
   * late, and an hour that the clock skips was one early, within the quiet hours or even before the instant asked.
   */
  test.each([
    ['until 24 o’clock end at midnight', 20, 24, '2024-05-10T20:00:00.000Z', '2024-05-10T22:00:00.000Z'],
    ['until an hour that is skipped end at the change', 20, 2, '2025-03-30T00:30:00.000Z', '2025-03-30T01:00:00.000Z'],
  ])('%s', (_, from, to, at, end) => {
    const { configuration } = policy;
    const queues = { ...configuration.queues, quietHours: { from, to } };
    const inMadrid = {
      ...policy,
      configuration: { ...configuration, queues, tenant: { ...configuration.tenant, timeZone: 'Europe/Madrid' } },
    };
    expect(outsideQuietHours(knownOn(1, [identified(0)]), inMadrid, Date.parse(at))).toBe(Date.parse(end));
  });
});

describe('permission of a contact that takes place', () => {
  const granted = [identified(0), consent(0, 'marketing')];
  test.each<[string, ReadonlyArray<Fact>, number, ContactPurpose, string | null]>([
    ['permitted', granted, noon, 'marketing', null],
    ['without consent', [identified(0)], noon, 'marketing', 'no_consent'],
    ['at night', granted, 10, 'marketing', 'quiet_hours'],
    ['too soon', [...granted, contact(9, 'survey')], noon, 'marketing', 'cap'],
    [
      'after do not contact',
      [...granted, completed(1, 'Q2', 'lost:o1', 'do_not_contact')],
      noon,
      'marketing',
      'do_not_contact',
    ],
    ['service at night and too soon', [...granted, contact(9, 'survey')], 10, 'service', null],
  ])('%s', (_, facts, days, purpose, reason) => {
    expect(contactPermission(knownOn(days, facts), purpose, policy, onDay(days), 'email')).toEqual(
      reason === null ? { permitted: true } : { permitted: false, reason },
    );
  });

  test.each<[string, ReadonlyArray<Fact>, string | null]>([
    ['sets the role aside', granted, null],
    ['does not set aside that consent is missing', [identified(0)], 'no_consent'],
    [
      'does not set aside that the party asked not to be contacted',
      [...granted, completed(1, 'Q2', 'lost:o1', 'do_not_contact')],
      'do_not_contact',
    ],
  ])('a stated reason %s', (_, facts, reason) => {
    const competitor = knownOn(noon, [...facts, role('competitor')]);
    const permission = (overrides: 'role' | null) =>
      contactPermission(competitor, 'marketing', policy, onDay(noon), 'email', overrides);
    expect(permission(null)).toEqual({ permitted: false, reason: 'do_not_contact' });
    expect(permission('role')).toEqual(reason === null ? { permitted: true } : { permitted: false, reason });
  });
});
