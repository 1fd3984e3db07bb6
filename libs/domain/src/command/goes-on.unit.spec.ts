import { acknowledgeComplaint } from '../complaint/acknowledge-complaint';
import * as complaint from '../complaint/complaint-facts';
import { followUpComplaint } from '../complaint/follow-up-complaint';
import { resolveComplaint } from '../complaint/resolve-complaint';
import { settlePromise } from '../promise/settle-promise';
import { escalateServiceRequest } from '../service-request/escalate-service-request';
import { pauseServiceRequest } from '../service-request/pause-service-request';
import { reopenServiceRequest } from '../service-request/reopen-service-request';
import * as request from '../service-request/request-facts';
import { resumeServiceRequest } from '../service-request/resume-service-request';
import type { Fact } from '../facts/envelope';
import { claimWorkItem } from '../work-item/claim-work-item';
import { completeWorkItem } from '../work-item/complete-work-item';
import { releaseWorkItem } from '../work-item/release-work-item';
import * as work from '../work-item/work-item-fixtures';
import { given, hours, iso, NOW, past } from './given-when-then';

type When = (facts: ReadonlyArray<Fact>, occurredAt: number) => ReturnType<ReturnType<typeof given>['when']>;

const mine = { itemId: work.ITEM_ID, agentId: 'agent-1' };
const r1 = { requestId: 'r1' };
const opened = request.opened(-hours(5));
const escalation = { ...r1, to: 'supervisor', level: 2, reason: 'late' } as const;
const promised = past(
  'PromiseMade',
  { promiseId: 'm1', partyId: 'customer', madeBy: 'agent-1', dueAt: iso(hours(9)) },
  -hours(5),
);

/**
 * Facts fold in the order in which they happened. A pause dated before the opening was accepted and stopped the
 * clock of a request that no command could resume; a follow-up dated before the resolution was accepted and
 * reopened nothing; a reopening dated before the solution gave another day; a release dated before the claim let go
 * of nothing, and an outcome dated before it ended an item that was claimed ever after.
 */
describe('a command that says when it happened goes on from what had happened by then', () => {
  it.each<[string, ReadonlyArray<Fact>, number, When]>([
    [
      'a pause, from the opening',
      [opened],
      -hours(5),
      (facts, occurredAt) => given(...facts).when(pauseServiceRequest, r1, { occurredAt }),
    ],
    [
      'a pause, from the end of the last one',
      [opened, request.paused(-hours(4)), request.resumed(-hours(2))],
      -hours(2),
      (facts, occurredAt) => given(...facts).when(pauseServiceRequest, r1, { occurredAt }),
    ],
    [
      'the end of a pause, from its beginning',
      [opened, request.paused(-hours(4))],
      -hours(4),
      (facts, occurredAt) => given(...facts).when(resumeServiceRequest, r1, { occurredAt }),
    ],
    [
      'an escalation, from the opening',
      [opened],
      -hours(5),
      (facts, occurredAt) => given(...facts).when(escalateServiceRequest, escalation, { occurredAt }),
    ],
    [
      'a reopening, from the solution, whenever that was told',
      [opened, request.resolved(-hours(1), -hours(3))],
      -hours(3),
      (facts, occurredAt) => given(...facts).when(reopenServiceRequest, { ...r1, reason: 'again' }, { occurredAt }),
    ],
    [
      'an acknowledgement, from the receipt',
      [complaint.received(-hours(5))],
      -hours(5),
      (facts, occurredAt) =>
        given(...facts).when(acknowledgeComplaint, { complaintId: 'c1', responsibleAgentId: 'a' }, { occurredAt }),
    ],
    [
      'a resolution, from the receipt, whenever the complaint was resolved',
      [complaint.received(-hours(5))],
      -hours(5),
      (facts, occurredAt) =>
        given(...facts).when(
          resolveComplaint,
          { complaintId: 'c1', decision: 'upheld', rootCause: 'late', resolvedAt: iso(-hours(2)) },
          { occurredAt },
        ),
    ],
    [
      'a follow-up, from the resolution',
      [complaint.received(-hours(5)), complaint.resolved(-hours(2))],
      -hours(2),
      (facts, occurredAt) => given(...facts).when(followUpComplaint, { complaintId: 'c1', verdict: 1 }, { occurredAt }),
    ],
    [
      'the settlement of a promise, from its making',
      [promised],
      -hours(5),
      (facts, occurredAt) => given(...facts).when(settlePromise, { promiseId: 'm1' }, { occurredAt }),
    ],
    [
      'a claim, from the end of the last one',
      [work.claimed(hours(1), 'agent-2'), work.released()],
      -1,
      (facts, occurredAt) => given(...facts).when(claimWorkItem, mine, { occurredAt, knowledge: work.known() }),
    ],
    [
      'the release of an item, from its claim',
      [work.claimed(hours(1))],
      -hours(0.5),
      (facts, occurredAt) =>
        given(...facts).when(
          releaseWorkItem,
          { ...mine, reason: 'shift_ends' },
          { occurredAt, knowledge: work.known() },
        ),
    ],
    [
      'the outcome of work, from its claim',
      [work.claimed(hours(1))],
      -hours(0.5),
      (facts, occurredAt) =>
        given(...facts).when(
          completeWorkItem,
          { ...mine, outcome: 'apologised' },
          { occurredAt, knowledge: work.known() },
        ),
    ],
  ])('%s', (_, facts, from, when) => {
    when(facts, NOW + from - 1).thenRefused('InvalidInterval', { path: '/occurredAt' });
    when(facts, NOW + from).thenAccepted();
    when(facts, NOW).thenAccepted();
  });

  it('what was said already is no news, whenever it is said to have happened', () => {
    given(work.claimed(hours(1)), work.completed('apologised'))
      .when(
        completeWorkItem,
        { ...mine, outcome: 'apologised' },
        { occurredAt: NOW - hours(1), knowledge: work.known({ state: 'closed' }) },
      )
      .thenNothing();
  });

  it('what changes nothing is nothing to go on from', () => {
    const compensated = past(
      'CompensationGranted',
      { complaintId: 'c1', kind: 'gesture', amountMinor: 1, justice: 'procedural', approvedBy: 'a' },
      -hours(1),
    );
    given(complaint.received(-hours(5)), complaint.resolved(-hours(4)), compensated)
      .when(followUpComplaint, { complaintId: 'c1', verdict: 4 }, { occurredAt: NOW - hours(2) })
      .thenAccepted();
  });

  it('what another clock dated ahead holds up nobody who says nothing of when', () => {
    given(complaint.received(hours(0.05)))
      .when(acknowledgeComplaint, { complaintId: 'c1', responsibleAgentId: 'a' })
      .thenAccepted();
  });
});
