import { reachableChannels } from '../consent/contactable';
import type { Evidence } from '../customer/evidence';

/**
 * How and where to contact the party (`domain.md §4.6`, never null): on the channel of the matter, else
 * the preferred valid contact point, else where the party last came to us, else by phone.
 */
export const bestChannel = (evidence: Evidence, ofTheMatter: string | null = null): string => {
  if (ofTheMatter !== null) return ofTheMatter;
  const reachable = reachableChannels(evidence)[0];
  if (reachable !== undefined) return reachable;
  const inbound = evidence.interactions.findLast(({ direction }) => direction === 'inbound');
  return inbound?.channel ?? evidence.placedOrders.at(-1)?.channel ?? 'phone';
};
