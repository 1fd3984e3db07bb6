import { type Evidence, type Instant, type Policy, relationshipCriteria, toIso } from '@afecto/domain';

/** PR06: the four criteria of the level of relationship and its mode (`domain.md §5`, §3). */
export const criteriaOf = (evidence: Evidence, policy: Policy, asOf: Instant) => {
  const { referral, ...criteria } = relationshipCriteria(evidence, policy, asOf);
  const { nps } = referral;
  return { ...criteria, referral: { ...referral, nps: nps === null ? null : { ...nps, at: toIso(nps.at) } } };
};

export type Criteria = ReturnType<typeof criteriaOf>;
