import { type Evidence, type Instant, type Policy, relationshipCriteria } from '@afecto/domain';

/** PR06: the four criteria of the level of relationship and its mode (`domain.md §5`, §3). */
export const criteriaOf = (evidence: Evidence, policy: Policy, asOf: Instant) =>
  relationshipCriteria(evidence, policy, asOf);

export type Criteria = ReturnType<typeof criteriaOf>;
