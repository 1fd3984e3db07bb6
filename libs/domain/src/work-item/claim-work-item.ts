import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { partyErased } from '../command/guards';
import { code, id, itemId, oneOf } from '../facts/codec';
import { list, record, type RecordOf } from '../facts/structure';
import { MINUTE_MS, toIso } from '../time/calendar';
import { claimSlots } from './events';
import { holdOf, ofWorkItem, workItemNotFound, type WorkItemState } from './state';

const required = { itemId, agentId: id };
/** `skills` of the agent, besides the actor's roles. `slot`: how the item was chosen, priority when absent. */
const optional = { skills: list(code, 0, 100), slot: oneOf(claimSlots) };
export type ClaimWorkItem = RecordOf<typeof required, typeof optional>;

/**
 * Takes an item for the length of the lease (`domain.md §11.6`). Claiming what one holds already
 * changes nothing and does not lengthen the lease.
 */
export const claimWorkItem: CommandDefinition<ClaimWorkItem, WorkItemState> = {
  name: 'ClaimWorkItem',
  input: record(required, optional),
  ...ofWorkItem,
  goesOn: true,
  needs: (input) => ({ workItemId: input.itemId, agentId: input.agentId }),
  decide: (input, context) => (state) => {
    const { agentId } = input;
    const { occurredAt, configuration, knowledge, actor } = context;
    if (knowledge.workItem === null) return workItemNotFound(input.itemId);
    const { item, partyId } = knowledge.workItem;
    if (knowledge.parties.get(partyId)?.status === 'erased') return E.left(partyErased(partyId));
    const hold = holdOf(state, item, occurredAt);
    if (hold !== null) {
      if (hold.agentId === agentId) return E.right([]);
      return refuse('AlreadyClaimed', `the item is claimed until ${toIso(hold.leaseUntil)}`, {
        path: '/itemId',
        details: { agentId: hold.agentId },
      });
    }
    if (item.state === 'closed') {
      return refuse('ItemNotOpen', `work item ${input.itemId} is closed`, { path: '/itemId' });
    }
    if (item.visibility === 'suppressed' || item.notBefore > occurredAt) {
      return refuse('ItemSuppressed', `work item ${input.itemId} is not visible now`, {
        path: '/itemId',
        details: { visibility: item.visibility, notBefore: toIso(item.notBefore) },
      });
    }
    if (item.skill !== null && ![...(input.skills ?? []), ...actor.roles].includes(item.skill)) {
      return refuse('SkillMissing', `the item needs the skill ${item.skill}`, {
        path: '/skills',
        details: { skill: item.skill },
      });
    }
    const { wipLimit, leaseMinutes } = configuration.queues;
    if (knowledge.agentWip >= wipLimit) {
      return refuse('WipLimit', `agent ${agentId} holds ${knowledge.agentWip} items`, {
        path: '/agentId',
        details: { limit: wipLimit },
      });
    }
    const claimed = {
      itemId: item.itemId,
      queue: item.queue,
      partyId,
      agentId,
      leaseUntil: toIso(occurredAt + leaseMinutes * MINUTE_MS),
      slot: input.slot ?? 'priority',
    } as const;
    return E.right([decided('WorkItemClaimed', claimed, [partyId])]);
  },
};
