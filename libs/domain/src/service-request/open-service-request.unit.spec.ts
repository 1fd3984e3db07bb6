import { given, hours, iso, NOW } from '../command/given-when-then';
import { defaultConfiguration } from '../policy/configuration';
import { openServiceRequest } from './open-service-request';
import { opened } from './request-facts';

const request = {
  requestId: 'r1',
  partyId: 'customer',
  channel: 'phone',
  category: 'billing',
  class: 'deferred',
} as const;
const fact = { ...request, openedAt: iso(), avoidableInPerson: false };

describe('OpenServiceRequest', () => {
  it('opens at the instant of the command and decides nothing else, not even for an agreed time', () => {
    given()
      .when(openServiceRequest, request)
      .then(['ServiceRequestOpened', fact, ['customer']]);
    const agreedDueAt = iso(hours(2));
    given()
      .when(openServiceRequest, { ...request, agreedDueAt })
      .then(['ServiceRequestOpened', { ...fact, agreedDueAt }]);
  });

  it.each(['phone', 'chat'] as const)('gives an immediate solution on %s', (channel) => {
    given()
      .when(openServiceRequest, { ...request, class: 'immediate', channel })
      .thenAccepted();
  });

  it.each(['email', 'web', 'in_person', 'messaging'] as const)('gives no immediate solution on %s', (channel) => {
    given()
      .when(openServiceRequest, { ...request, class: 'immediate', channel })
      .thenRefused('ImmediateNeedsSynchronousChannel', { path: '/channel' });
  });

  // coverage: 120, 122
  it.each([
    ['1 ms after the opening', 1, true],
    ['exactly 24 h after it', hours(24), true],
    ['at the opening', 0, false],
    ['before it', -1, false],
    ['24 h and 1 ms after it', hours(24) + 1, false],
  ])('an agreed time %s', (_, offset, isAllowed) => {
    const outcome = given().when(openServiceRequest, { ...request, agreedDueAt: iso(offset) });
    if (isAllowed) outcome.thenAccepted();
    else outcome.thenRefused('AgreedTimeExceedsLimit', { path: '/agreedDueAt', details: { limit: iso(hours(24)) } });
  });

  it('with business hours the limit of an agreed time is 24 h of service', () => {
    const always = [{ from: '00:00', to: '24:00' }];
    const [monday, wednesday, friday] = [always, always, always];
    const weekdays = { monday, tuesday: [], wednesday, thursday: [], friday, saturday: [], sunday: [] };
    const service = {
      ...defaultConfiguration.service,
      calendar: { timeZone: 'UTC', weekdays, holidays: [] },
    };
    const withHours = { configuration: { ...defaultConfiguration, service } };
    // Opened on a Tuesday at noon: the whole Wednesday is left.
    const limit = '2026-03-12T00:00:00.000Z';
    given()
      .when(openServiceRequest, { ...request, agreedDueAt: limit }, withHours)
      .thenAccepted();
    given()
      .when(openServiceRequest, { ...request, agreedDueAt: '2026-03-12T00:00:00.001Z' }, withHours)
      .thenRefused('AgreedTimeExceedsLimit', { path: '/agreedDueAt', details: { limit } });
  });

  it.each([
    ['without a remote contact', null, true],
    ['with one exactly 24 h before', NOW - hours(24), false],
    ['with one a moment before', NOW - 1, false],
    ['with one more than 24 h before', NOW - hours(24) - 1, true],
  ])('a visit %s', (_, remoteContactAt, avoidableInPerson) => {
    given()
      .when(openServiceRequest, { ...request, channel: 'in_person' }, { knowledge: { remoteContactAt } })
      .then(['ServiceRequestOpened', { ...fact, channel: 'in_person', avoidableInPerson }]);
  });

  it('a visit on a category that is dealt with in person is never avoidable', () => {
    const service = { ...defaultConfiguration.service, inPersonExceptions: ['billing'] };
    const withExceptions = {
      configuration: { ...defaultConfiguration, service },
      knowledge: { remoteContactAt: null },
    };
    given()
      .when(openServiceRequest, { ...request, channel: 'in_person' }, withExceptions)
      .then(['ServiceRequestOpened', { ...fact, channel: 'in_person', avoidableInPerson: false }]);
  });

  it('accepts the opening of another clock within 5 minutes and no more', () => {
    given()
      .when(openServiceRequest, { ...request, openedAt: iso(300_000) })
      .thenAccepted();
    given()
      .when(openServiceRequest, { ...request, openedAt: iso(300_001) })
      .thenRefused('OccurredInFuture', { path: '/openedAt' });
  });

  it('says nothing new when the same request comes again, and refuses another one with its id', () => {
    given(opened(-hours(1)))
      .when(openServiceRequest, { ...request, openedAt: iso(-hours(1)) })
      .thenNothing();
    given(opened(-hours(1)))
      .when(openServiceRequest, request)
      .thenRefused('InvalidState', { path: '/requestId' });
  });

  it('refuses an unknown party', () => {
    given()
      .when(openServiceRequest, request, { parties: { customer: { status: 'unknown' } } })
      .thenRefused('PartyNotFound');
  });
});
