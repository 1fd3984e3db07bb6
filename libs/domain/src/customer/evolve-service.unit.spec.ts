import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';
import { defaultConfiguration } from '../policy/configuration';
import { evolve } from './evolve';
import { fact, isoOnDay, onDay } from './fact-builder';
import { emptyEvidence, type MutableEvidence } from './mutable-evidence';

const given = (facts: ReadonlyArray<Fact>): MutableEvidence => {
  const evidence = emptyEvidence('p1', [], defaultConfiguration);
  for (const one of facts) evolve(evidence, one);
  return evidence;
};

const received = (days: number, parts: Partial<FactData['ComplaintReceived']> = {}) =>
  fact('ComplaintReceived', days, {
    complaintId: 'c1',
    partyId: 'p1',
    channel: 'phone',
    category: 'delivery',
    severity: 3,
    ...parts,
  });
const acknowledged = (days: number, resolveBy: number) =>
  fact('ComplaintAcknowledged', days, {
    complaintId: 'c1',
    responsibleAgentId: 'a1',
    resolveBy: isoOnDay(resolveBy),
  });
const resolved = (days: number, at = days) =>
  fact('ComplaintResolved', days, {
    complaintId: 'c1',
    decision: 'upheld',
    rootCause: 'courier',
    immediate: false,
    resolvedAt: isoOnDay(at),
  });
const followedUp = (days: number, verdict: number | null) =>
  fact('ComplaintFollowedUp', days, {
    complaintId: 'c1',
    attempt: 1,
    ...(verdict === null ? { unreachable: true } : { verdict }),
  });

describe('a complaint', () => {
  test.each([
    [
      'received and acknowledged',
      [received(1), acknowledged(1.01, 2)],
      { severity: 3, receivedAt: onDay(1), acknowledgedAt: onDay(1.01), resolveBy: onDay(2), resolvedAt: null },
    ],
    [
      'resolved and found recovered',
      [received(1), resolved(2), followedUp(9, 4)],
      { resolvedAt: onDay(2), verdict: 4, verdictAt: onDay(9), reopenedAt: null, earlier: [] },
    ],
    [
      'resolved and found not recovered is reopened, its verdict kept',
      [received(1), acknowledged(1.01, 2), resolved(2), followedUp(9, 2)],
      { resolvedAt: null, acknowledgedAt: null, resolveBy: null, verdict: 2, reopenedAt: onDay(9), followUps: [] },
    ],
    [
      'reopened and resolved anew stands resolved',
      [received(1), resolved(2), followedUp(9, 1), resolved(10), followedUp(17, 5)],
      {
        resolvedAt: onDay(10),
        verdict: 5,
        reopenedAt: onDay(9),
        followUps: [{ at: onDay(17), verdict: 5 }],
        earlier: [{ reopenedAt: null, resolvedAt: onDay(2), followUps: [{ at: onDay(9), verdict: 1 }] }],
      },
    ],
    [
      'resolved before its reopening, as is told after it, is still open',
      [received(1), resolved(2), followedUp(9, 1), resolved(10, 8.9)],
      { resolvedAt: null, resolvedEventId: null, decision: null },
    ],
    [
      'and is resolved by what came after it',
      [received(1), resolved(2), followedUp(9, 1), resolved(10, 8.9), resolved(11)],
      { resolvedAt: onDay(11) },
    ],
    [
      'with an unreachable customer counts the attempts of the round',
      [received(1), resolved(2), followedUp(9, null), followedUp(12, null)],
      { unreachableAttempts: 2, followUps: [{ verdict: null }, { at: onDay(12) }], verdict: null },
    ],
    [
      'followed up while it is not resolved has nothing to reopen',
      [received(1), followedUp(3, 1)],
      { verdict: 1, reopenedAt: null, earlier: [] },
    ],
    [
      'resolved before it was received is resolved',
      [resolved(1), received(2)],
      { receivedAt: onDay(2), resolvedAt: onDay(1) },
    ],
    // The due that such an acknowledgement named was the one by which the solution before it was judged.
    [
      'acknowledged after its solution has the due that it had',
      [received(1), resolved(3), acknowledged(3.1, 4)],
      { acknowledgedAt: null, resolveBy: null, resolvedAt: onDay(3) },
    ],
    // ResolveComplaint tells both at once: what was solved within the hour and written down later was heard too late.
    [
      'solved before it was acknowledged, as is told after it, was heard by its solution',
      [received(1), acknowledged(3, 4), resolved(3, 1.01)],
      { acknowledgedAt: null, resolveBy: null, resolvedAt: onDay(1.01), responsibleAgentId: 'a1' },
    ],
    ['of which only a follow-up is known was never received', [followedUp(1, 5)], { receivedAt: null, eventId: null }],
    ['received twice is the first', [received(1), received(2, { severity: 1 })], { severity: 3, receivedAt: onDay(1) }],
  ])('%s', (_, facts, then) => {
    expect(given(facts).complaints.get('c1')).toMatchObject(then);
  });

  test('of another party is not this customer’s', () => {
    expect(given([received(1, { partyId: 'p2' })]).complaints.size).toBe(0);
  });

  test('is reopened by the verdict of the configuration in force', () => {
    const evidence = given([received(1), resolved(2)]);
    const strict = { ...defaultConfiguration, complaints: { ...defaultConfiguration.complaints, notRecoveredUpTo: 3 } };
    evolve(evidence, followedUp(9, 3), strict);
    expect(evidence.complaints.get('c1')?.earlier).toHaveLength(1);
  });
});

const opened = (days: number) =>
  fact('ServiceRequestOpened', days, {
    requestId: 'r1',
    partyId: 'p1',
    channel: 'phone',
    category: 'billing',
    class: 'deferred',
    openedAt: isoOnDay(days),
    agreedDueAt: isoOnDay(days + 0.5),
  });
const paused = (days: number) => fact('ServiceRequestPaused', days, { requestId: 'r1', reason: 'waiting_customer' });
const resumed = (days: number) => fact('ServiceRequestResumed', days, { requestId: 'r1' });
const solved = (days: number, at = days) =>
  fact('ServiceRequestResolved', days, {
    requestId: 'r1',
    resolutionCode: 'done',
    byTier: 'back_office',
    resolvedAt: isoOnDay(at),
  });
const reopened = (days: number) => fact('ServiceRequestReopened', days, { requestId: 'r1', reason: 'again' });
const escalated = (days: number) =>
  fact('ServiceRequestEscalated', days, {
    requestId: 'r1',
    from: 'front_office',
    to: 'back_office',
    level: 1,
    reason: 'late',
  });

describe('a service request', () => {
  test.each([
    [
      'opened',
      [opened(1)],
      { openedAt: onDay(1), agreedDueAt: onDay(1.5), requestClass: 'deferred', resolvedAt: null },
    ],
    ['escalated', [opened(1), escalated(1.1)], { escalations: [{ at: onDay(1.1), to: 'back_office', level: 1 }] }],
    [
      'paused twice over is paused once',
      [opened(1), paused(1.1), paused(1.2), resumed(1.3), resumed(1.4)],
      { pauses: [{ from: onDay(1.1), to: onDay(1.3) }] },
    ],
    [
      'resolved while paused is paused no more',
      [opened(1), paused(1.1), solved(1.2)],
      { pauses: [{ from: onDay(1.1), to: onDay(1.2) }], resolvedAt: onDay(1.2), byTier: 'back_office' },
    ],
    ['resolved twice was resolved the first time', [opened(1), solved(2), solved(3)], { resolvedAt: onDay(2) }],
    ['resolved earlier than told', [opened(1), solved(3, 2)], { resolvedAt: onDay(2) }],
    ['never resolved later than told', [opened(1), solved(3, 4)], { resolvedAt: onDay(3) }],
    [
      'reopened is open again',
      [opened(1), solved(2), reopened(3)],
      { resolvedAt: null, byTier: null, reopenedAt: onDay(3), openedAt: onDay(1) },
    ],
    [
      'resolved before its reopening, as is told after it, is still open',
      [opened(1), solved(2), reopened(3), paused(3.5), solved(4, 2.9)],
      {
        resolvedAt: null,
        byTier: null,
        firstResolvedAt: onDay(2),
        pauses: [{ from: onDay(3.5), to: null }],
        earlier: [{ reopenedAt: null, resolvedAt: onDay(2), until: onDay(3) }],
      },
    ],
    [
      'and is resolved by what came after it',
      [opened(1), solved(2), reopened(3), solved(4, 2.9), solved(5)],
      { resolvedAt: onDay(5) },
    ],
    [
      'reopened before its resolution is told was resolved in the round that ended',
      [opened(1), reopened(3), reopened(4), solved(5, 2)],
      {
        resolvedAt: null,
        firstResolvedAt: onDay(2),
        earlier: [
          { resolvedAt: onDay(2), until: onDay(3) },
          { resolvedAt: null, until: onDay(4) },
        ],
      },
    ],
    ['resolved before it was opened', [solved(1), opened(2)], { openedAt: onDay(2), resolvedAt: onDay(1) }],
  ])('%s', (_, facts, then) => {
    expect(given(facts).requests.get('r1')).toMatchObject(then);
  });

  // Facts are told in any order: what was handed on or paused after the solution counted as if it were open still.
  // An immediate request that missed its three minutes became a deferred one that was met, and a pause told of a
  // solved request stopped the clock of the next round.
  test.each([
    ['handed on after its solution is with nobody else', [opened(1), solved(2), escalated(2.1)], { escalations: [] }],
    [
      'solved before it was handed on, as is told after it, was not handed on',
      [opened(1), escalated(1.9), escalated(2.1), solved(3, 2)],
      { escalations: [{ at: onDay(1.9) }] },
    ],
    [
      'handed on at the instant of its solution was handed on, whichever is told first',
      [opened(1), solved(2), escalated(2)],
      { escalations: [{ at: onDay(2) }] },
    ],
    [
      'paused after its solution does not wait for the customer when it is reopened',
      [opened(1), solved(2), paused(2.1), reopened(3)],
      { pauses: [], reopenedAt: onDay(3) },
    ],
    [
      'paused before its solution is told waits for the customer until it was solved',
      [opened(1), paused(1.1), resumed(2.1), paused(2.2), resumed(2.3), solved(3, 2), reopened(4)],
      { pauses: [{ from: onDay(1.1), to: onDay(2) }] },
    ],
    [
      'handed on and paused before a solution is told that a reopening ended counts in neither round',
      [opened(1), escalated(2.1), paused(2.1), reopened(3), escalated(3.5), resumed(3.6), paused(3.7), solved(4, 2)],
      { escalations: [{ at: onDay(3.5) }], pauses: [{ from: onDay(3.7), to: null }] },
    ],
  ])('%s', (_, facts, then) => {
    expect(given(facts).requests.get('r1')).toMatchObject(then);
  });
});

describe('a promise', () => {
  const made = fact('PromiseMade', 1, { promiseId: 'm1', partyId: 'p1', madeBy: 'a1', dueAt: isoOnDay(3) });
  const settled = (days: number, outcome: FactData['PromiseSettled']['outcome'], fulfilled?: number) =>
    fact('PromiseSettled', days, {
      promiseId: 'm1',
      outcome,
      ...(fulfilled !== undefined && { fulfilledAt: isoOnDay(fulfilled) }),
    });
  test.each([
    ['made', [made], { madeAt: onDay(1), dueAt: onDay(3), settledAt: null, fulfilledAt: null }],
    ['kept without saying when was kept when told', [made, settled(2, 'kept')], { fulfilledAt: onDay(2) }],
    ['kept earlier than told', [made, settled(4, 'kept', 3)], { settledAt: onDay(4), fulfilledAt: onDay(3) }],
    ['broken', [made, settled(4, 'broken')], { settledAt: onDay(4), fulfilledAt: null, released: false }],
    ['released', [made, settled(2, 'released')], { released: true, settledAt: onDay(2) }],
    ['settled before it was made', [settled(0.5, 'kept'), made], { settledAt: onDay(0.5), dueAt: onDay(3) }],
    [
      'settled twice is settled as first told',
      [made, settled(2, 'kept'), settled(3, 'broken')],
      { settledAt: onDay(2) },
    ],
  ])('%s', (_, facts, then) => {
    expect(given(facts).promises.get('m1')).toMatchObject(then);
  });
});

describe('a service failure', () => {
  const failure = (days: number, partyIds: ReadonlyArray<string>) =>
    fact('ServiceFailureDetected', days, { failureId: 'x1', partyIds, kind: 'outage', severity: 2, detectedBy: 'us' });
  test('told in several events counts once for one customer', () => {
    expect(given([failure(1, ['p1', 'p2']), failure(1, ['p1'])]).failures).toMatchObject([
      { severity: 2, causationId: null },
    ]);
  });
  test('of others does not count', () => {
    expect(given([failure(1, ['p2'])]).failures).toEqual([]);
  });
});
