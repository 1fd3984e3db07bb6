import * as E from 'fp-ts/Either';
import { type CommandContext, type CommandDefinition, decided } from '../command/definition';
import { type DomainError, domainError, refuse } from '../command/errors';
import { type Knowledge, membersOf } from '../command/knowledge';
import { sameStatement } from '../command/same-statement';
import { code, freeText, id, instant, itemId, reference } from '../facts/codec';
import { record, type RecordOf, said } from '../facts/structure';
import { evidenceFor, outcomesOf } from './outcomes';
import { holdOf, isHolder, notHolder, ofWorkItem, workItemNotFound, type WorkItemState } from './state';

const required = { itemId, agentId: id, outcome: code };
const optional = { evidenceEventId: reference, nextActionAt: instant, notes: said(freeText) };
export type CompleteWorkItem = RecordOf<typeof required, typeof optional>;

/** The cited event must exist, prove the outcome and be about the item's customer. */
const missingEvidence = (
  { outcome, evidenceEventId }: CompleteWorkItem,
  { partyId, item }: NonNullable<Knowledge['workItem']>,
  { knowledge, configuration }: CommandContext,
): DomainError | null => {
  const rule = evidenceFor(outcome);
  const fact = evidenceEventId === undefined ? undefined : knowledge.events.get(evidenceEventId);
  const members = membersOf(knowledge, partyId);
  const isAboutCustomer = fact?.subjects.some((subject) => members.includes(subject)) ?? false;
  const isProof = rule === null || (fact !== undefined && isAboutCustomer && rule.proves(fact, configuration, item));
  const isUnknown = evidenceEventId !== undefined && fact === undefined;
  if (isProof && !isUnknown) return null;
  return domainError(
    'EvidenceRequired',
    `${outcome} needs evidence about this customer: ${rule?.what ?? 'an event that exists'}`,
    {
      path: '/evidenceEventId',
    },
  );
};

/** Ends the work on an item with one of its queue's outcomes (`domain.md §11.3`). */
export const completeWorkItem: CommandDefinition<CompleteWorkItem, WorkItemState> = {
  name: 'CompleteWorkItem',
  input: record(required, optional),
  ...ofWorkItem,
  goesOn: true,
  needs: (input) => ({
    workItemId: input.itemId,
    eventIds: input.evidenceEventId === undefined ? [] : [input.evidenceEventId],
  }),
  decide: (input, context) => (state) => {
    const { knowledge, occurredAt, actor } = context;
    if (knowledge.workItem === null) return workItemNotFound(input.itemId);
    const { partyId, item } = knowledge.workItem;
    const { itemId } = item;
    const completed = { ...input, itemId };
    if (state.stage === 'completed' && sameStatement({ ...state.completed, itemId }, completed)) return E.right([]);
    if (!isHolder(holdOf(state, item, occurredAt), input.agentId, actor)) return notHolder(input.itemId, input.agentId);
    const outcomes = outcomesOf[item.queue];
    if (!outcomes.includes(input.outcome)) {
      return refuse('InvalidOutcome', `${item.queue} ends with ${outcomes.join(', ')}`, {
        path: '/outcome',
        details: { outcomes },
      });
    }
    const missing = missingEvidence(input, knowledge.workItem, context);
    if (missing) return E.left(missing);
    return E.right([decided('WorkItemCompleted', completed, [partyId])]);
  },
};
