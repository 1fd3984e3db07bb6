import { absorbedBy, given, hours, iso, live, past } from '../command/given-when-then';
import { establishBond } from './establish-bond';

const social = { partyId: 'customer', bondType: 'social', subtype: 'named_agent' } as const;
const structural = { ...social, bondType: 'structural', subtype: 'joint_investment' } as const;
const organization = { parties: { customer: live('customer', { kind: 'organization' }) } };
const start = iso(-hours(9));
const established = past('BondEstablished', { ...social, validFrom: start }, -hours(9));
const ended = past('BondEstablished', { ...social, validFrom: start, validTo: iso(-hours(5)) }, -hours(5));

describe('EstablishBond', () => {
  it('begins at the instant of the command', () => {
    given()
      .when(establishBond, { ...social, benefit: 'closeness' })
      .then(['BondEstablished', { ...social, benefit: 'closeness', validFrom: iso() }, ['customer']]);
  });

  it('is about the counterparty too, both as survivors of their merges', () => {
    const parties = {
      customer: absorbedBy('root'),
      root: live('root'),
      agency: absorbedBy('group'),
      group: live('group'),
    };
    const outcome = given().when(establishBond, { ...social, counterpartyId: 'agency' }, { parties });
    outcome.then([
      'BondEstablished',
      { ...social, partyId: 'root', counterpartyId: 'group', validFrom: iso() },
      ['root', 'group'],
    ]);
    expect(outcome.streamId).toBe('account-root');
  });

  it('reads what was said to parties merged into the customer', () => {
    const parties = { customer: live('customer', { members: ['customer', 'old'] }) };
    expect(given().when(establishBond, social, { parties }).alsoReads).toEqual(['account-old']);
  });

  // coverage: 95
  it.each([
    ['an organization', 'organization', true],
    ['a person', 'person', false],
    ['a party that nobody registered', null, false],
  ] as const)('is structural with an organization only: %s', (_, kind, isApplicable) => {
    const outcome = given().when(establishBond, structural, { parties: { customer: live('customer', { kind }) } });
    if (isApplicable) outcome.thenAccepted();
    else outcome.thenRefused('BondNotApplicable', { path: '/bondType', details: { kind } });
  });

  it('asks what the survivor is, not what was merged into it', () => {
    const parties = { customer: absorbedBy('root'), root: live('root', { kind: 'organization' }) };
    given().when(establishBond, structural, { parties }).thenAccepted();
  });

  it('ends by being issued again, from its own start when none is named', () => {
    given(established)
      .when(establishBond, { ...social, validTo: iso() })
      .then(['BondEstablished', { ...social, validFrom: start, validTo: iso() }]);
  });

  it('with one counterparty is another one than with somebody else or with nobody named', () => {
    const withAna = past('BondEstablished', { ...social, counterpartyId: 'ana', validFrom: start }, -hours(9));
    for (const other of [{}, { counterpartyId: 'luis' }])
      given(withAna)
        .when(establishBond, { ...social, ...other, validTo: iso(1) })
        .then(['BondEstablished', { ...social, ...other, validFrom: iso(), validTo: iso(1) }]);
    given(withAna)
      .when(establishBond, { ...social, counterpartyId: 'ana', validTo: iso() })
      .then(['BondEstablished', { ...social, counterpartyId: 'ana', validFrom: start, validTo: iso() }]);
  });

  it('ends with a party that was merged since under the name that it had', () => {
    given(past('BondEstablished', { ...social, counterpartyId: 'absorbed', validFrom: start }, -hours(9)))
      .when(
        establishBond,
        { ...social, counterpartyId: 'group', validTo: iso() },
        { parties: { absorbed: absorbedBy('group'), group: live('group') } },
      )
      .then([
        'BondEstablished',
        { ...social, counterpartyId: 'absorbed', validFrom: start, validTo: iso() },
        ['customer', 'absorbed'],
      ]);
  });

  it('lets a structural bond end whatever the party is now', () => {
    given(past('BondEstablished', { ...structural, validFrom: start }, -hours(9)))
      .when(establishBond, { ...structural, validTo: iso() })
      .thenAccepted();
    given(past('BondEstablished', { ...structural, validFrom: start }, -hours(9)))
      .when(establishBond, { ...structural, validTo: iso() }, organization)
      .thenAccepted();
  });

  it('ends after it starts', () => {
    given()
      .when(establishBond, { ...social, validTo: iso(1) })
      .thenAccepted();
    given()
      .when(establishBond, { ...social, validTo: iso() })
      .thenRefused('InvalidInterval', { path: '/validTo' });
    given(established)
      .when(establishBond, { ...social, validTo: start })
      .thenRefused('InvalidInterval');
  });

  it('says nothing new when it is established or ended again', () => {
    given(established)
      .when(establishBond, { ...social, validFrom: start })
      .thenNothing();
    given(established, ended)
      .when(establishBond, { ...social, validFrom: start, validTo: iso(-hours(5)) })
      .thenNothing();
    given(established).when(establishBond, social).thenNothing();
  });

  it('can be given another benefit', () => {
    given(established)
      .when(establishBond, { ...social, validFrom: start, benefit: 'closeness' })
      .then(['BondEstablished', { ...social, validFrom: start, benefit: 'closeness' }]);
  });

  it('knows a bond that an end with another start has closed', () => {
    const closed = past(
      'BondEstablished',
      { ...social, validFrom: iso(-hours(6)), validTo: iso(-hours(5)) },
      -hours(5),
    );
    given(established, closed)
      .when(establishBond, { ...social, validFrom: start, validTo: iso(-hours(5)) })
      .thenNothing();
    given(established, closed)
      .when(establishBond, { ...social, validTo: iso(1) })
      .then(['BondEstablished', { ...social, validFrom: iso(), validTo: iso(1) }]);
  });

  it('is not one with oneself', () => {
    given()
      .when(establishBond, { ...social, counterpartyId: 'customer' })
      .thenRefused('SelfCounterparty', { path: '/counterpartyId' });
  });

  it('refuses a counterparty that nobody knows', () => {
    given()
      .when(establishBond, { ...social, counterpartyId: 'nobody' }, { parties: { nobody: { status: 'unknown' } } })
      .thenRefused('PartyNotFound', { details: { partyId: 'nobody' } });
  });
});
