import type { LoyaltyStanding } from '../customer/standing';

/** A loyalty standing that never changes, for tests of the phases alone. */
export const steadyLoyalty: LoyaltyStanding = {
  zone: 'indifference',
  previousZone: null,
  since: null,
  extreme: null,
  quadrant: null,
  subtype: null,
  confidence: 'low',
  heldBy: null,
  rules: [],
  history: [],
  quadrants: [],
};
