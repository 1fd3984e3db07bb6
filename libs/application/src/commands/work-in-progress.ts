import type { Instant } from '@afecto/domain';
import type { ReadModels } from '@afecto/read-models';

/** Items that an agent holds: claimed, and the lease has not ended by `at` (`domain.md §11.6`, WIP). */
export const itemsHeldBy = async (readModels: ReadModels, agentId: string, at: Instant): Promise<number> => {
  let held = 0;
  for await (const page of readModels.items({ agentId, states: ['claimed'] }))
    held += page.filter(({ claimedBy }) => claimedBy !== null && claimedBy.leaseUntil > at).length;
  return held;
};
