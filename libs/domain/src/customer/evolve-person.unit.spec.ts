import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';
import { defaultConfiguration } from '../policy/configuration';
import { stateOf } from '../command/definition';
import { ofParty } from '../party/state';
import { needsAt } from '../relationship/needs';
import { evolve } from './evolve';
import { fact, isoOnDay, onDay } from './fact-builder';
import { emptyEvidence, type MutableEvidence } from './mutable-evidence';

const given = (facts: ReadonlyArray<Fact>, members: ReadonlyArray<string> = []): MutableEvidence => {
  const evidence = emptyEvidence('p1', members, defaultConfiguration);
  for (const one of facts) evolve(evidence, one);
  return evidence;
};

const registered = (days: number, parts: Partial<FactData['PartyRegistered']> = {}) =>
  fact('PartyRegistered', days, { partyId: 'p1', kind: 'person', displayName: 'Ana', source: 'web', ...parts });
const identified = (days: number, value: string, verified: boolean) =>
  fact('PartyIdentified', days, {
    partyId: 'p1',
    identifiers: [{ scheme: 'email', value, verified, preferred: false, valid: true }],
  });
const role = (days: number, validFrom: number, validTo?: number, counterpartyId = 'p7') =>
  fact('PartyRoleAssigned', days, {
    partyId: 'p1',
    role: 'agent',
    counterpartyId,
    validFrom: isoOnDay(validFrom),
    ...(validTo !== undefined && { validTo: isoOnDay(validTo) }),
  });
const granted = (days: number, channel: FactData['ConsentGranted']['channel']) =>
  fact('ConsentGranted', days, {
    partyId: 'p1',
    purpose: 'marketing',
    channel,
    lawfulBasis: 'consent',
    policyVersion: '1',
    evidenceRef: 'form',
  });
const withdrawn = (days: number, channel: FactData['ConsentWithdrawn']['channel']) =>
  fact('ConsentWithdrawn', days, { partyId: 'p1', purpose: 'marketing', channel, via: 'web' });
const requested = (days: number, dsrId: string, kind: FactData['DataSubjectRequestReceived']['kind']) =>
  fact('DataSubjectRequestReceived', days, {
    partyId: 'p1',
    dsrId,
    kind,
    receivedAt: isoOnDay(days),
    dueAt: isoOnDay(days + 30),
  });
const answered = (days: number, dsrId: string, outcome: 'fulfilled' | 'refused') =>
  fact('DataSubjectRequestFulfilled', days, { partyId: 'p1', dsrId, outcome });
const preference = (days: number, value: string, parts: Partial<FactData['PreferenceRecorded']> = {}) =>
  fact('PreferenceRecorded', days, {
    partyId: 'p1',
    preferenceId: 'f1',
    kind: 'need',
    key: 'diet',
    value,
    origin: 'stated',
    horizon: 'current',
    ...parts,
  });
const erased = (days: number) => fact('PersonalDataErased', days, { partyId: 'p1', keyIds: ['k1'], basis: 'request' });

const ofAbsorbed = (days: number) => registered(days, { partyId: 'p2', displayName: 'Anita', birthYear: 1980 });
const erasedAbsorbed = (days: number) =>
  fact('PersonalDataErased', days, { partyId: 'p2', keyIds: ['k2'], basis: 'request' });

const period = (validFrom: number, validTo: number | null, counterpartyId = 'p7') => ({
  role: 'agent',
  counterpartyId,
  validFrom: onDay(validFrom),
  validTo: validTo === null ? null : onDay(validTo),
});

describe('the person', () => {
  test.each<[string, ReadonlyArray<Fact>, Partial<MutableEvidence['person']>]>([
    [
      'is registered first and named last',
      [registered(1), registered(2, { displayName: 'Ana Ruiz', birthYear: 1980 })],
      { registeredAt: onDay(1), displayName: 'Ana Ruiz', birthYear: 1980, kind: 'person' },
    ],
    [
      'keeps what a later registration does not say',
      [registered(1, { locale: 'es-MX', timeZone: 'America/Mexico_City' }), registered(2)],
      { locale: 'es-MX', timeZone: 'America/Mexico_City' },
    ],
    ['has the latest role period of its start', [role(1, 1, 5), role(2, 1)], { roles: [period(1, null)] }],
    ['closes a role by issuing it again', [role(1, 1), role(2, 1, 2)], { roles: [period(1, 2)] }],
    ['closes an open role also under another start', [role(1, 1), role(3, 2, 3)], { roles: [period(1, 3)] }],
    [
      'plays one role for several counterparties',
      [role(1, 1), role(2, 2, undefined, 'p8')],
      { roles: [period(1, null), period(2, null, 'p8')] },
    ],
    [
      'has one decision per purpose and channel, the latest',
      [granted(1, 'all'), granted(2, 'email'), withdrawn(3, 'email')],
      {
        consents: [
          { purpose: 'marketing', channel: 'all', granted: true, at: onDay(1) },
          { purpose: 'marketing', channel: 'email', granted: false, at: onDay(3) },
        ],
      },
    ],
    [
      'objects and restricts; other requests do not stop anything',
      [requested(1, 'd1', 'objection'), requested(2, 'd2', 'access'), requested(3, 'd3', 'restriction')],
      {
        objections: [
          { kind: 'objection', at: onDay(1) },
          { kind: 'restriction', at: onDay(3) },
        ],
      },
    ],
    [
      'objects no more when that was refused, whichever is known first',
      [
        requested(1, 'd1', 'objection'),
        answered(2, 'd1', 'refused'),
        answered(2, 'd2', 'refused'),
        requested(3, 'd2', 'objection'),
      ],
      { objections: [] },
    ],
    [
      'goes on objecting when that was granted',
      [requested(1, 'd1', 'objection'), answered(2, 'd1', 'fulfilled')],
      { objections: [{ kind: 'objection', at: onDay(1) }] },
    ],
    [
      'loses its personal values when erased, also those told later',
      [
        registered(1, { birthYear: 1980, locale: 'es' }),
        identified(1, 'a@example.org', true),
        preference(1, 'vegan'),
        erased(2),
        registered(3),
        identified(3, 'b@example.org', true),
        preference(4, 'kosher'),
      ],
      {
        erasedAt: onDay(2),
        displayName: null,
        birthYear: null,
        locale: 'es',
        identifiers: [],
        preferences: [
          {
            partyId: 'p1',
            preferenceId: 'f1',
            kind: 'need',
            key: 'diet',
            value: '',
            origin: 'stated',
            horizon: 'current',
            at: onDay(4),
            since: onDay(1),
          },
        ],
      },
    ],
  ])('%s', (_, facts, then) => {
    expect(given(facts).person).toMatchObject(then);
  });

  /** Only the latest statement of a preference is kept whole; a campaign asks who needed what when it began. */
  test('a need is known since it was first told, and until its id tells of something else', () => {
    const evidence = given([
      preference(1, 'vegan'),
      preference(2, 'vegetarian'),
      preference(3, 'vegetarian', { origin: 'observed' }),
      preference(4, 'noon', { key: 'delivery' }),
      preference(5, 'vegan'),
      preference(6, 'tea', { kind: 'interest', key: 'drinks' }),
    ]);
    const needs = (days: number, which?: 'stated') => [...needsAt(evidence, onDay(days), which)];
    expect([0.9, 1, 2, 3, 4, 5, 6].map((days) => needs(days))).toEqual([
      [],
      ['diet'],
      ['diet'],
      ['diet'],
      ['delivery'],
      ['diet'],
      [],
    ]);
    expect([2.9, 3, 4].map((days) => needs(days, 'stated'))).toEqual([['diet'], [], ['delivery']]);
    expect(evidence.person).toMatchObject({ preferences: [{ since: onDay(6) }], earlierNeeds: { length: 4 } });
  });

  /** One erased party made an erased customer of everybody whom another fact called the same. */
  test.each<[string, ReadonlyArray<Fact>]>([
    ['before', [ofAbsorbed(1), erasedAbsorbed(2), registered(3), identified(3, 'a@example.org', true)]],
    ['after', [registered(1), identified(1, 'a@example.org', true), ofAbsorbed(2), erasedAbsorbed(3), ofAbsorbed(4)]],
  ])('lives on when a party that was merged into it is erased, %s its own facts', (_, facts) => {
    const { person } = given(facts, ['p2']);
    expect(person).toMatchObject({ erasedAt: null, displayName: 'Ana', identifiers: [{ value: 'a@example.org' }] });
    expect([...person.erasedMembers]).toEqual(['p2']);
  });

  test('has no name left that the erased party alone had', () => {
    const { person } = given([ofAbsorbed(1), erasedAbsorbed(2)], ['p2']);
    expect(person).toMatchObject({ erasedAt: null, displayName: null, birthYear: null });
  });

  test('is erased with its root, whoever was merged into it', () => {
    const { person } = given([ofAbsorbed(1), erased(2), ofAbsorbed(3)], ['p2']);
    expect(person).toMatchObject({ erasedAt: onDay(2), displayName: null, birthYear: null, identifiers: [] });
  });

  test('has the latest statement about each identifier', () => {
    const { identifiers } = given([
      identified(1, 'a', false),
      identified(2, 'b', true),
      identified(3, 'a', true),
    ]).person;
    expect(identifiers.map(({ value, verified, at }) => [value, verified, at])).toEqual([
      ['b', true, onDay(2)],
      ['a', true, onDay(3)],
    ]);
  });

  // Spellings were compared as written: an address that was withdrawn stayed usable as it had been written before.
  test('has one identifier, whatever its spellings, as it was written last', () => {
    const stated = (days: number, value: string, valid: boolean) =>
      fact('PartyIdentified', days, {
        partyId: 'p1',
        identifiers: [{ scheme: 'email', value, verified: false, preferred: false, valid }],
      });
    const { identifiers } = given([stated(1, ' Ana@X.org', true), stated(2, 'ana@x.org', false)]).person;
    expect(identifiers).toMatchObject([{ value: 'ana@x.org', valid: false, at: onDay(2) }]);
  });

  /**
   * The last statement stood for all members' and went with the erased one. A fold after the erasure, which cannot
   * read what the erased stated, kept the address: live and rebuilt read models differed.
   */
  test('keeps the identifiers that it stated itself when a member who stated them later is erased', () => {
    const of = (partyId: string, days: number, ...values: ReadonlyArray<string>) =>
      fact('PartyIdentified', days, {
        partyId,
        identifiers: values.map((value) => ({ scheme: 'email', value, verified: true, preferred: false, valid: true })),
      });
    const own = [of('p1', 1, 'a@x.org', 'b@x.org'), of('p1', 2, 'c@x.org')];
    const facts = [...own, of('p2', 3, 'A@x.org', 'd@x.org')];
    const erasedMember = fact('PersonalDataErased', 4, { partyId: 'p2', keyIds: ['k2'], basis: 'request' });
    expect(given(facts, ['p2']).person.identifiers.map(({ value }) => value)).toEqual([
      'b@x.org',
      'c@x.org',
      'A@x.org',
      'd@x.org',
    ]);
    expect(given([...facts, erasedMember], ['p2']).person.identifiers).toEqual(given(own, ['p2']).person.identifiers);
    expect(given([...facts, erased(5)], ['p2']).person).toMatchObject({ identifiers: [], stated: [] });
  });

  // Parties that turn out to be one kept the role between them: the customer was its own beneficiary, so in a network.
  test.each([
    ['beneficiary', 0],
    ['supplier', 0],
    ['employee', 1],
  ] as const)('as a %s towards a party merged with it has %i roles, and one towards others', (name, towardsItself) => {
    const of = (counterpartyId: string) =>
      fact('PartyRoleAssigned', 1, { partyId: 'p2', role: name, counterpartyId, validFrom: isoOnDay(1) });
    expect(given([of('p1')], ['p2']).person).toMatchObject({ rolesTowards: [] });
    expect(given([of('p1')], ['p2']).person.roles).toHaveLength(towardsItself);
    expect(given([of('p7')], ['p2']).person.roles).toHaveLength(1);
    expect(given([of('p1')]).person.rolesTowards).toHaveLength(1);
  });

  test('is named by the root, also when an absorbed party is registered later', () => {
    const other = { partyId: 'p2', displayName: 'A. R.', locale: 'es' };
    expect(given([registered(1), registered(2, other)], ['p2']).person).toMatchObject({
      displayName: 'Ana',
      locale: 'es',
    });
    expect(given([registered(1, other), registered(2)], ['p2']).person).toMatchObject({ displayName: 'Ana' });
  });

  test('is not told by facts of its counterparties, but remembers their roles towards it', () => {
    const facts = [role(1, 1), registered(1), identified(1, 'a', true), granted(1, 'all'), erased(2)];
    const evidence = emptyEvidence('p7', [], defaultConfiguration);
    const before = JSON.stringify(evidence.person);
    for (const one of facts) evolve(evidence, one);
    const { rolesTowards } = evidence.person;
    expect(rolesTowards).toEqual([
      { partyId: 'p1', role: 'agent', counterpartyId: 'p7', validFrom: onDay(1), validTo: null },
    ]);
    evidence.person.rolesTowards = [];
    expect(evidence.person.keeping).toMatchObject({ identity: [], content: [] });
    evidence.person.keeping.activityAt = null;
    expect(JSON.stringify(evidence.person)).toBe(before);
  });

  test('sees the role of a counterparty end as the counterparty itself does', () => {
    const evidence = emptyEvidence('p7', [], defaultConfiguration);
    for (const one of [role(1, 1), role(5, 4, 5), role(6, 6), role(7, 6, 8)]) evolve(evidence, one);
    expect(evidence.person.rolesTowards.map(({ validFrom, validTo }) => [validFrom, validTo])).toEqual([
      [onDay(1), onDay(5)],
      [onDay(6), onDay(8)],
    ]);
  });
});

describe('a role', () => {
  const rolesAfter = (...facts: ReadonlyArray<Fact>) => {
    const towards = emptyEvidence('p7', [], defaultConfiguration);
    for (const one of facts) evolve(towards, one);
    return {
      held: given(facts).person.roles,
      towards: towards.person.rolesTowards,
      decidedOn: stateOf(ofParty, facts, defaultConfiguration).roles,
    };
  };

  /** The end of another period closed the current one, before it had begun; of two ended ones the one told later hid the other. */
  test.each<[string, ReadonlyArray<Fact>, ReadonlyArray<[number, number | null]>]>([
    [
      'an open one',
      [role(60, 60), role(70, 10, 30)],
      [
        [60, null],
        [10, 30],
      ],
    ],
    [
      'an ended one',
      [role(60, 60, 90), role(70, 10, 30)],
      [
        [60, 90],
        [10, 30],
      ],
    ],
    [
      'one that follows at once',
      [role(60, 60), role(70, 10, 60)],
      [
        [60, null],
        [10, 60],
      ],
    ],
    ['none, when it reaches into it', [role(60, 60), role(70, 10, 80)], [[10, 80]]],
  ])('told later of an earlier time leaves %s, in the eyes of all who read it', (_, facts, days) => {
    const periods = days.map(([from, to]) => ({ validFrom: onDay(from), validTo: to === null ? null : onDay(to) }));
    const { held, towards, decidedOn } = rolesAfter(...facts);
    expect(held).toEqual(periods.map((period) => ({ role: 'agent', counterpartyId: 'p7', ...period })));
    expect(towards).toEqual(held.map((one) => ({ partyId: 'p1', ...one })));
    expect(decidedOn).toEqual(held);
  });

  test('towards one party does not end that towards another', () => {
    const { held, decidedOn } = rolesAfter(role(1, 1), role(2, 2, undefined, 'p8'), role(5, 1, 5, 'p8'), role(6, 1, 6));
    expect(held.map(({ counterpartyId, validTo }) => [counterpartyId, validTo])).toEqual([
      ['p7', onDay(6)],
      ['p8', onDay(5)],
    ]);
    expect(decidedOn).toEqual(held);
  });

  test('towards one of two merged parties goes on when that towards the other ends', () => {
    const merged = emptyEvidence('p7', ['p8'], defaultConfiguration);
    for (const one of [role(1, 1), role(3, 3, undefined, 'p8'), role(5, 1, 5)]) evolve(merged, one);
    expect(merged.person.rolesTowards.map(({ validTo }) => validTo)).toEqual([onDay(5), null]);
  });
});

describe('a request of the data subject', () => {
  const requestsAfter = (...facts: ReadonlyArray<Fact>) =>
    given(facts).person.dataSubjectRequests.map(({ dsrId, kind, closedAt, outcome }) => [
      dsrId,
      kind,
      closedAt,
      outcome,
    ]);

  test('is open until it is answered; its first receipt and its first answer stand', () => {
    expect(requestsAfter(requested(1, 'd1', 'access'))).toEqual([['d1', 'access', null, null]]);
    expect(
      requestsAfter(
        requested(1, 'd1', 'access'),
        requested(2, 'd1', 'erasure'),
        answered(3, 'd1', 'refused'),
        answered(4, 'd1', 'fulfilled'),
      ),
    ).toEqual([['d1', 'access', onDay(3), 'refused']]);
  });

  test('is closed also when its answer is told before its receipt', () => {
    expect(requestsAfter(answered(1, 'd1', 'fulfilled'), requested(2, 'd1', 'portability'))).toEqual([
      ['d1', 'portability', onDay(1), 'fulfilled'],
    ]);
    expect(requestsAfter(answered(1, 'd1', 'fulfilled'))).toEqual([]);
  });
});
