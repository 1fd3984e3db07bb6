import type { Evidence } from '../customer/evidence';
import type { Policy } from '../policy/regime';
import type { Instant } from '../time/calendar';
import { longevityDays } from './longevity';
import { type RelationshipMode, relationshipMode } from './mode';
import { type Referral, referralOf } from './referral';
import { type Scope, scopeOf } from './scope';
import { type ShareOfWallet, shareOfWallet } from './share-of-wallet';

export interface RelationshipCriteria {
  readonly longevityDays: number;
  readonly scope: Scope;
  readonly depth: ShareOfWallet;
  readonly referral: Referral;
  readonly mode: RelationshipMode;
}

/** The four criteria of the level of relationship and its mode (`domain.md §5`, §3; PR06). */
export const relationshipCriteria = (evidence: Evidence, policy: Policy, asOf: Instant): RelationshipCriteria => ({
  longevityDays: longevityDays(evidence, policy, asOf),
  scope: scopeOf(evidence, policy, asOf),
  depth: shareOfWallet(evidence, policy, asOf),
  referral: referralOf(evidence, policy, asOf),
  mode: relationshipMode(evidence, policy, asOf),
});
