import { DAY_MS, type Evidence, type Instant, NEVER, type Policy, spend365, type Standing } from '@afecto/domain';

/** Switching costs weigh on a customer that is not won: from here on a warning (`domain.md §8.3`). */
export const WARN_ABOVE = 0.2;

/** Penalties in force at `asOf`; the other kinds of barriers are no sanction. */
export const activePenalties = (evidence: Evidence, asOf: Instant): Evidence['barriers'] =>
  evidence.barriers.filter(
    ({ kind, at, validTo }) => kind === 'penalty' && at <= asOf && (validTo === null || asOf < validTo),
  );

export interface SwitchingPressure {
  /** Minor units. */
  readonly penaltiesMinor: number;
  readonly spend365Minor: number;
  /** Σ active penalties / spend of 365 days; null when penalties stand against no spend at all. */
  readonly pressure: number | null;
  readonly warning: boolean;
}

/** Switching pressure at `asOf` (`domain.md §8.3`); without spend any penalty is above the limit. */
export const switchingPressure = (
  evidence: Evidence,
  { loyalty }: Standing,
  policy: Policy,
  asOf: Instant,
): SwitchingPressure => {
  const penaltiesMinor = activePenalties(evidence, asOf).reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const spend365Minor = spend365(evidence, policy, asOf);
  const pressure = penaltiesMinor === 0 ? 0 : spend365Minor > 0 ? penaltiesMinor / spend365Minor : null;
  const warning = (pressure === null || pressure > WARN_ABOVE) && loyalty.zone !== 'affection';
  return { penaltiesMinor, spend365Minor, pressure, warning };
};

/**
 * The periods from `asOf` on in which there is a warning if no fact comes: penalties end, and orders and
 * reversals grow too old to count as spend.
 */
export const warnedPeriods = (
  evidence: Evidence,
  standing: Standing,
  policy: Policy,
  asOf: Instant,
): ReadonlyArray<{ readonly from: Instant; readonly until: Instant }> => {
  const penalties = activePenalties(evidence, asOf);
  if (penalties.length === 0) return none;
  const span = policy.configuration.value.windowDays * DAY_MS;
  const points = new Set<Instant>();
  const note = (at: Instant): void => {
    if (at > asOf) points.add(at);
  };
  for (const { validTo } of penalties) if (validTo !== null) note(validTo);
  for (const { placedAt } of evidence.placedOrders) if (placedAt !== null) note(placedAt + span + 1);
  for (const { at } of evidence.reversals) note(at + span + 1);
  const periods: { from: Instant; until: Instant }[] = [];
  let since: Instant | null = null;
  for (const at of [asOf, ...[...points].sort((one, other) => one - other)]) {
    const { warning } = switchingPressure(evidence, standing, policy, at);
    if (warning) since ??= at;
    else if (since !== null) {
      periods.push({ from: since, until: at });
      since = null;
    }
  }
  return since === null ? periods : [...periods, { from: since, until: NEVER }];
};

const none: ReadonlyArray<never> = [];
