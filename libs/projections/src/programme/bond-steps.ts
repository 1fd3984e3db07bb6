import { activeBonds, type Evidence, type Instant, NEVER, type Policy, windowExit } from '@afecto/domain';

/** A bond as it is at an instant: its type, and whether only the automatic rule gives it. */
export interface BondStep {
  readonly bondType: string;
  readonly automatic: boolean;
  readonly from: Instant;
  /** `NEVER` while nothing known ends it. */
  readonly until: Instant;
}

/** When the rewards of the window become too few for a bond. */
const rewardsEnd = ({ rewards }: Evidence, { configuration }: Policy, asOf: Instant): Instant => {
  const { rewards: needed, windowDays } = configuration.relationship.rewardBond;
  const limiting = rewards.at(-needed);
  return limiting === undefined ? NEVER : windowExit(limiting.at, windowDays, asOf);
};

/** When the preferences applied in the window may become too few for a bond. */
const applicationsEnd = (evidence: Evidence, { configuration }: Policy, asOf: Instant): Instant => {
  const { applied, windowDays } = configuration.relationship.customizationBond;
  const latest = new Map<string, Instant>();
  const note = (at: Instant | null, ids: ReadonlyArray<string>): void => {
    if (at !== null) for (const id of ids) latest.set(id, Math.max(at, latest.get(id) ?? at));
  };
  for (const { placedAt, appliedPreferenceIds } of evidence.placedOrders) note(placedAt, appliedPreferenceIds);
  for (const { madeAt, appliedPreferenceIds } of evidence.offers.values()) note(madeAt, appliedPreferenceIds);
  const limiting = [...latest.values()].sort((one, other) => other - one)[applied - 1];
  return limiting === undefined ? NEVER : windowExit(limiting, windowDays, asOf);
};

/** Instants later than `asOf` at which a bond may begin or end without another fact. */
const turningPoints = (evidence: Evidence, policy: Policy, asOf: Instant): ReadonlyArray<Instant> => {
  const points = new Set<Instant>();
  const note = (at: Instant | null): void => {
    if (at !== null && at > asOf && at !== NEVER) points.add(at);
  };
  for (const { validFrom, validTo } of evidence.bonds) {
    note(validFrom);
    note(validTo);
  }
  for (const { validTo } of evidence.memberships.values()) note(validTo);
  note(rewardsEnd(evidence, policy, asOf));
  note(applicationsEnd(evidence, policy, asOf));
  return [...points].sort((one, other) => one - other);
};

/**
 * The bonds in force from `asOf` on (`domain.md §8.1`), and when each begins and ends if no fact comes: a
 * report that counts them is then right on every day, whenever the customer was evaluated last.
 */
export const bondSteps = (evidence: Evidence, policy: Policy, asOf: Instant): ReadonlyArray<BondStep> => {
  const steps: BondStep[] = [];
  let open = new Map<string, Omit<BondStep, 'until'>>();
  for (const at of [asOf, ...turningPoints(evidence, policy, asOf)]) {
    const now = new Map<string, Omit<BondStep, 'until'>>();
    for (const { bondType, automatic } of activeBonds(evidence, policy, at)) {
      const key = `${bondType} ${automatic}`;
      now.set(key, open.get(key) ?? { bondType, automatic, from: at });
    }
    for (const [key, step] of open) if (!now.has(key)) steps.push({ ...step, until: at });
    open = now;
  }
  return [...steps, ...[...open.values()].map((step) => ({ ...step, until: NEVER }))];
};
