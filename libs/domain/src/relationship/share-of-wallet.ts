import type { Evidence } from '../customer/evidence';
import type { Policy } from '../policy/regime';
import type { Instant } from '../time/calendar';
import { inTrailing } from './window';

export interface ShareOfWallet {
  /** Fraction 0..1; null when nothing is known, never 0 for lack of evidence. */
  readonly value: number | null;
  readonly origin: 'reported' | 'estimated' | null;
  readonly eventId: string | null;
}

const unknown: ShareOfWallet = { value: null, origin: null, eventId: null };

/**
 * Wallet Allocation Rule (`domain.md §5`, literature): share of wallet of the brand at `rank` among
 * `brandsUsed` brands, ours included; 1 ≤ rank ≤ brandsUsed. The shares of all ranks sum to 1.
 */
export const walletAllocation = (rank: number, brandsUsed: number): number =>
  (1 - rank / (brandsUsed + 1)) * (2 / brandsUsed);

/** Depth: the latest share of wallet at most 365 days old, as reported or estimated (`domain.md §5`). */
export const shareOfWallet = (evidence: Evidence, policy: Policy, asOf: Instant): ShareOfWallet => {
  const { windowDays } = policy.configuration.relationship;
  for (let index = evidence.wallets.length - 1; index >= 0; index--) {
    const wallet = evidence.wallets[index];
    if (wallet === undefined || wallet.shareOfWallet === null || wallet.at > asOf) continue;
    return inTrailing(wallet.at, windowDays, asOf)
      ? { value: wallet.shareOfWallet, origin: wallet.origin, eventId: wallet.eventId }
      : unknown;
  }
  return unknown;
};
