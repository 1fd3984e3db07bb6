import { absorbedBy, given, hours, live, past } from '../command/given-when-then';
import type { FactData } from '../facts/catalogue';
import { detectServiceFailure } from './detect-service-failure';

const parties = (count: number) => Array.from({ length: count }, (_, index) => `p${index + 1}`);
const outage = { failureId: 'f1', kind: 'outage', severity: 3, detectedBy: 'us' } as const;
const fact = (partyIds: ReadonlyArray<string>): FactData['ServiceFailureDetected'] => ({ ...outage, partyIds });
const detected = (partyIds: ReadonlyArray<string>) =>
  past('ServiceFailureDetected', fact(partyIds), -hours(1), partyIds);

describe('DetectServiceFailure', () => {
  it('is about everybody whom it hit', () => {
    const outcome = given().when(detectServiceFailure, { ...outage, partyIds: ['p1', 'p2'] });
    outcome.then(['ServiceFailureDetected', fact(['p1', 'p2']), ['p1', 'p2']]);
    expect(outcome.streamId).toBe('failure-f1');
  });

  it('names eight parties a fact, in as many facts of one failure as it takes', () => {
    given()
      .when(detectServiceFailure, { ...outage, partyIds: parties(17) })
      .then(
        ['ServiceFailureDetected', fact(parties(17).slice(0, 8)), parties(17).slice(0, 8)],
        ['ServiceFailureDetected', fact(parties(17).slice(8, 16)), parties(17).slice(8, 16)],
        ['ServiceFailureDetected', fact(['p17']), ['p17']],
      );
  });

  it('names a customer once, however often and under whatever id', () => {
    given()
      .when(
        detectServiceFailure,
        { ...outage, partyIds: ['p1', 'p2', 'p1'] },
        { parties: { p2: absorbedBy('p1'), p1: live('p1', { members: ['p1', 'p2'] }) } },
      )
      .then(['ServiceFailureDetected', fact(['p1']), ['p1']]);
  });

  it('adds the parties that it spreads to, and says nothing new of the others', () => {
    given(detected(['p1', 'p2']))
      .when(detectServiceFailure, { ...outage, partyIds: ['p2', 'p3'] })
      .then(['ServiceFailureDetected', fact(['p3']), ['p3']]);
    given(detected(['p1', 'p2']), detected(['p3']))
      .when(detectServiceFailure, { ...outage, partyIds: ['p3', 'p1'] })
      .thenNothing();
    given(detected(['p2']))
      .when(
        detectServiceFailure,
        { ...outage, partyIds: ['p1'] },
        { parties: { p1: live('p1', { members: ['p1', 'p2'] }) } },
      )
      .thenNothing();
  });

  it.each([{ kind: 'billing' }, { severity: 2 }, { detectedBy: 'customer' }])(
    'refuses its id for another failure: %j',
    (other) => {
      given(detected(['p1']))
        .when(detectServiceFailure, { ...outage, partyIds: ['p2'], ...other })
        .thenRefused('InvalidState', { path: '/failureId' });
    },
  );

  it.each([1, 4])('has a severity of %i', (severity) => {
    given()
      .when(detectServiceFailure, { ...outage, partyIds: ['p1'], severity })
      .thenAccepted();
  });

  it.each([
    ['severity 0', { severity: 0 }, '/severity'],
    ['severity 5', { severity: 5 }, '/severity'],
    ['nobody', { partyIds: [] }, '/partyIds'],
    ['more than 1 000 parties', { partyIds: parties(1_001) }, '/partyIds'],
  ])('refuses %s', (_, wrong, path) => {
    given()
      .when(detectServiceFailure, { ...outage, partyIds: ['p1'], ...wrong })
      .thenRefused('ValidationFailed', { path });
  });

  it('refuses a party that is unknown or erased', () => {
    given()
      .when(detectServiceFailure, { ...outage, partyIds: ['p1', 'p2'] }, { parties: { p2: { status: 'unknown' } } })
      .thenRefused('PartyNotFound', { details: { partyId: 'p2' } });
    given()
      .when(detectServiceFailure, { ...outage, partyIds: ['p1', 'p2'] }, { parties: { p2: { status: 'erased' } } })
      .thenRefused('PartyErased');
  });

  it('spreads though somebody whom it hit is erased since', () => {
    given(detected(['p1']))
      .when(detectServiceFailure, { ...outage, partyIds: ['p2'] }, { parties: { p1: { status: 'erased' } } })
      .then(['ServiceFailureDetected', fact(['p2']), ['p2']]);
  });
});
