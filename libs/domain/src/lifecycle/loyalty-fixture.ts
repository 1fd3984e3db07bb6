import type { LoyaltyStanding } from '../customer/standing';
import { initialLoyalty } from '../loyalty/evaluation';

/** A loyalty standing that never changes, for tests of the phases alone. */
export const steadyLoyalty: LoyaltyStanding = { ...initialLoyalty, zone: 'indifference' };
