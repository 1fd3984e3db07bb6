import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { code, id, instant, itemId } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { isProactive } from '../queues/queue-rules';
import { DAY_MS, toIso } from '../time/calendar';
import { holdOf, isHolder, notHolder, ofWorkItem, workItemNotFound, type WorkItemState } from './state';

const required = { itemId, agentId: id, reason: code };
const optional = { snoozeUntil: instant };
export type ReleaseWorkItem = RecordOf<typeof required, typeof optional>;

/** Gives an item back, asleep until `snoozeUntil` when given: at most 14 d, and not past the due time of a reactive item. */
export const releaseWorkItem: CommandDefinition<ReleaseWorkItem, WorkItemState> = {
  name: 'ReleaseWorkItem',
  input: record(required, optional),
  ...ofWorkItem,
  goesOn: true,
  decide: (input, context) => (state) => {
    const { knowledge, occurredAt, configuration, actor } = context;
    if (knowledge.workItem === null) return workItemNotFound(input.itemId);
    const { partyId, item } = knowledge.workItem;
    if (!isHolder(holdOf(state, item, occurredAt), input.agentId, actor)) return notHolder(input.itemId, input.agentId);
    if (input.snoozeUntil !== undefined) {
      const until = Date.parse(input.snoozeUntil);
      const longest = occurredAt + configuration.queues.snoozeMaxDays * DAY_MS;
      const limit = isProactive(item.queue) ? longest : Math.min(longest, item.dueAt);
      if (until > limit) {
        return refuse('SnoozeTooLong', `the item can sleep until ${toIso(limit)}`, {
          path: '/snoozeUntil',
          details: { limit: toIso(limit) },
        });
      }
      if (until <= occurredAt) {
        return refuse('InvalidInterval', `the item would wake before ${toIso(occurredAt)}`, { path: '/snoozeUntil' });
      }
    }
    return E.right([decided('WorkItemReleased', { ...input, itemId: item.itemId }, [partyId])]);
  },
};
