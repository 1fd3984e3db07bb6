import {
  type Advanced,
  announcedOf,
  type Evidence,
  nextExpiry,
  policyAt,
  type Regime,
  retentionEnds,
  type WorkItem,
} from '@afecto/domain';
import { type CustomerChange, type CustomerRow, encodeCustomer, encodeItems, type Tally } from '@afecto/read-models';
import { type TallyKeys, tallyOf } from '../tally/tally-of';

/** What lists and counts show of a customer. Everything in it changes in steps, so it can be stored. */
export const customerRowOf = (
  evidence: Evidence,
  { standing, nextChangeAt, evaluatedAt }: Advanced,
  regime: Regime,
): CustomerRow => ({
  partyId: evidence.partyId,
  displayName: evidence.person.displayName || null,
  kind: evidence.person.kind,
  zone: standing.loyalty.zone,
  zoneSince: standing.loyalty.since,
  extreme: standing.loyalty.extreme,
  quadrant: standing.loyalty.quadrant,
  tier: standing.value.tier,
  phase: standing.lifecycle.phase,
  phaseSince: standing.lifecycle.since,
  consumptionClass: standing.value.consumptionClass,
  heavyUser: standing.value.reviewed?.heavyUser ?? null,
  announced: announcedOf(evidence, standing, policyAt(regime, evaluatedAt).configuration, evaluatedAt),
  nextChangeAt,
  expiresAt: nextExpiry(retentionEnds(evidence, policyAt(regime, evaluatedAt).configuration)),
});

/** What is stored of a customer already. */
export interface StoredBefore {
  readonly items: ReadonlyArray<WorkItem>;
  readonly tally: Tally;
}

/**
 * A customer as it is stored. `before`: as it is stored already, null when that is not known; decided
 * items never change, so those that are the same objects need not be written.
 */
export const customerChangeOf = (
  evidence: Evidence,
  advanced: Advanced,
  regime: Regime,
  keys: TallyKeys,
  before: StoredBefore | null = null,
): CustomerChange => {
  const row = customerRowOf(evidence, advanced, regime);
  const tally = tallyOf(evidence, advanced, regime, keys, before?.tally);
  const { items } = advanced.standing;
  const decided = { customer: encodeCustomer(row), announced: row.announced, tally };
  if (before === null) return { ...decided, items: encodeItems(items), dropped: 'others' };
  const change = { ...decided, tallyBefore: before.tally };
  if (before.items === items) return { ...change, items: none, dropped: none };
  const stored = new Set(before.items);
  const ids = new Set(items.map(({ itemId }) => itemId));
  return {
    ...change,
    items: encodeItems(
      items,
      items.filter((item) => !stored.has(item)),
    ),
    dropped: before.items.map(({ itemId }) => itemId).filter((itemId) => !ids.has(itemId)),
  };
};

const none: ReadonlyArray<never> = [];
