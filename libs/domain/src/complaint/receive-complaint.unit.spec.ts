import { absorbedBy, given, hours, iso, live } from '../command/given-when-then';
import { channels } from '../facts/channels';
import { received } from './complaint-facts';
import { receiveComplaint } from './receive-complaint';

const complaint = {
  complaintId: 'c1',
  partyId: 'customer',
  channel: 'phone',
  category: 'billing',
  severity: 3,
} as const;

describe('ReceiveComplaint', () => {
  it('records the complaint about its party', () => {
    given()
      .when(receiveComplaint, complaint)
      .then(['ComplaintReceived', complaint, ['customer']]);
    expect(given().when(receiveComplaint, complaint).streamId).toBe('complaint-c1');
  });

  // coverage: 104
  it.each(channels)('hears a complaint that comes by %s', (channel) => {
    given()
      .when(receiveComplaint, { ...complaint, channel })
      .then(['ComplaintReceived', { ...complaint, channel }, ['customer']]);
  });

  it('takes an id that a repeat of the command takes again', () => {
    const { complaintId: _, ...anonymous } = complaint;
    const [first, again] = [1, 2].map(() => given().when(receiveComplaint, anonymous).streamId);
    expect(first).toMatch(/^complaint-[0-9a-f-]{36}$/);
    expect(again).toBe(first);
    expect(given().when(receiveComplaint, anonymous, { commandId: 'another' }).streamId).not.toBe(first);
  });

  it('says nothing new when the same complaint comes again', () => {
    given(received(-hours(1)))
      .when(receiveComplaint, complaint)
      .thenNothing();
  });

  it('refuses an id that another complaint has', () => {
    given(received(-hours(1)))
      .when(receiveComplaint, { ...complaint, category: 'delivery' })
      .thenRefused('InvalidState', { path: '/complaintId' });
  });

  it('writes the survivor for an absorbed party', () => {
    given()
      .when(receiveComplaint, complaint, { parties: { customer: absorbedBy('root'), root: live('root') } })
      .then(['ComplaintReceived', { ...complaint, partyId: 'root' }, ['root']]);
  });

  it('refuses an unknown party', () => {
    given()
      .when(receiveComplaint, complaint, { parties: { customer: { status: 'unknown' } } })
      .thenRefused('PartyNotFound', { details: { partyId: 'customer' } });
  });

  it('refuses an erased party, and one absorbed by an erased party', () => {
    given()
      .when(receiveComplaint, complaint, { parties: { customer: { status: 'erased' } } })
      .thenRefused('PartyErased');
    given()
      .when(receiveComplaint, complaint, { parties: { customer: absorbedBy('root'), root: { status: 'erased' } } })
      .thenRefused('PartyErased');
  });

  it('accepts 5 minutes ahead of the clock and refuses one millisecond more', () => {
    given()
      .when(receiveComplaint, complaint, { occurredAt: Date.parse(iso(300_000)) })
      .thenAccepted();
    given()
      .when(receiveComplaint, complaint, { occurredAt: Date.parse(iso(300_001)) })
      .thenRefused('OccurredInFuture', { path: '/occurredAt' });
  });

  it.each([
    ['an unknown field', { ...complaint, colour: 'red' }, '/colour'],
    ['a severity that does not exist', { ...complaint, severity: 5 }, '/severity'],
    ['a missing category', { complaintId: 'c1', partyId: 'customer', channel: 'phone', severity: 3 }, '/category'],
    ['an unknown channel', { ...complaint, channel: 'pigeon' }, '/channel'],
  ])('refuses %s with its path', (_, body, path) => {
    given().when(receiveComplaint, body).thenRefused('ValidationFailed', { path });
  });
});
