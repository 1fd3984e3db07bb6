import { type ContactPurpose, permittedChannels, reachableChannels } from '../consent/contactable';
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

/**
 * How to contact the party for a purpose that needs consent (`domain.md §4.6`, the right channel; §17.5): on
 * `present` for as long as that is permitted, else on the first of `channels` that is, else on the preferred one of
 * all that are. `channels`: those of a campaign, which then are the only ones.
 */
export const permittedChannel = (
  evidence: Evidence,
  purpose: ContactPurpose,
  {
    present = null,
    channels = null,
  }: { readonly present?: string | null; readonly channels?: ReadonlyArray<string> | null } = {},
): string => {
  const permitted = permittedChannels(evidence, purpose, channels);
  if (present !== null && permitted.includes(present)) return present;
  return permitted[0] ?? present ?? bestChannel(evidence);
};

/** How to contact the party for a purpose that needs no consent: on `present`, or where only another channel is valid now. */
export const validChannel = (evidence: Evidence, present: string): string => {
  const reachable: ReadonlyArray<string> = reachableChannels(evidence);
  return reachable.includes(present) ? present : (reachable[0] ?? present);
};
