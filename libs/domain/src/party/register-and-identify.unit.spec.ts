import * as E from 'fp-ts/Either';
import { catalogueEntry } from '../facts/catalogue';
import { decodeStrict } from '../facts/decode';
import { given, hours } from '../command/given-when-then';
import { normaliseIdentifier } from './identifier';
import { identifyParty } from './identify-party';
import { identified, registered } from './party-facts';
import { registerParty } from './register-party';

const ana = { partyId: 'customer', kind: 'person', displayName: 'Ana', source: 'shop' } as const;
const email = { scheme: 'email', value: 'ana@example.org', verified: false, preferred: false, valid: true } as const;
const unknown = { customer: { status: 'unknown' } } as const;
const holder = (scheme: 'email' | 'phone', verified = false, partyId = 'other') => ({
  scheme,
  value: scheme === 'email' ? 'ana@example.org' : '+34600111222',
  partyId,
  verified,
});

describe('RegisterParty', () => {
  it('registers a party', () => {
    given()
      .when(registerParty, ana, { parties: unknown })
      .then(['PartyRegistered', ana, ['customer']]);
  });

  it('states its identifiers in their normal form', () => {
    given()
      .when(
        registerParty,
        { ...ana, identifiers: [{ scheme: 'email', value: ' Ana@Example.org ' }] },
        { parties: unknown },
      )
      .then(['PartyRegistered', ana], ['PartyIdentified', { partyId: 'customer', identifiers: [email] }, ['customer']]);
  });

  it('registers a party of which facts came in before', () => {
    given(identified(-hours(1)))
      .when(registerParty, ana)
      .thenAccepted();
  });

  it('says nothing new when the same party is registered again', () => {
    given(registered(-hours(1)))
      .when(registerParty, ana)
      .thenNothing();
  });

  it('refuses an id in use', () => {
    given(registered(-hours(1)))
      .when(registerParty, { ...ana, displayName: 'Eva' })
      .thenRefused('DuplicateParty', { path: '/partyId' });
  });

  it('refuses the id of an erased party', () => {
    given()
      .when(registerParty, ana, { parties: { customer: { status: 'erased' } } })
      .thenRefused('PartyErased');
  });

  it.each([
    ['a verified email on both sides', true, [holder('email', true)], 1],
    ['an email that is not verified (.8)', false, [holder('email')], null],
    ['a verified email that is only claimed here (.8)', false, [holder('email', true)], null],
    ['email and phone (1 − .2 · .4 = .92)', false, [holder('email'), holder('phone')], null],
  ])('%s', (_, verified, identifierHolders, matchScore) => {
    const identifiers = [
      { ...email, verified },
      { scheme: 'phone', value: '0034 600 111 222' },
    ];
    const outcome = given().when(registerParty, { ...ana, identifiers }, { knowledge: { identifierHolders } });
    if (matchScore === null) outcome.thenAccepted();
    else outcome.thenRefused('PossibleDuplicate', { details: { candidates: [{ partyId: 'other', matchScore }] } });
  });

  // Each holder and each spelling multiplied the score: 1 − .2 · .2 = .96 refused whom .8 would have let in.
  it.each([
    ['held by two parties that were merged', [holder('email'), holder('email')], ['ana@example.org']],
    ['given in two spellings', [holder('email')], ['ana@example.org', ' Ana@Example.org']],
  ])('an email that is %s agrees once', (_, identifierHolders, values) => {
    const identifiers = values.map((value) => ({ ...email, value }));
    given()
      .when(registerParty, { ...ana, identifiers }, { knowledge: { identifierHolders } })
      .thenAccepted();
  });

  it('registers a possible duplicate when that is wanted', () => {
    given()
      .when(
        registerParty,
        { ...ana, identifiers: [{ ...email, verified: true }], allowDuplicate: true },
        { knowledge: { identifierHolders: [holder('email', true)] } },
      )
      .then(
        ['PartyRegistered', ana],
        ['PartyIdentified', { partyId: 'customer', identifiers: [{ ...email, verified: true }] }],
      );
  });
});

describe('IdentifyParty', () => {
  const identify = {
    partyId: 'customer',
    identifiers: [{ scheme: 'email', value: 'ana@example.org', verified: true }],
  };

  it('states identifiers', () => {
    given()
      .when(identifyParty, identify)
      .then(['PartyIdentified', { partyId: 'customer', identifiers: [{ ...email, verified: true }] }, ['customer']]);
  });

  it('says nothing new when they are stated already', () => {
    given(identified(-hours(1)))
      .when(identifyParty, identify)
      .thenNothing();
    given(identified(-hours(1), { valid: false }))
      .when(identifyParty, identify)
      .thenAccepted();
  });

  it('refuses what is verified for another live party', () => {
    given()
      .when(identifyParty, identify, { knowledge: { identifierHolders: [holder('email', true)] } })
      .thenRefused('IdentifierInUse', { details: { partyId: 'other' } });
    given()
      .when(identifyParty, identify, { knowledge: { identifierHolders: [holder('email', false)] } })
      .thenAccepted();
    given()
      .when(identifyParty, identify, { knowledge: { identifierHolders: [holder('email', true, 'customer')] } })
      .thenAccepted();
  });
});

/**
 * A blank value was accepted and then stated in its normal form, which is empty: the catalogue refuses
 * such a fact, and all parties with a blank number would have been candidates for one another.
 */
describe('a blank identifier', () => {
  it.each(['phone', 'email', 'loyalty_no', 'postal'] as const)(
    '%s is refused at the door, command and fact',
    (scheme) => {
      const identifiers = [{ scheme, value: ' \t', verified: false, preferred: false, valid: true }];
      const path = '/identifiers/0/value';
      const message = 'must be a string of 1..2000 characters that is not blank; got a string of 2 characters';
      const body = { partyId: 'customer', identifiers };
      expect(decodeStrict(identifyParty.input, body)).toEqual(E.left([{ path, message }]));
      expect(decodeStrict(catalogueEntry('PartyIdentified').codec, body)).toEqual(E.left([{ path, message }]));
    },
  );
});

describe('the normal form of an identifier', () => {
  it.each([
    ['email', ' Ana@Example.ORG ', 'ana@example.org'],
    ['phone', '+34 (600) 111-222', '+34600111222'],
    ['phone', '0034600111222', '+34600111222'],
    ['national_id', '12.345.678-z', '12345678Z'],
    ['social', 'Ana\u0301', 'Aná'],
  ] as const)('%s %p is %p', (scheme, value, normal) => {
    expect(normaliseIdentifier({ scheme, value })).toEqual({ scheme, value: normal });
  });
});
