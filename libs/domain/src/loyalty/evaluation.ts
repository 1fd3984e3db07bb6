import type { Evidence } from '../customer/evidence';
import type { Extreme, LoyaltyStanding, Zone, ZonePeriod } from '../customer/standing';
import type { Policy } from '../policy/regime';
import type { Instant } from '../time/calendar';
import { assess, type LoyaltyAssessment, provedThrough } from './assessment';
import { decideZone } from './zone-decision';

/** Before the first evaluation. */
export const initialLoyalty: LoyaltyStanding = {
  zone: 'unclassified',
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

/** `domain.md §7.4`, extremes of the two outer zones. */
export const extremeOf = (zone: Zone, { voice }: LoyaltyAssessment, policy: Policy): Extreme | null => {
  const { terroristNps, apostleNps } = policy.configuration.loyalty.extremes;
  if (zone === 'defection') {
    const hurt = voice.nps !== null && voice.nps <= terroristNps && voice.isUnrecovered;
    return voice.against || hurt ? 'terrorist' : null;
  }
  if (zone !== 'affection') return null;
  if (!voice.advocacy) return 'near_apostle';
  return voice.nps !== null && voice.nps >= apostleNps ? 'apostle' : null;
};

const equalRules = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean =>
  a === b || (a.length === b.length && a.every((rule, index) => rule === b[index]));

const enterZone = (
  previous: LoyaltyStanding,
  period: ZonePeriod,
): Pick<LoyaltyStanding, 'zone' | 'previousZone' | 'since' | 'history'> => {
  const left = previous.history.at(-1);
  return {
    zone: period.zone,
    previousZone: left === undefined ? null : left.zone,
    since: period.from,
    history: left === undefined ? [period] : [...previous.history.slice(0, -1), { ...left, to: period.from }, period],
  };
};

/** `evaluateLoyalty` for a customer already measured at the instant of the assessment. */
export const judgeLoyalty = (
  assessment: LoyaltyAssessment,
  previous: LoyaltyStanding,
  policy: Policy,
  causedBy: ReadonlyArray<string>,
): LoyaltyStanding => {
  const { asOf } = assessment;
  const decision = decideZone(assessment, previous.since === null ? null : previous, policy, asOf);
  const { zone, heldBy, rules } = decision;
  const known = assessment.exclusion === null;
  const extreme = known ? extremeOf(zone, assessment, policy) : null;
  const quadrant = known ? assessment.quadrant : null;
  const subtype = known ? assessment.subtype : null;
  const confidence = known ? assessment.confidence : 'low';
  const moved = previous.since === null || zone !== previous.zone;
  if (
    !moved &&
    heldBy === previous.heldBy &&
    extreme === previous.extreme &&
    quadrant === previous.quadrant &&
    subtype === previous.subtype &&
    confidence === previous.confidence &&
    equalRules(rules, previous.rules)
  )
    return previous;
  const quadrants =
    quadrant === previous.quadrant ? previous.quadrants : [...previous.quadrants, { quadrant, at: asOf, causedBy }];
  const judged = { ...previous, extreme, quadrant, quadrants, subtype, confidence, heldBy, rules };
  if (!moved) return judged;
  const score = zone === 'unclassified' ? null : assessment.score;
  const configVersion = policy.configuration.version;
  return { ...judged, ...enterZone(previous, { zone, from: asOf, to: null, score, rules, causedBy, configVersion }) };
};

/**
 * Judges the loyalty of a customer at `asOf` after what was decided before (`domain.md §7.4`, §7.5).
 * Returns `previous` itself when nothing changed; the histories grow only when zone or quadrant change.
 * `causedBy`: facts of this very instant, empty when time alone is the cause.
 */
export const evaluateLoyalty = (
  evidence: Evidence,
  previous: LoyaltyStanding,
  policy: Policy,
  asOf: Instant,
  causedBy: ReadonlyArray<string>,
): LoyaltyStanding =>
  provedThrough(evidence, previous, policy, asOf) >= asOf
    ? previous
    : judgeLoyalty(assess(evidence, policy, asOf), previous, policy, causedBy);
