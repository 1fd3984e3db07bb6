import { absorbedBy, given, hours, iso, live, NOW, past } from '../command/given-when-then';
import { idFromCommand } from '../command/identity';
import type { FactData } from '../facts/catalogue';
import { defaultConfiguration } from '../policy/configuration';
import { toIso } from '../time/calendar';
import { dataSubjectRequestKinds } from './events';
import { fulfilDataSubjectRequest } from './fulfil-data-subject-request';
import { answerDueAt } from './legal-term';
import { receiveDataSubjectRequest } from './receive-data-subject-request';

type Kind = FactData['DataSubjectRequestReceived']['kind'];
const request = { partyId: 'customer', dsrId: 'd1', kind: 'access' } as const;
const dueAt = '2026-04-10T12:00:00.000Z';
const received = (kind: Kind, dsrId = 'd1', partyId = 'customer') =>
  past('DataSubjectRequestReceived', { partyId, dsrId, kind, receivedAt: iso(-hours(9)), dueAt }, -hours(9));
const fulfilled = past(
  'DataSubjectRequestFulfilled',
  { partyId: 'customer', dsrId: 'd1', outcome: 'fulfilled', artefactHash: 'sha256-1' },
  -hours(1),
);

describe('ReceiveDataSubjectRequest', () => {
  it.each(dataSubjectRequestKinds)('computes when the answer to %s is due', (kind) => {
    const outcome = given().when(receiveDataSubjectRequest, { ...request, kind });
    outcome.then(['DataSubjectRequestReceived', { ...request, kind, receivedAt: iso(), dueAt }, ['customer']]);
    expect(outcome.streamId).toBe('party-customer');
  });

  it('counts from the receipt, which is not ahead of the clock', () => {
    given()
      .when(receiveDataSubjectRequest, { ...request, receivedAt: '2026-01-31T08:30:00Z' })
      .then([
        'DataSubjectRequestReceived',
        { ...request, receivedAt: '2026-01-31T08:30:00.000Z', dueAt: '2026-02-28T08:30:00.000Z' },
      ]);
    given()
      .when(receiveDataSubjectRequest, { ...request, receivedAt: iso(300_001) })
      .thenRefused('OccurredInFuture', { path: '/receivedAt' });
  });

  it('counts by the tenant’s calendar', () => {
    given()
      .when(
        receiveDataSubjectRequest,
        { ...request, receivedAt: '2026-03-01T04:30:00Z' },
        {
          configuration: { ...defaultConfiguration, tenant: { timeZone: 'America/Bogota', reportingCurrency: 'COP' } },
        },
      )
      .then([
        'DataSubjectRequestReceived',
        { ...request, receivedAt: '2026-03-01T04:30:00.000Z', dueAt: '2026-03-29T04:30:00.000Z' },
      ]);
  });

  it('does not let the sender say when it is due', () => {
    given()
      .when(receiveDataSubjectRequest, { ...request, dueAt })
      .thenRefused('ValidationFailed', { path: '/dueAt' });
  });

  it('has one open request of a kind', () => {
    given(received('access', 'd0'))
      .when(receiveDataSubjectRequest, request)
      .thenRefused('DuplicateRequest', { path: '/kind', details: { dsrId: 'd0' } });
    given(received('portability', 'd0')).when(receiveDataSubjectRequest, request).thenAccepted();
    given(received('access'), fulfilled)
      .when(receiveDataSubjectRequest, { ...request, dsrId: 'd2' })
      .thenAccepted();
  });

  it('says nothing new when it comes again, answered or not', () => {
    given(received('access')).when(receiveDataSubjectRequest, request).thenNothing();
    given(received('access'))
      .when(receiveDataSubjectRequest, { ...request, receivedAt: iso(-hours(9)) })
      .thenNothing();
    given(received('access'), fulfilled).when(receiveDataSubjectRequest, request).thenNothing();
  });

  it.each([{ kind: 'objection' }, { receivedAt: iso(-hours(8)) }])('refuses its id for another one: %j', (other) => {
    given(received('access'))
      .when(receiveDataSubjectRequest, { ...request, ...other })
      .thenRefused('InvalidState', { path: '/dsrId' });
  });

  it('takes an id that a repeat of the command takes again', () => {
    const { dsrId: _, ...anonymous } = request;
    const dsrId = idFromCommand('command-1', 'data-subject-request');
    given()
      .when(receiveDataSubjectRequest, anonymous)
      .then(['DataSubjectRequestReceived', { ...request, dsrId, receivedAt: iso(), dueAt }]);
    given(received('access', dsrId)).when(receiveDataSubjectRequest, anonymous).thenNothing();
    given(received('access', dsrId))
      .when(receiveDataSubjectRequest, anonymous, { commandId: 'another' })
      .thenRefused('DuplicateRequest', { details: { dsrId } });
  });

  it('is received by the survivor, with what was asked of the parties merged into it', () => {
    const parties = {
      customer: absorbedBy('root'),
      root: live('root', { members: ['root', 'customer'] }),
    };
    const outcome = given().when(receiveDataSubjectRequest, request, { parties });
    outcome.then(['DataSubjectRequestReceived', { ...request, partyId: 'root', receivedAt: iso(), dueAt }, ['root']]);
    expect([outcome.streamId, outcome.alsoReads]).toEqual(['party-root', ['party-customer']]);
  });

  it('refuses an unknown and an erased party', () => {
    given()
      .when(receiveDataSubjectRequest, request, { parties: { customer: { status: 'unknown' } } })
      .thenRefused('PartyNotFound');
    given()
      .when(receiveDataSubjectRequest, request, { parties: { customer: { status: 'erased' } } })
      .thenRefused('PartyErased');
  });
});

describe('FulfilDataSubjectRequest', () => {
  // It was accepted, and the request had been answered in less than no time.
  it('answers what has been received by then', () => {
    const answer = { partyId: 'customer', dsrId: 'd1', outcome: 'fulfilled' };
    const at = (occurredAt: number) => given(received('access')).when(fulfilDataSubjectRequest, answer, { occurredAt });
    at(NOW - hours(9) - 1).thenRefused('InvalidInterval', { path: '/occurredAt' });
    at(NOW - hours(9)).thenAccepted();
  });

  const answer = { partyId: 'customer', dsrId: 'd1', outcome: 'fulfilled', artefactHash: 'sha256-1' } as const;
  const refusal = { partyId: 'customer', dsrId: 'd1', outcome: 'refused', refusalBasis: 'legal_hold' } as const;

  it.each(dataSubjectRequestKinds.filter((kind) => kind !== 'erasure'))('fulfils %s', (kind) => {
    given(received(kind))
      .when(fulfilDataSubjectRequest, answer)
      .then(['DataSubjectRequestFulfilled', answer, ['customer']]);
  });

  it.each(dataSubjectRequestKinds)('refuses %s with a basis', (kind) => {
    given(received(kind))
      .when(fulfilDataSubjectRequest, refusal)
      .then(['DataSubjectRequestFulfilled', refusal, ['customer']]);
  });

  it.each([[undefined], [''], ['  ']])('needs a basis for a refusal, not %p', (refusalBasis) => {
    const { refusalBasis: _, ...rest } = refusal;
    given(received('access'))
      .when(fulfilDataSubjectRequest, { ...rest, ...(refusalBasis === undefined ? {} : { refusalBasis }) })
      .thenRefused('ValidationFailed', { path: '/refusalBasis' });
  });

  it('has no basis for a refusal where nothing is refused', () => {
    given(received('access'))
      .when(fulfilDataSubjectRequest, { ...answer, refusalBasis: 'legal_hold' })
      .thenRefused('ValidationFailed', { path: '/refusalBasis' });
  });

  it('refuses to call an erasure fulfilled: the data are still there', () => {
    given(received('erasure')).when(fulfilDataSubjectRequest, answer).thenRefused('InvalidState', { path: '/outcome' });
  });

  it('answers once', () => {
    given(received('access'), fulfilled).when(fulfilDataSubjectRequest, answer).thenNothing();
    given(received('access'), fulfilled)
      .when(fulfilDataSubjectRequest, refusal)
      .thenRefused('InvalidState', { path: '/dsrId', details: { outcome: 'fulfilled' } });
  });

  it('refuses a request that the party did not make', () => {
    given().when(fulfilDataSubjectRequest, answer).thenRefused('DataSubjectRequestNotFound', { path: '/dsrId' });
    given(received('access', 'd0')).when(fulfilDataSubjectRequest, answer).thenRefused('DataSubjectRequestNotFound');
    given(fulfilled).when(fulfilDataSubjectRequest, answer).thenRefused('DataSubjectRequestNotFound');
  });

  it('answers for the survivor what a party merged into it asked', () => {
    const parties = { customer: absorbedBy('root'), root: live('root', { members: ['root', 'customer'] }) };
    given(received('access'))
      .when(fulfilDataSubjectRequest, answer, { parties })
      .then(['DataSubjectRequestFulfilled', { ...answer, partyId: 'root' }, ['root']]);
  });
});

describe('the term of one month', () => {
  it.each([
    ['the same date of the next month', 'UTC', '2026-03-10T12:00:00.000Z', '2026-04-10T12:00:00.000Z'],
    ['the last day of a shorter month', 'UTC', '2026-01-31T23:59:59.999Z', '2026-02-28T23:59:59.999Z'],
    ['the last day of a leap February', 'UTC', '2028-01-31T00:00:00.000Z', '2028-02-29T00:00:00.000Z'],
    ['the same date after the last day of February', 'UTC', '2026-02-28T09:00:00.000Z', '2026-03-28T09:00:00.000Z'],
    ['over the year', 'UTC', '2026-12-31T10:00:00.000Z', '2027-01-31T10:00:00.000Z'],
    ['east of UTC', 'Pacific/Kiritimati', '2026-01-30T10:00:00.000Z', '2026-02-27T10:00:00.000Z'],
    ['west of UTC', 'Pacific/Pago_Pago', '2026-02-01T10:59:00.000Z', '2026-03-01T10:59:00.000Z'],
    ['over a change of clocks', 'Europe/Madrid', '2026-03-15T11:00:00.000Z', '2026-04-15T10:00:00.000Z'],
    ['at noon of a day of 23 hours', 'Europe/Madrid', '2027-02-28T11:00:00.000Z', '2027-03-28T10:00:00.000Z'],
    ['late on a day of 23 hours', 'Europe/Madrid', '2027-02-28T22:30:00.000Z', '2027-03-28T21:30:00.000Z'],
    ['at noon of a day of 25 hours', 'Europe/Madrid', '2026-09-25T10:00:00.000Z', '2026-10-25T11:00:00.000Z'],
    ['from a day of 25 hours', 'Europe/Madrid', '2026-10-25T22:30:00.000Z', '2026-11-25T22:30:00.000Z'],
  ])('%s', (_, timeZone, from, to) => {
    expect(toIso(answerDueAt(Date.parse(from), timeZone))).toBe(to);
  });

  it('is 28 to 31 days long', () => {
    for (let day = 0; day < 366; day++) {
      const from = NOW + hours(24 * day);
      const days = (answerDueAt(from, 'UTC') - from) / hours(24);
      expect(days).toBeGreaterThanOrEqual(28);
      expect(days).toBeLessThanOrEqual(31);
    }
  });
});
