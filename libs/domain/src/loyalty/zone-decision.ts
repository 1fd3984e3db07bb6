import type { LoyaltyStanding, Zone } from '../customer/standing';
import type { Policy } from '../policy/regime';
import { ageInDays, type Instant } from '../time/calendar';
import type { LoyaltyAssessment } from './assessment';

export interface ZoneDecision {
  readonly zone: Zone;
  readonly heldBy: LoyaltyStanding['heldBy'];
  /** Hard rules that fired, gates that failed, or the reason why no zone is computed. */
  readonly rules: ReadonlyArray<string>;
}

/** The zone decided before and when it was entered; null before the first evaluation. */
export interface PreviousZone {
  readonly zone: Zone;
  readonly since: Instant | null;
}

type ClassifiedZone = Exclude<Zone, 'unclassified'>;

const order: Readonly<Record<ClassifiedZone, number>> = { defection: 0, indifference: 1, affection: 2 };
const none: ReadonlyArray<string> = [];

/** Cut-offs of the score in a zone: each zone is left only beyond its band (`domain.md §7.4.3`). */
export const cutOffs = (
  zone: Zone,
  policy: Policy,
): { readonly defectionBelow: number; readonly affectionFrom: number } => {
  const { defectionBelow, affectionFrom, band } = policy.configuration.loyalty.zones;
  return {
    defectionBelow: zone === 'defection' ? defectionBelow + band : defectionBelow,
    affectionFrom: zone === 'affection' ? affectionFrom - band : affectionFrom,
  };
};

const failedGates = (
  { attitude, behaviour, voice }: LoyaltyAssessment,
  from: Zone,
  policy: Policy,
): ReadonlyArray<string> => {
  const { g1, g3 } = policy.configuration.loyalty.zones;
  const needed = from === 'affection' ? g1.confidenceToStay : g1.confidence;
  const failed: string[] = [];
  if (!(attitude.signal >= g1.signal && attitude.confidence >= needed)) failed.push('G1');
  if (voice.openMajorComplaint) failed.push('G2');
  if (behaviour.rhythm.orderDays < g3.orderDays && !voice.advocacy) failed.push('G3');
  return failed.length === 0 ? none : failed;
};

/** Rules and cut-offs alone, before dwell and step. */
const target = (
  assessment: LoyaltyAssessment,
  score: number,
  from: Zone,
  policy: Policy,
): { readonly zone: ClassifiedZone; readonly rules: ReadonlyArray<string> } => {
  if (assessment.hardRules.length > 0) return { zone: 'defection', rules: assessment.hardRules };
  const { defectionBelow, affectionFrom } = cutOffs(from, policy);
  if (score < defectionBelow) return { zone: 'defection', rules: none };
  if (score < affectionFrom) return { zone: 'indifference', rules: none };
  const failed = failedGates(assessment, from, policy);
  return { zone: failed.length === 0 ? 'affection' : 'indifference', rules: failed };
};

/**
 * Decides the zone (`domain.md §7.4`): unclassified without evidence or against an objection (§17.7);
 * hard rules; cut-offs with hysteresis; gates of affection; upward moves one zone at a time and only
 * 14 days after the last change. The first classification is not an upward move.
 */
export const decideZone = (
  assessment: LoyaltyAssessment,
  previous: PreviousZone | null,
  policy: Policy,
  asOf: Instant,
): ZoneDecision => {
  if (assessment.exclusion !== null) return { zone: 'unclassified', heldBy: null, rules: [assessment.exclusion] };
  if (assessment.score === null) return { zone: 'unclassified', heldBy: null, rules: none };
  const from = previous?.zone ?? 'unclassified';
  const { zone, rules } = target(assessment, assessment.score, from, policy);
  if (from === 'unclassified' || order[zone] <= order[from]) return { zone, heldBy: null, rules };
  const since = previous?.since ?? null;
  if (since !== null && ageInDays(since, asOf) < policy.configuration.loyalty.zones.dwellDays)
    return { zone: from, heldBy: 'dwell', rules };
  return order[zone] - order[from] > 1
    ? { zone: 'indifference', heldBy: 'step', rules }
    : { zone, heldBy: null, rules };
};
