export interface Spender {
  readonly partyId: string;
  /** Net spend of the trailing 365 days, minor units. */
  readonly spend365Minor: number;
}

/** The biggest spender first, ties by party id (`domain.md §6.3`). */
export const bySpend = (one: Spender, other: Spender): number =>
  other.spend365Minor - one.spend365Minor || (one.partyId < other.partyId ? -1 : one.partyId > other.partyId ? 1 : 0);

/**
 * Heavy users are the few who together make up `heavyShare` (0..1) of the spend (`domain.md §6.3`): length of
 * the shortest prefix of spends sorted descending whose sum reaches it; 0 when nothing was spent on balance.
 */
export const heavyPrefix = (descending: ArrayLike<number>, heavyShare: number): number => {
  let total = 0;
  for (let index = 0; index < descending.length; index++) total += descending[index] ?? 0;
  if (total <= 0) return 0;
  let reached = 0;
  for (let index = 0; index < descending.length; index++) {
    reached += descending[index] ?? 0;
    if (reached >= heavyShare * total) return index + 1;
  }
  return descending.length;
};
