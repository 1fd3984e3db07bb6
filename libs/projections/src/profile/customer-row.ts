import { type Advanced, announcedOf, type Evidence, policyAt, type Regime } from '@afecto/domain';
import { type CustomerChange, type CustomerRow, encodeItem } from '@afecto/read-models';

/** What lists and counts show of a customer. Everything in it changes in steps, so it can be stored. */
export const customerRowOf = (
  evidence: Evidence,
  { standing, nextChangeAt, evaluatedAt }: Advanced,
  regime: Regime,
): CustomerRow => ({
  partyId: evidence.partyId,
  displayName: evidence.person.displayName,
  kind: evidence.person.kind,
  zone: standing.loyalty.zone,
  zoneSince: standing.loyalty.since,
  extreme: standing.loyalty.extreme,
  quadrant: standing.loyalty.quadrant,
  tier: standing.value.tier,
  phase: standing.lifecycle.phase,
  phaseSince: standing.lifecycle.since,
  consumptionClass: standing.value.consumptionClass,
  heavyUser: standing.value.reviewed?.heavyUser ?? false,
  announced: announcedOf(evidence, standing, policyAt(regime, evaluatedAt).configuration, evaluatedAt),
  nextChangeAt,
});

/** A customer as it is stored. */
export const customerChangeOf = (evidence: Evidence, advanced: Advanced, regime: Regime): CustomerChange => ({
  row: customerRowOf(evidence, advanced, regime),
  items: advanced.standing.items.map(encodeItem),
});
