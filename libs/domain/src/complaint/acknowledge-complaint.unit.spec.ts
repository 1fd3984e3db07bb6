import { given, hours, iso } from '../command/given-when-then';
import { acknowledgeComplaint } from './acknowledge-complaint';
import { acknowledged, received, resolved, unreachable, verdict } from './complaint-facts';

const ack = { complaintId: 'c1', responsibleAgentId: 'agent-2' };

describe('AcknowledgeComplaint', () => {
  it('promises the limit when no time is named', () => {
    given(received(-hours(1)))
      .when(acknowledgeComplaint, ack)
      .then(['ComplaintAcknowledged', { ...ack, resolveBy: iso(hours(23)) }, ['customer']]);
  });

  it.each([
    ['severity 3: 24 h', 3, 23],
    ['severity 4: 4 h', 4, 3],
  ])('%s after receipt is the latest time that can be promised', (_, severity, inHours) => {
    const facts = received(-hours(1), { severity });
    given(facts)
      .when(acknowledgeComplaint, { ...ack, resolveBy: iso(hours(inHours)) })
      .thenAccepted();
    given(facts)
      .when(acknowledgeComplaint, { ...ack, resolveBy: iso(hours(inHours) + 1) })
      .thenRefused('AgreedTimeExceedsLimit', { path: '/resolveBy', details: { limit: iso(hours(inHours)) } });
  });

  // A time in the past was taken, and the complaint had missed it before anybody could resolve it.
  it('names a time after the receipt, or after the reopening', () => {
    const at = (resolveBy: string) => ({ ...ack, resolveBy });
    const first = given(received(-hours(1)));
    first.when(acknowledgeComplaint, at(iso(-hours(1)))).thenRefused('InvalidInterval', { path: '/resolveBy' });
    first.when(acknowledgeComplaint, at(iso(-hours(1) + 1))).thenAccepted();
    given(received(-hours(90)), acknowledged(-hours(89)), resolved(-hours(80)), verdict(1, -hours(2)))
      .when(acknowledgeComplaint, at(iso(-hours(2))))
      .thenRefused('InvalidInterval', { path: '/resolveBy' });
  });

  it('happens once', () => {
    given(received(-hours(1)), acknowledged(-1))
      .when(acknowledgeComplaint, ack)
      .thenRefused('AlreadyAcknowledged');
  });

  it('is possible again, with a new limit, after a reopening', () => {
    given(received(-hours(90)), acknowledged(-hours(89)), resolved(-hours(80)), verdict(1, -hours(2)))
      .when(acknowledgeComplaint, ack)
      .then(['ComplaintAcknowledged', { ...ack, resolveBy: iso(hours(22)) }]);
  });

  // A fact is never refused: views and queues had the complaint open again, and every command said that it is closed.
  it('is possible when a verdict of 2 or less is told of a closed complaint, which reopens it', () => {
    const closed = [received(-hours(90)), acknowledged(-hours(89)), resolved(-hours(80)), verdict(4, -hours(9))];
    given(...closed, verdict(2, -hours(2)))
      .when(acknowledgeComplaint, ack)
      .then(['ComplaintAcknowledged', { ...ack, resolveBy: iso(hours(22)) }]);
    given(...closed, verdict(3, -hours(2)))
      .when(acknowledgeComplaint, ack)
      .thenRefused('AlreadyAcknowledged');
    given(...closed, unreachable(2, -hours(3)), unreachable(3, -hours(2)))
      .when(acknowledgeComplaint, ack)
      .thenRefused('AlreadyAcknowledged');
  });

  it('refuses an unknown complaint', () => {
    given().when(acknowledgeComplaint, ack).thenRefused('ComplaintNotFound');
  });

  it('refuses a complaint whose party was erased', () => {
    given(received(-hours(1)))
      .when(acknowledgeComplaint, ack, { parties: { customer: { status: 'erased' } } })
      .thenRefused('PartyErased');
  });
});
