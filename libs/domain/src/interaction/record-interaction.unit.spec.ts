import { given, hours, iso, past } from '../command/given-when-then';
import { channels } from '../facts/channels';
import { recordInteraction } from './record-interaction';

const contact = {
  interactionId: 'i1',
  partyId: 'customer',
  direction: 'outbound',
  channel: 'email',
  purpose: 'service',
  topicCode: 'billing',
  outcome: 'answered',
} as const;
const fact = { ...contact, startedAt: iso(), reAskedFields: [], links: {} };

describe('RecordInteraction', () => {
  it('records the contact', () => {
    given()
      .when(recordInteraction, contact)
      .then(['InteractionRecorded', fact, ['customer']]);
  });

  // coverage: 11, 34
  it.each(channels)('records a contact by %s, either way', (channel) => {
    for (const direction of ['inbound', 'outbound'] as const)
      given()
        .when(recordInteraction, { ...contact, channel, direction })
        .then(['InteractionRecorded', { ...fact, channel, direction }, ['customer']]);
  });

  // coverage: 11, 34
  it('knows the thirteen channels of the specification, fax and post among them', () => {
    expect(channels).toHaveLength(13);
    expect(channels).toEqual(expect.arrayContaining(['fax', 'post', 'phone', 'web', 'in_person']));
  });

  // coverage: 67
  it('is about the acting party too', () => {
    given()
      .when(recordInteraction, { ...contact, actingPartyId: 'agent-of-customer' })
      .then([
        'InteractionRecorded',
        { ...fact, actingPartyId: 'agent-of-customer' },
        ['customer', 'agent-of-customer'],
      ]);
  });

  it('ends at its start at the earliest', () => {
    given()
      .when(recordInteraction, { ...contact, endedAt: iso() })
      .thenAccepted();
    given()
      .when(recordInteraction, { ...contact, endedAt: iso(-1) })
      .thenRefused('InvalidInterval', { path: '/endedAt' });
  });

  it.each(['campaign', 'survey', 'winback'] as const)('needs a permission for an outbound %s', (purpose) => {
    for (const reason of ['no_consent', 'cap', 'quiet_hours', 'do_not_contact'] as const) {
      given()
        .when(recordInteraction, { ...contact, purpose }, { knowledge: { contact: { permitted: false, reason } } })
        .thenRefused('ContactNotPermitted', { path: '/purpose', details: { reason } });
    }
    given()
      .when(recordInteraction, { ...contact, purpose }, { knowledge: { contact: { permitted: true } } })
      .thenAccepted();
  });

  it('needs none when the customer calls, nor for service', () => {
    const knowledge = { contact: { permitted: false, reason: 'cap' } } as const;
    given()
      .when(recordInteraction, { ...contact, purpose: 'campaign', direction: 'inbound' }, { knowledge })
      .thenAccepted();
    given().when(recordInteraction, contact, { knowledge }).thenAccepted();
  });

  it('says nothing new when it is recorded again, and refuses another one with its id', () => {
    given(past('InteractionRecorded', fact, -hours(1)))
      .when(recordInteraction, { ...contact, startedAt: iso() })
      .thenNothing();
    given(past('InteractionRecorded', fact, -hours(1)))
      .when(recordInteraction, { ...contact, outcome: 'no_answer' })
      .thenRefused('InvalidState', { path: '/interactionId' });
  });

  it('refuses a start ahead of the clock', () => {
    given()
      .when(recordInteraction, { ...contact, startedAt: iso(300_001) })
      .thenRefused('OccurredInFuture', { path: '/startedAt' });
  });
});
