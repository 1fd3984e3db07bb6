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
import { type Trend, trendIn } from './trend';
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
  const rules: string[] = [];
  if (inForce) rules.push('H1');
  if (doubleDeviation) rules.push('H2');
  if (dissatisfied) rules.push('H3');
  if (voice.recentlyAgainst) rules.push('H4');
  if (collapsed) rules.push('H5');
  return rules;
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

/** It must not lead back to its evidence: what leads to its own key in a WeakMap survives every minor collection. */
interface Kept {
  changes: number;
  policy: Policy;
  steady: Steady;
  /** Null while only what counts was asked for. */
  assessment: LoyaltyAssessment | null;
  /** The latest one. */
  proof: Proof | null;
}

/**
 * That every instant later than `from` up to `through` is judged as `standing` says, as long as what is
 * `steady` and the customer's circumstances stay the same: other facts leave it standing.
 */
interface Proof {
  readonly standing: LoyaltyStanding;
  readonly steady: Steady;
  /** `Evidence.changes` when it was given. */
  readonly changes: number;
  readonly from: Instant;
  readonly through: Instant;
}

/** The latest measurement of each customer: a judgement and the search for the next one ask for the same. */
const kept = new WeakMap<Evidence, Kept>();
/** One customer is asked about many times in a row. */
let latestEvidence: Evidence | null = null;
let latestKept: Kept | null = null;

/** What is kept of a customer, brought up to `asOf`; what no fact touched since is not measured again. */
const keptAt = (evidence: Evidence, policy: Policy, asOf: Instant): Kept => {
  const known = evidence === latestEvidence && latestKept !== null ? latestKept : kept.get(evidence);
  if (known === undefined) {
    const steady = steadyAt(evidence, policy, asOf, null);
    latestEvidence = evidence;
    latestKept = { changes: evidence.changes, policy, steady, assessment: null, proof: null };
    kept.set(evidence, latestKept);
    return latestKept;
  }
  latestEvidence = evidence;
  latestKept = known;
  const { steady } = known;
  if (known.changes !== evidence.changes || known.policy !== policy) {
    known.steady = steadyAt(evidence, policy, asOf, known.policy === policy ? steady : null);
    known.changes = evidence.changes;
    known.policy = policy;
    known.assessment = null;
  } else if (asOf < steady.from || asOf >= steady.until) {
    known.steady = steadyAt(evidence, policy, asOf, steady);
  }
  return known;
};

/** Until when `standing` is proved to be the judgement of every instant after `asOf`, `asOf` included; −Infinity without a proof. */
export const provedThrough = (
  evidence: Evidence,
  standing: LoyaltyStanding,
  policy: Policy,
  asOf: Instant,
): Instant => {
  const { proof, steady } = keptAt(evidence, policy, asOf);
  return proof !== null &&
    proof.standing === standing &&
    proof.steady === steady &&
    evidence.touched.circumstances <= proof.changes &&
    asOf > proof.from &&
    asOf <= proof.through
    ? proof.through
    : Number.NEGATIVE_INFINITY;
};

/** Keeps a proof about the standing judged at `from`, of which `steady` counts. */
export const keepProof = (
  evidence: Evidence,
  standing: LoyaltyStanding,
  steady: Steady,
  from: Instant,
  through: Instant,
): void => {
  const known = kept.get(evidence);
  if (known !== undefined) known.proof = { standing, steady, changes: evidence.changes, from, through };
};

/** What counts at `asOf` and until when the same counts; `asOf` must not lie before the last fact. */
export const currentlySteady = (evidence: Evidence, policy: Policy, asOf: Instant): Steady =>
  keptAt(evidence, policy, asOf).steady;

/**
 * The trend of the customer's orders at `asOf`, without measuring the rest; null below `minOrders` order days or
 * `minTenureDays` since the first order (`domain.md §7.3 C`).
 */
export const trendAt = (evidence: Evidence, policy: Policy, asOf: Instant): Trend | null => {
  const { steady, assessment } = keptAt(evidence, policy, asOf);
  if (assessment?.asOf === asOf) return assessment.behaviour.trend;
  const { windows } = steady.trend;
  return windows === null ? null : trendIn(windows, policy, asOf);
};

/**
 * Measures a customer at `asOf`, which must not lie before the last fact: the four families, score,
 * coverage, matrix and the hard rules (`domain.md §7.2`–§7.5).
 */
export const assess = (evidence: Evidence, policy: Policy, asOf: Instant): LoyaltyAssessment => {
  const known = keptAt(evidence, policy, asOf);
  if (known.assessment?.asOf === asOf) return known.assessment;
  return (known.assessment = measure(evidence, known.steady, policy, asOf));
};

const measure = (evidence: Evidence, steady: Steady, policy: Policy, asOf: Instant): LoyaltyAssessment => {
  const { configuration } = policy;
  const attitude = attitudeOf(steady.attitude, configuration, asOf);
  const experience = experienceOf(steady.experience, configuration, asOf);
  const behaviour = behaviourOf(evidence, steady.trend.windows, policy, asOf);
  const { ties } = steady.ties;
  const { voice } = steady.voice;
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
