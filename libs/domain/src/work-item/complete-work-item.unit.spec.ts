import { given, hours, NOW, past } from '../command/given-when-then';
import type { Knowledge } from '../command/knowledge';
import type { QueueId } from '../customer/standing';
import type { Fact } from '../facts/envelope';
import { completeWorkItem } from './complete-work-item';
import { queueIds } from './events';
import { evidenceFor, outcomesOf } from './outcomes';
import { claimed, completed, ITEM_ID, known } from './work-item-fixtures';

const complete = { itemId: ITEM_ID, agentId: 'agent-1' };
const citing = (fact: Fact, queue: QueueId): Partial<Omit<Knowledge, 'parties'>> => ({
  ...known({ queue }),
  events: new Map([[fact.eventId, fact]]),
});

const verdict = (value: number, subject = 'customer') =>
  past('ComplaintFollowedUp', { complaintId: 'c1', verdict: value, attempt: 1 }, -hours(1), [subject]);
const unreachable = past('ComplaintFollowedUp', { complaintId: 'c1', unreachable: true, attempt: 1 }, -hours(1));
const answer = (said: 'accepted' | 'declined') => past('OfferAnswered', { offerId: 'o1', answer: said }, -hours(1));
const order = past(
  'OrderPlaced',
  {
    orderId: 'o1',
    partyId: 'customer',
    channel: 'web',
    lines: [{ sku: 's', productLine: 'l', qty: 1, listMinor: 1, netMinor: 1 }],
    totalNetMinor: 1,
    currency: 'GBP',
    appliedPreferenceIds: [],
  },
  -hours(1),
);

const allOutcomes = queueIds.flatMap((queue) => outcomesOf[queue].map((outcome) => [queue, outcome] as const));

describe('CompleteWorkItem', () => {
  // coverage: 6, 153, 154, 155, 156, 157, 158, 159, 160
  it.each(allOutcomes.filter(([, outcome]) => evidenceFor(outcome) === null))('ends %s as %s', (queue, outcome) => {
    given(claimed(1, 'agent-1', queue))
      .when(completeWorkItem, { ...complete, outcome }, { knowledge: known({ queue }) })
      .then(['WorkItemCompleted', { ...complete, outcome }, ['customer']]);
  });

  it.each([
    ['Q1', 'won_back'],
    ['Q2', 'recovered'],
    ['Q8', 'converted'],
    ['Q3', 'nonsense'],
  ] as const)('does not end %s as %s', (queue, outcome) => {
    given(claimed(1, 'agent-1', queue))
      .when(completeWorkItem, { ...complete, outcome }, { knowledge: known({ queue }) })
      .thenRefused('InvalidOutcome', { path: '/outcome', details: { outcomes: outcomesOf[queue] } });
  });

  it.each([
    ['Q1', 'recovered', verdict(4), true],
    ['Q1', 'recovered', verdict(3), false],
    ['Q1', 'recovered', unreachable, false],
    ['Q1', 'recovered', order, false],
    ['Q1', 'recovered', verdict(5, 'somebody-else'), false],
    ['Q2', 'won_back', order, true],
    ['Q2', 'won_back', verdict(5), false],
    ['Q4', 'converted', order, true],
    ['Q4', 'converted', answer('accepted'), true],
    ['Q8', 'accepted', answer('accepted'), true],
    ['Q8', 'accepted', answer('declined'), false],
  ] as const)('%s: %s is proved or not by an event', (queue, outcome, fact, isProof) => {
    const body = { ...complete, outcome, evidenceEventId: fact.eventId };
    const result = given(claimed(1, 'agent-1', queue)).when(completeWorkItem, body, { knowledge: citing(fact, queue) });
    if (isProof) result.thenAccepted();
    else result.thenRefused('EvidenceRequired', { path: '/evidenceEventId' });
  });

  // Any verdict and any order of the customer proved the outcome: that of another complaint, and the very order after
  // which a customer was lost as the one with which it came back.
  it.each([
    ['recovered by the verdict on another complaint', 'Q1', 'recovered', verdict(5), { triggerKey: 'c2' }],
    ['recovered, for the supervisor', 'Q1', 'recovered', verdict(5), { triggerKey: 'c2:supervisor' }],
    ['won back by an order before it was lost', 'Q2', 'won_back', order, { enteredAt: NOW - hours(1) + 1 }],
    ['accepted by an answer before it was offered', 'Q8', 'accepted', answer('accepted'), { enteredAt: NOW }],
  ] as const)('is not %s', (_, queue, outcome, fact, over) => {
    const body = { ...complete, outcome, evidenceEventId: fact.eventId };
    const knowledge = { ...citing(fact, queue), ...known({ queue, ...over }) };
    given(claimed(1, 'agent-1', queue))
      .when(completeWorkItem, body, { knowledge })
      .thenRefused('EvidenceRequired', { path: '/evidenceEventId' });
  });

  it.each([
    ['the complaint', { triggerKey: 'c1:supervisor' }],
    ['the call back, which has no complaint of its own', { triggerKey: 'answer-1', causedBy: ['answer-1'] }],
    ['the call back of a supervisor', { triggerKey: 'answer-1:supervisor', causedBy: ['answer-1'] }],
    ['a personal contact', { triggerKey: 'terrorist:2026-01-01T00:00:00.000Z' }],
  ])('a verdict proves the recovery of %s', (_, over) => {
    const fact = verdict(4);
    given(claimed(1))
      .when(
        completeWorkItem,
        { ...complete, outcome: 'recovered', evidenceEventId: fact.eventId },
        { knowledge: { ...citing(fact, 'Q1'), ...known(over) } },
      )
      .thenAccepted();
  });

  it('needs the evidence to be named and to exist', () => {
    given(claimed(1))
      .when(completeWorkItem, { ...complete, outcome: 'recovered' }, { knowledge: known() })
      .thenRefused('EvidenceRequired');
    given(claimed(1))
      .when(
        completeWorkItem,
        { ...complete, outcome: 'apologised', evidenceEventId: 'nothing' },
        { knowledge: known() },
      )
      .thenRefused('EvidenceRequired');
  });

  it('is for the holder', () => {
    const apologised = { ...complete, outcome: 'apologised' };
    for (const facts of [[], [claimed(1, 'agent-2')], [claimed(0)]]) {
      given(...facts)
        .when(completeWorkItem, apologised, { knowledge: known() })
        .thenRefused('NotHolder');
    }
  });

  it('says nothing new when the same completion comes again, and refuses another one', () => {
    given(claimed(1), completed('apologised'))
      .when(completeWorkItem, { ...complete, outcome: 'apologised' }, { knowledge: known({ state: 'closed' }) })
      .thenNothing();
    given(claimed(1), completed('apologised'))
      .when(completeWorkItem, { ...complete, outcome: 'unreachable' }, { knowledge: known({ state: 'closed' }) })
      .thenRefused('NotHolder');
  });

  it('refuses an unknown item', () => {
    given()
      .when(completeWorkItem, { ...complete, outcome: 'apologised' })
      .thenRefused('WorkItemNotFound');
  });
});
