import { absorbedBy, given, hours, live, NOW } from '../command/given-when-then';
import { grantConsent } from './grant-consent';
import { granted, withdrawn } from './party-facts';
import { recordPreference } from './record-preference';
import { withdrawConsent } from './withdraw-consent';

const consent = {
  partyId: 'customer',
  purpose: 'marketing',
  channel: 'email',
  lawfulBasis: 'consent',
  policyVersion: 'v1',
  evidenceRef: 'form-1',
} as const;
const withdrawal = { partyId: 'customer', purpose: 'marketing', channel: 'email', via: 'web' } as const;

describe('GrantConsent', () => {
  it('records the consent with its proof', () => {
    given()
      .when(grantConsent, consent)
      .then(['ConsentGranted', consent, ['customer']]);
  });

  it.each([[undefined], [''], [' ']])('needs evidence, not %p', (evidenceRef) => {
    const { evidenceRef: _, ...rest } = consent;
    given()
      .when(grantConsent, { ...rest, ...(evidenceRef === undefined ? {} : { evidenceRef }) })
      .thenRefused('EvidenceRequired', { path: '/evidenceRef' });
  });

  it('says nothing new while the same consent is in force', () => {
    given(granted(-hours(1)))
      .when(grantConsent, consent)
      .thenNothing();
    given(granted(-hours(2)), withdrawn(-hours(1)))
      .when(grantConsent, consent)
      .thenAccepted();
    given(granted(-hours(1), { policyVersion: 'v0' }))
      .when(grantConsent, consent)
      .thenAccepted();
  });

  it('knows the consents of absorbed parties, and writes the survivor', () => {
    const merged = { parties: { customer: absorbedBy('root'), root: live('root', { members: ['root', 'customer'] }) } };
    given(granted(-hours(1)))
      .when(grantConsent, { ...consent, partyId: 'root' }, merged)
      .thenNothing();
    const outcome = given().when(grantConsent, consent, merged);
    outcome.then(['ConsentGranted', { ...consent, partyId: 'root' }, ['root']]);
    expect(outcome.streamId).toBe('party-root');
    expect(outcome.alsoReads).toEqual(['party-customer']);
  });
});

describe('WithdrawConsent', () => {
  it('withdraws a consent in force', () => {
    given(granted(-hours(1)))
      .when(withdrawConsent, withdrawal)
      .then(['ConsentWithdrawn', withdrawal, ['customer']]);
  });

  it('withdraws one channel of a consent to all', () => {
    given(granted(-hours(1), { channel: 'all' }))
      .when(withdrawConsent, withdrawal)
      .thenAccepted();
    given(granted(-hours(2), { channel: 'all' }), withdrawn(-hours(1)))
      .when(withdrawConsent, withdrawal)
      .thenRefused('NoActiveConsent');
  });

  it('withdraws all channels while one has a consent', () => {
    given(granted(-hours(1)))
      .when(withdrawConsent, { ...withdrawal, channel: 'all' })
      .thenAccepted();
  });

  it.each([
    ['nothing was granted', []],
    ['it was withdrawn', [granted(-hours(2)), withdrawn(-hours(1))]],
    ['all channels were withdrawn', [granted(-hours(2)), withdrawn(-hours(1), 'all')]],
    ['another channel was granted', [granted(-hours(2), { channel: 'sms' })]],
    ['another purpose was granted', [granted(-hours(2), { purpose: 'survey' })]],
  ])('refuses when %s', (_, facts) => {
    given(...facts)
      .when(withdrawConsent, withdrawal)
      .thenRefused('NoActiveConsent');
  });
});

describe('RecordPreference', () => {
  const preference = {
    partyId: 'customer',
    preferenceId: 'p1',
    kind: 'preference',
    key: 'channel',
    value: 'email',
    origin: 'stated',
  } as const;

  it('keeps what the customer stated', () => {
    given()
      .when(recordPreference, preference)
      .then(['PreferenceRecorded', { ...preference, horizon: 'current' }, ['customer']]);
  });

  it('needs the consent to profiling for what we observed', () => {
    const observed = { ...preference, origin: 'observed' };
    given().when(recordPreference, observed).thenRefused('ConsentMissing', { path: '/origin' });
    given(granted(-hours(1)))
      .when(recordPreference, observed)
      .thenRefused('ConsentMissing');
    given(granted(-hours(1), { purpose: 'profiling', channel: 'all' }))
      .when(recordPreference, observed)
      .thenAccepted();
  });

  it('accepts an observation again only while the consent lasts', () => {
    given(granted(-hours(2), { purpose: 'profiling', channel: 'web' }))
      .when(recordPreference, { ...preference, origin: 'observed' })
      .thenAccepted();
  });
});

/**
 * A withdrawal that was dated before the grant was accepted and folded before it: the consent stood as if nobody had
 * withdrawn it. Told late, a withdrawal of before another one was refused, and the days between stayed permitted.
 */
describe('a consent that is told late is judged by what had been said by then', () => {
  const at = (ago: number) => ({ occurredAt: NOW - hours(ago) });

  it('nothing can be withdrawn before it was granted', () => {
    given(granted(-hours(1)))
      .when(withdrawConsent, withdrawal, at(2))
      .thenRefused('NoActiveConsent', { path: '/purpose' });
    given(granted(-hours(1)))
      .when(withdrawConsent, withdrawal, at(1))
      .thenAccepted();
  });

  it('what was in force then can have been withdrawn then', () => {
    given(granted(-hours(3)), withdrawn(-hours(1)))
      .when(withdrawConsent, withdrawal, at(2))
      .thenAccepted();
  });

  it('a consent of before the one that is known is news, and one of after it is none', () => {
    given(granted(-hours(1)))
      .when(grantConsent, consent, at(2))
      .thenAccepted();
    given(granted(-hours(3)), withdrawn(-hours(1)))
      .when(grantConsent, consent, at(2))
      .thenNothing();
  });
});
