import type { Tier } from '../customer/standing';
import type { Configuration } from '../policy/configuration';

/** What places a customer in the ranking of the base. */
export interface RankKey {
  readonly cm365Minor: number;
  readonly longevityDays: number;
  readonly partyId: string;
}

export interface TierCuts {
  /** The last party inside the share, in ranking order; null when the base was empty. */
  readonly platinum: RankKey | null;
  readonly gold: RankKey | null;
}

/** Ranking of the base: contribution descending, longevity descending, party id ascending (`domain.md §6.5`). */
export const compareRank = (one: RankKey, other: RankKey): number =>
  other.cm365Minor - one.cm365Minor ||
  other.longevityDays - one.longevityDays ||
  (one.partyId < other.partyId ? -1 : one.partyId > other.partyId ? 1 : 0);

/** Rounding noise of share · N must not open one more place (0.05 · 140 is 7.000000000000001). */
const noise = 1e-9;

/** Places of a tier: ceil(share · N) (`domain.md §6.5`). */
export const placesOf = (share: number, baseSize: number): number => Math.max(0, Math.ceil(share * baseSize - noise));

const isInside = (customer: RankKey, cut: RankKey | null): boolean => cut !== null && compareRank(customer, cut) <= 0;

/** The tier that one review computes for one customer of its base (`domain.md §6.5`). */
export const tierOf = (
  customer: RankKey & { readonly discountShare: number },
  review: { readonly baseSize: number; readonly tierCuts: TierCuts },
  configuration: Configuration,
): Tier => {
  const { minBase, platinumMaxDiscountShare } = configuration.value.tiers;
  if (customer.cm365Minor <= 0) return 'lead';
  if (review.baseSize < minBase) return 'unranked';
  if (customer.discountShare <= platinumMaxDiscountShare && isInside(customer, review.tierCuts.platinum))
    return 'platinum';
  return isInside(customer, review.tierCuts.gold) ? 'gold' : 'iron';
};

const level: Readonly<Record<Exclude<Tier, 'unranked'>, number>> = { lead: 0, iron: 1, gold: 2, platinum: 3 };

/** Whether `next` lies lower in the pyramid than `present`; `unranked` is no level and compares with none. */
export const isLower = (next: Tier, present: Tier): boolean =>
  next !== 'unranked' && present !== 'unranked' && level[next] < level[present];
