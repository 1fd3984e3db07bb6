import type { Evidence, Instant, Standing } from '@afecto/domain';
import { type CustomerChange, type CustomerRow, encodeItem } from '@afecto/read-models';

/** What lists and counts show of a customer. Everything in it changes in steps, so it can be stored. */
export const customerRowOf = (evidence: Evidence, standing: Standing, nextChangeAt: Instant): CustomerRow => ({
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
  nextChangeAt,
});

/** A customer as it is stored. */
export const customerChangeOf = (evidence: Evidence, standing: Standing, nextChangeAt: Instant): CustomerChange => ({
  row: customerRowOf(evidence, standing, nextChangeAt),
  items: standing.items.map(encodeItem),
});
