/** Length of the scale on which the holdout share is drawn: whole per cents. */
const PER_CENT = 100;

/** FNV-1a, 32 bits, over UTF-8: the same on every machine, unsigned. */
export const hash32 = (text: string): number => {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
};

/**
 * The arm of a party in a campaign: control when hash32(campaignId|partyId) mod 100 < holdoutPct
 * (`domain.md §13.6`). The control arm is never contacted by that campaign.
 */
export const campaignArm = (campaignId: string, partyId: string, holdoutPct: number): 'test' | 'control' =>
  hash32(`${campaignId}|${partyId}`) % PER_CENT < holdoutPct ? 'control' : 'test';
