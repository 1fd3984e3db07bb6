import type { Evidence, WorkItemEvidence } from '../customer/evidence';
import type { WorkItem } from '../customer/standing';
import { itemIdOf } from './item-id';

const none: WorkItemEvidence['acts'] = [];

/**
 * What agents did with the item of a trigger, in fold order. Before a merge the item had the id of
 * the party that is absorbed now: what was done under that id was done with this item.
 */
export const actsOn = (
  evidence: Evidence,
  { itemId, queue, triggerKey }: Pick<WorkItem, 'itemId' | 'queue' | 'triggerKey'>,
): WorkItemEvidence['acts'] => {
  if (evidence.workItems.size === 0) return none;
  if (evidence.members.size === 1) return evidence.workItems.get(itemId)?.acts ?? none;
  return [...evidence.members]
    .flatMap((member) => evidence.workItems.get(itemIdOf(queue, member, triggerKey))?.acts ?? none)
    .sort((a, b) => a.at - b.at);
};
