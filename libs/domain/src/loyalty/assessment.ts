import type { Evidence } from '../customer/evidence';
import type { LoyaltyStanding } from '../customer/standing';
import type { Configuration } from '../policy/configuration';
import type { Policy } from '../policy/regime';
import type { Instant } from '../time/calendar';
import { type Attitude, attitudeOf } from './attitude';
import { type Behaviour, behaviourOf } from './behaviour';
import { effectiveNotice } from '../defection/notices';
import { type Experience, experienceOf } from './experience';
import { coverageOf, loyaltyOf, satisfactionOf, scoreOf, type Signals } from './score';
import { type Steady, steadyAt } from './steady';
import type { Ties } from './ties';
import type { Voice } from './voice';

/** Why no zone is computed (`domain.md §17.7`). */
export type Exclusion = 'objection' | 'restriction' | 'erased';

/** Everything the decision about the zone needs, as measured at `asOf`, before what was decided earlier. */
export interface LoyaltyAssessment {
  readonly asOf: Instant;
  /** What counts, and until when the same counts. */
  readonly steady: Steady;
  readonly exclusion: Exclusion | null;
  readonly attitude: Attitude;
  readonly experience: Experience;
  readonly behaviour: Behaviour;
  readonly ties: Ties;
  readonly signals: Signals;
  readonly coverage: number;
  readonly confidence: LoyaltyStanding['confidence'];
  /** 0..100 exclusive; null when nothing is known (coverage 0). */
  readonly score: number | null;
  /** S and L of the matrix; null unless n ≥ 2 and c_A > 0. */
  readonly satisfaction: number | null;
  readonly loyalty: number | null;
  readonly quadrant: LoyaltyStanding['quadrant'];
  readonly subtype: LoyaltyStanding['subtype'];
  /** Hard rules that hold, in their order: H1…H5. */
  readonly hardRules: ReadonlyArray<string>;
  readonly voice: Voice;
}

/** H5: the own rhythm has broken down, or the customer is lost by any rhythm (`domain.md §7.4`). */
const hasCollapsed = ({ recencyRatio, quietDays, rhythm }: Behaviour, configuration: Configuration): boolean => {
  const { h5 } = configuration.loyalty.zones;
  if (recencyRatio === null || quietDays === null) return false;
  const steady = rhythm.keptGapsDays.length >= 2;
  return (
    (steady && recencyRatio >= h5.recencyRatio) || (recencyRatio >= h5.lostRecencyRatio && quietDays >= h5.lostDays)
  );
};

const none: ReadonlyArray<string> = [];

const hardRulesOf = (
  evidence: Evidence,
  attitude: Attitude,
  behaviour: Behaviour,
  voice: Voice,
  configuration: Configuration,
  asOf: Instant,
): ReadonlyArray<string> => {
  const { h2, h3 } = configuration.loyalty.zones;
  const inForce = evidence.defectionNotices.length > 0 && effectiveNotice(evidence, asOf) !== null;
  const doubleDeviation = voice.unrecovered >= h2.complaints;
  const dissatisfied = attitude.signal <= h3.signal && attitude.confidence >= h3.confidence;
  const collapsed = hasCollapsed(behaviour, configuration);
  if (!inForce && !doubleDeviation && !dissatisfied && !voice.recentlyAgainst && !collapsed) return none;
  return [
    ...(inForce ? ['H1'] : none),
    ...(doubleDeviation ? ['H2'] : none),
    ...(dissatisfied ? ['H3'] : none),
    ...(voice.recentlyAgainst ? ['H4'] : none),
    ...(collapsed ? ['H5'] : none),
  ];
};

const exclusionOf = ({ person }: Evidence): Exclusion | null =>
  person.erasedAt !== null ? 'erased' : (person.objections[0]?.kind ?? null);

const isCaptive = (evidence: Evidence, ties: Ties, asOf: Instant): boolean =>
  ties.bonds.some(({ bondType }) => bondType === 'structural') ||
  evidence.barriers.some(({ at, validTo }) => at <= asOf && (validTo === null || asOf < validTo));

const quadrantOf = (
  satisfaction: number,
  loyalty: number,
  { loyalty: { matrix } }: Configuration,
): NonNullable<LoyaltyStanding['quadrant']> =>
  satisfaction >= matrix.highSatisfaction
    ? loyalty >= matrix.highLoyalty
      ? 'loyalist'
      : 'mercenary'
    : loyalty >= matrix.highLoyalty
      ? 'hostage'
      : 'defector';

interface Kept {
  changes: number;
  policy: Policy;
  steady: Steady;
  assessment: LoyaltyAssessment;
}

/** The latest measurement of each customer: a judgement and the search for the next one ask for the same. */
const kept = new WeakMap<Evidence, Kept>();

/**
 * Measures a customer at `asOf`, which must not lie before the last fact: the four families, score,
 * coverage, matrix and the hard rules (`domain.md §7.2`–§7.5).
 */
export const assess = (evidence: Evidence, policy: Policy, asOf: Instant): LoyaltyAssessment => {
  const known = kept.get(evidence);
  if (known !== undefined && known.changes === evidence.changes && known.policy === policy) {
    if (known.assessment.asOf === asOf) return known.assessment;
    const { steady } = known;
    if (asOf < steady.from || asOf >= steady.until) known.steady = steadyAt(evidence, policy, asOf);
    return (known.assessment = measure(evidence, known.steady, policy, asOf));
  }
  const steady = steadyAt(evidence, policy, asOf);
  const assessment = measure(evidence, steady, policy, asOf);
  kept.set(evidence, { changes: evidence.changes, policy, steady, assessment });
  return assessment;
};

const measure = (evidence: Evidence, steady: Steady, policy: Policy, asOf: Instant): LoyaltyAssessment => {
  const { configuration } = policy;
  const attitude = attitudeOf(steady.attitude, configuration, asOf);
  const experience = experienceOf(steady.experience, configuration, asOf);
  const behaviour = behaviourOf(evidence, steady.windows, policy, asOf);
  const { ties, voice } = steady;
  const signals: Signals = {
    a: attitude.signal,
    confidenceA: attitude.confidence,
    b: experience.signal,
    confidenceB: experience.confidence,
    c: behaviour.signal,
    confidenceC: behaviour.confidence,
    d: ties.signal,
    confidenceD: ties.confidence,
  };
  const coverage = coverageOf(signals, configuration);
  const inMatrix = behaviour.rhythm.orderDays >= configuration.loyalty.matrix.minOrderDays && attitude.confidence > 0;
  const satisfaction = inMatrix ? satisfactionOf(signals, configuration) : null;
  const loyalty = inMatrix ? loyaltyOf(signals, configuration) : null;
  const quadrant = satisfaction === null || loyalty === null ? null : quadrantOf(satisfaction, loyalty, configuration);
  const { high, medium } = configuration.loyalty.confidence;
  return {
    asOf,
    steady,
    exclusion: exclusionOf(evidence),
    attitude,
    experience,
    behaviour,
    ties,
    signals,
    coverage,
    confidence: coverage >= high ? 'high' : coverage >= medium ? 'medium' : 'low',
    score: coverage === 0 ? null : scoreOf(signals, configuration),
    satisfaction,
    loyalty,
    quadrant,
    subtype: quadrant !== 'hostage' ? null : isCaptive(evidence, ties, asOf) ? 'captive' : 'inertial',
    hardRules: hardRulesOf(evidence, attitude, behaviour, voice, configuration, asOf),
    voice,
  };
};
