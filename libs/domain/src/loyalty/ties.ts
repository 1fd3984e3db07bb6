import type { Evidence } from '../customer/evidence';
import type { Policy } from '../policy/regime';
import { type ActiveBond, activeBonds } from '../relationship/bonds';
import { longevityDays, longevityGrowsUntil } from '../relationship/longevity';
import { activeMemberships } from '../relationship/memberships';
import { linesInWindow } from '../relationship/scope';
import { type ShareOfWallet, shareOfWallet } from '../relationship/share-of-wallet';
import { inTrailing, windowExit } from '../relationship/window';
import { DAY_MS, type Instant, NEVER } from '../time/calendar';

/** Ties and advocacy (family D). Each part is a step function of time (`domain.md §7.3 D`). */
export interface Ties {
  /** D, −1..1. */
  readonly signal: number;
  readonly confidence: 0 | 1;
  /** Share of the sum of the parts that counts after the clamp, 1 when nothing is cut. */
  readonly countedShare: number;
  readonly referralsMade: number;
  readonly referralsConverted: number;
  readonly member: boolean;
  readonly bonds: ReadonlyArray<ActiveBond>;
  /** Longevity when this was measured, days. */
  readonly activeDays: number;
  /** Full active years. */
  readonly activeYears: number;
  /** Product lines of the trailing 365 days. */
  readonly lines: number;
  readonly wallet: ShareOfWallet;
  readonly parts: TieParts;
}

/** What each part adds to D, after its own cap. */
export interface TieParts {
  readonly made: number;
  readonly converted: number;
  readonly membership: number;
  readonly bonds: number;
  readonly years: number;
  readonly scope: number;
  readonly wallet: number;
}

/** A full active year (`domain.md §7.3 D`: floor(longevityDays/365)). */
const DAYS_IN_YEAR = 365;

const isPresent = ({ made, converted, membership, bonds, years, scope, wallet }: TieParts): boolean =>
  made !== 0 || converted !== 0 || membership !== 0 || bonds !== 0 || years !== 0 || scope !== 0 || wallet !== 0;

const walletPart = (value: number | null, policy: Policy): number => {
  const { walletHigh, walletHighSignal, walletLow, walletLowSignal } = policy.configuration.loyalty.ties;
  if (value === null) return 0;
  return value >= walletHigh ? walletHighSignal : value < walletLow ? walletLowSignal : 0;
};

export interface SteadyTies {
  readonly ties: Ties;
  /** First instant after the one asked at which some part of them may be another. */
  readonly until: Instant;
}

/** Family D at `asOf` and how long it stays so. */
export const steadyTies = (evidence: Evidence, policy: Policy, asOf: Instant): SteadyTies => {
  const ties = measureTies(evidence, policy, asOf);
  return { ties, until: tiesSteadyUntil(evidence, ties.activeDays, policy, asOf) };
};

/**
 * The first instant after `asOf` at which a tie may begin, end or leave its window, facts staying the
 * same. Early is harmless, late is not: what only might matter counts.
 */
const tiesSteadyUntil = (evidence: Evidence, activeDays: number, policy: Policy, asOf: Instant): Instant => {
  const { ties } = policy.configuration.loyalty;
  const { relationship } = policy.configuration;
  const anniversary = asOf + (DAYS_IN_YEAR - (activeDays % DAYS_IN_YEAR)) * DAY_MS;
  let until = anniversary <= longevityGrowsUntil(evidence, policy, asOf) ? anniversary : NEVER;
  const consider = (at: Instant): void => {
    if (at > asOf && at < until) until = at;
  };
  const leaves = (at: Instant | null, days: number): void => {
    if (at !== null) consider(at > asOf ? at : windowExit(at, days, asOf));
  };
  for (const { at, convertedAt } of evidence.referralsMade) {
    leaves(at, ties.windowDays);
    leaves(convertedAt, ties.windowDays);
  }
  if (evidence.memberships.size > 0)
    for (const { enrolledAt, validTo } of evidence.memberships.values()) {
      if (enrolledAt !== null) consider(enrolledAt);
      if (validTo !== null) consider(validTo);
    }
  for (const { at, validFrom, validTo } of evidence.bonds) {
    consider(at);
    consider(validFrom);
    if (validTo !== null) consider(validTo);
  }
  for (const { at } of evidence.rewards) leaves(at, relationship.rewardBond.windowDays);
  for (const { at } of evidence.wallets) leaves(at, relationship.windowDays);
  if (evidence.offers.size > 0)
    for (const { madeAt, appliedPreferenceIds } of evidence.offers.values())
      if (appliedPreferenceIds.length > 0) leaves(madeAt, relationship.customizationBond.windowDays);
  const longest = Math.max(relationship.windowDays, relationship.customizationBond.windowDays);
  const from = asOf - longest * DAY_MS;
  for (let index = evidence.placedOrders.length - 1; index >= 0; index--) {
    const order = evidence.placedOrders[index];
    if (order === undefined || order.placedAt === null) continue;
    if (order.placedAt < from) break;
    leaves(order.placedAt, relationship.windowDays);
    if (order.appliedPreferenceIds.length > 0) leaves(order.placedAt, relationship.customizationBond.windowDays);
  }
  for (let index = evidence.reversals.length - 1; index >= 0; index--) {
    const reversal = evidence.reversals[index];
    if (reversal === undefined) continue;
    if (reversal.at < from) break;
    leaves(reversal.at, relationship.windowDays);
  }
  return until;
};

/**
 * Family D (`domain.md §7.2`, §7.3 D). A part that does not reach its threshold is no evidence, so a
 * share of wallet between the limits neither counts nor dilutes. Switching barriers add nothing.
 */
const measureTies = (evidence: Evidence, policy: Policy, asOf: Instant): Ties => {
  const settings = policy.configuration.loyalty.ties;
  let referralsMade = 0;
  let referralsConverted = 0;
  for (const referral of evidence.referralsMade) {
    if (inTrailing(referral.at, settings.windowDays, asOf)) referralsMade += 1;
    if (referral.convertedAt !== null && inTrailing(referral.convertedAt, settings.windowDays, asOf))
      referralsConverted += 1;
  }
  const member = activeMemberships(evidence, asOf).length > 0;
  const bonds = activeBonds(evidence, policy, asOf);
  const activeDays = longevityDays(evidence, policy, asOf);
  const activeYears = Math.floor(activeDays / DAYS_IN_YEAR);
  const lines = linesInWindow(evidence, policy, asOf);
  const wallet = shareOfWallet(evidence, policy, asOf);
  const parts: TieParts = {
    made: Math.min(settings.referralMadeCap, settings.referralMade * referralsMade),
    converted: Math.min(settings.referralConvertedCap, settings.referralConverted * referralsConverted),
    membership: member ? settings.membership : 0,
    bonds: Math.min(settings.bondTypeCap, settings.bondType * bonds.length),
    years: Math.min(settings.activeYearCap, settings.activeYear * activeYears),
    scope: lines >= settings.scopeLines ? settings.scope : 0,
    wallet: walletPart(wallet.value, policy),
  };
  const sum = parts.made + parts.converted + parts.membership + parts.bonds + parts.years + parts.scope + parts.wallet;
  const signal = Math.min(1, Math.max(-1, sum));
  return {
    signal,
    confidence: isPresent(parts) ? 1 : 0,
    countedShare: sum === 0 ? 1 : signal / sum,
    referralsMade,
    referralsConverted,
    member,
    bonds,
    activeDays,
    activeYears,
    lines,
    wallet,
    parts,
  };
};
