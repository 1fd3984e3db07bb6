import { given, hours, iso } from '../command/given-when-then';
import { acknowledged, received, resolved, verdict } from './complaint-facts';
import { resolveComplaint } from './resolve-complaint';

const resolution = { complaintId: 'c1', decision: 'upheld', rootCause: 'tariff' } as const;
const fact = { ...resolution, immediate: false, resolvedAt: iso() };

describe('ResolveComplaint', () => {
  it('resolves an acknowledged complaint', () => {
    given(received(-hours(2)), acknowledged(-hours(1)))
      .when(resolveComplaint, resolution)
      .then(['ComplaintResolved', fact, ['customer']]);
  });

  it('acknowledges first when nobody has', () => {
    given(received(-hours(2)))
      .when(resolveComplaint, { ...resolution, immediate: true })
      .then(
        ['ComplaintAcknowledged', { complaintId: 'c1', responsibleAgentId: 'agent-1', resolveBy: iso(hours(22)) }],
        ['ComplaintResolved', { ...fact, immediate: true }],
      );
  });

  it.each([[undefined], [''], ['  ']])('needs a root cause, not %p', (rootCause) => {
    given(received(-hours(2)))
      .when(resolveComplaint, {
        complaintId: 'c1',
        decision: 'upheld',
        ...(rootCause === undefined ? {} : { rootCause }),
      })
      .thenRefused('RootCauseRequired', { path: '/rootCause' });
  });

  it('refuses a complaint that is resolved or closed', () => {
    const facts = [received(-hours(3)), acknowledged(-hours(2)), resolved(-hours(1))];
    given(...facts)
      .when(resolveComplaint, resolution)
      .thenRefused('InvalidState', { details: { stage: 'resolved' } });
    given(...facts, verdict(5, -1))
      .when(resolveComplaint, resolution)
      .thenRefused('InvalidState', { details: { stage: 'closed' } });
  });

  it('resolves a reopened complaint again', () => {
    given(received(-hours(9)), acknowledged(-hours(8)), resolved(-hours(7)), verdict(2, -hours(1)))
      .when(resolveComplaint, resolution)
      .then(
        ['ComplaintAcknowledged', { complaintId: 'c1', responsibleAgentId: 'agent-1', resolveBy: iso(hours(23)) }],
        ['ComplaintResolved', fact],
      );
  });

  it('resolves a reopened complaint of which the round before is told to be resolved', () => {
    given(received(-hours(9)), resolved(-hours(7)), verdict(2, -hours(2)), resolved(-hours(1), -hours(2) - 1))
      .when(resolveComplaint, resolution)
      .thenAccepted();
  });

  it('refuses a resolution before the receipt or ahead of the clock', () => {
    given(received(-hours(2)))
      .when(resolveComplaint, { ...resolution, resolvedAt: iso(-hours(2) - 1) })
      .thenRefused('InvalidInterval', { path: '/resolvedAt' });
    given(received(-hours(2)))
      .when(resolveComplaint, { ...resolution, resolvedAt: iso(300_001) })
      .thenRefused('OccurredInFuture', { path: '/resolvedAt' });
  });

  it('refuses an unknown complaint', () => {
    given().when(resolveComplaint, resolution).thenRefused('ComplaintNotFound');
  });
});
