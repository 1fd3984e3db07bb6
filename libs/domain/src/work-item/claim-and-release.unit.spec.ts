import { given, hours, iso, NOW } from '../command/given-when-then';
import { claimWorkItem } from './claim-work-item';
import { releaseWorkItem } from './release-work-item';
import { claimed, completed, ITEM_ID, known, released } from './work-item-fixtures';

const claim = { itemId: ITEM_ID, agentId: 'agent-1' };
const release = { itemId: ITEM_ID, agentId: 'agent-1', reason: 'shift_ends' };
const fact = {
  ...claim,
  queue: 'Q1',
  partyId: 'customer',
  leaseUntil: iso(hours(0.5)),
  slot: 'priority',
} as const;

describe('ClaimWorkItem', () => {
  it('leases the item for 30 minutes', () => {
    given()
      .when(claimWorkItem, claim, { knowledge: known() })
      .then(['WorkItemClaimed', fact, ['customer']]);
    given()
      .when(claimWorkItem, { ...claim, slot: 'fifo' }, { knowledge: known() })
      .then(['WorkItemClaimed', { ...fact, slot: 'fifo' }]);
  });

  it('refuses an item that another agent holds until the lease ends', () => {
    given(claimed(1, 'agent-2'))
      .when(claimWorkItem, claim, { knowledge: known() })
      .thenRefused('AlreadyClaimed', { details: { agentId: 'agent-2' } });
    given(claimed(0, 'agent-2')).when(claimWorkItem, claim, { knowledge: known() }).thenAccepted();
    given(claimed(1, 'agent-2'), released()).when(claimWorkItem, claim, { knowledge: known() }).thenAccepted();
  });

  it('refuses an item that is held by what only the fold knows, told to another stream', () => {
    const claimedBy = { agentId: 'agent-2', at: NOW - 1, leaseUntil: NOW + 1 };
    given()
      .when(claimWorkItem, claim, { knowledge: known({ state: 'claimed', claimedBy }) })
      .thenRefused('AlreadyClaimed', { details: { agentId: 'agent-2' } });
    given()
      .when(claimWorkItem, claim, {
        knowledge: known({ state: 'claimed', claimedBy: { ...claimedBy, leaseUntil: NOW } }),
      })
      .thenAccepted();
  });

  it('says nothing new to the holder, at the limit of work too', () => {
    given(claimed(1))
      .when(claimWorkItem, claim, { knowledge: { ...known(), agentWip: 5 } })
      .thenNothing();
  });

  it('takes an item that is tried again after its completion', () => {
    given(claimed(hours(1)), completed('unreachable'))
      .when(claimWorkItem, claim, { knowledge: known({ attempts: 1 }) })
      .thenAccepted();
  });

  it.each([
    ['closed', { state: 'closed' }, 'ItemNotOpen'],
    ['suppressed', { visibility: 'suppressed' }, 'ItemSuppressed'],
    ['snoozed', { visibility: 'snoozed', notBefore: NOW + 1 }, 'ItemSuppressed'],
    ['not yet to be worked on', { notBefore: NOW + 1 }, 'ItemSuppressed'],
  ] as const)('refuses an item that is %s', (_, over, code) => {
    given()
      .when(claimWorkItem, claim, { knowledge: known(over) })
      .thenRefused(code, { path: '/itemId' });
  });

  it('wakes a snoozed item at its exact instant, before its party is evaluated again', () => {
    given()
      .when(claimWorkItem, claim, { knowledge: known({ visibility: 'snoozed', notBefore: NOW }) })
      .thenAccepted();
  });

  it('needs the skill of the item, from the body or from a role', () => {
    const knowledge = known({ skill: 'supervisor' });
    given()
      .when(claimWorkItem, { ...claim, skills: ['dutch'] }, { knowledge })
      .thenRefused('SkillMissing', { path: '/skills', details: { skill: 'supervisor' } });
    given()
      .when(claimWorkItem, { ...claim, skills: ['supervisor'] }, { knowledge })
      .thenAccepted();
    given()
      .when(claimWorkItem, claim, { knowledge, actor: { kind: 'agent', id: 'agent-1', roles: ['supervisor'] } })
      .thenAccepted();
  });

  it('refuses the sixth item of an agent', () => {
    given()
      .when(claimWorkItem, claim, { knowledge: { ...known(), agentWip: 4 } })
      .thenAccepted();
    given()
      .when(claimWorkItem, claim, { knowledge: { ...known(), agentWip: 5 } })
      .thenRefused('WipLimit', { details: { limit: 5 } });
  });

  it('refuses an unknown item, and one of an erased party', () => {
    given().when(claimWorkItem, claim).thenRefused('WorkItemNotFound');
    given()
      .when(claimWorkItem, claim, { knowledge: known(), parties: { customer: { status: 'erased' } } })
      .thenRefused('PartyErased');
  });
});

describe('ReleaseWorkItem', () => {
  it('gives the item back', () => {
    given(claimed(1))
      .when(releaseWorkItem, release, { knowledge: known() })
      .then(['WorkItemReleased', release, ['customer']]);
  });

  it.each([
    ['nobody holds', []],
    ['another agent holds', [claimed(1, 'agent-2')]],
    ['the agent held until the lease ended', [claimed(0)]],
    ['is released', [claimed(1), released()]],
  ])('refuses an item that %s', (_, facts) => {
    given(...facts)
      .when(releaseWorkItem, release, { knowledge: known() })
      .thenRefused('NotHolder');
  });

  it('lets a supervisor release for the holder', () => {
    const actor = { kind: 'agent', id: 'agent-9', roles: ['supervisor'] } as const;
    given(claimed(1, 'agent-2')).when(releaseWorkItem, release, { knowledge: known(), actor }).thenAccepted();
  });

  it.each([
    ['Q7', 14 * 24, 14 * 24],
    ['Q7', 30 * 24, 14 * 24],
    ['Q1', 10, 10],
    ['Q4', 10, 10],
    ['Q6', 10, 10],
    ['Q1', 30 * 24, 14 * 24],
  ] as const)('an item of %s due in %i h sleeps for %i h at most', (queue, dueInHours, limitHours) => {
    const knowledge = known({ queue, dueAt: NOW + hours(dueInHours) });
    given(claimed(1))
      .when(releaseWorkItem, { ...release, snoozeUntil: iso(hours(limitHours)) }, { knowledge })
      .thenAccepted();
    given(claimed(1))
      .when(releaseWorkItem, { ...release, snoozeUntil: iso(hours(limitHours) + 1) }, { knowledge })
      .thenRefused('SnoozeTooLong', { path: '/snoozeUntil', details: { limit: iso(hours(limitHours)) } });
  });

  it('does not wake in the past', () => {
    given(claimed(1))
      .when(releaseWorkItem, { ...release, snoozeUntil: iso() }, { knowledge: known() })
      .thenRefused('InvalidInterval', { path: '/snoozeUntil' });
  });

  it('refuses an unknown item', () => {
    given().when(releaseWorkItem, release).thenRefused('WorkItemNotFound');
  });
});
