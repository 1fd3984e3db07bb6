import type { Evidence } from '../customer/evidence';
import type { LoyaltyStanding } from '../customer/standing';
import type { Policy } from '../policy/regime';
import type { Instant } from '../time/calendar';
import { assess, type LoyaltyAssessment } from './assessment';
import { attitudeDecay, type AttitudeTerm, attitudeTerms } from './attitude';
import { behaviourShares } from './behaviour';
import { experienceImpulses, impulseDecay } from './experience';
import { tieEvidence } from './explained-ties';
import { cutOffs } from './zone-decision';

export type Family = 'A' | 'B' | 'C' | 'D';

export interface ExplainedFamily {
  readonly family: Family;
  readonly signal: number;
  readonly confidence: number;
  readonly weight: number;
  /** 50·w·c·s/den; the four sum to score − 50. */
  readonly points: number;
}

export interface ExplainedEvidence {
  readonly eventId: string;
  readonly type: string;
  readonly occurredAt: Instant;
  readonly family: Family;
  /** −1..1 before fading, caps and clamps. */
  readonly value: number;
  /** What fading, caps and clamps leave of it. */
  readonly effectiveWeight: number;
  /** Those of one family sum to the family's points. */
  readonly points: number;
  readonly note: string;
}

/** Distance to a cut-off in points of score; zero or negative when something else than the score holds the zone. */
export interface ThresholdDistance {
  readonly threshold: number;
  readonly distance: number;
}

/** Where the customer stands: what was decided, and what is measured at the instant asked. */
export interface LoyaltySummary {
  readonly zone: LoyaltyStanding['zone'];
  readonly previousZone: LoyaltyStanding['previousZone'];
  readonly since: Instant | null;
  readonly score: number | null;
  readonly S: number | null;
  readonly L: number | null;
  readonly quadrant: LoyaltyStanding['quadrant'];
  readonly subtype: LoyaltyStanding['subtype'];
  readonly extreme: LoyaltyStanding['extreme'];
  readonly coverage: number;
  readonly confidence: LoyaltyStanding['confidence'];
  readonly heldBy: LoyaltyStanding['heldBy'];
  readonly rules: ReadonlyArray<string>;
  readonly configVersion: number;
}

/** `domain.md §7.6`. */
export interface LoyaltyExplanation extends LoyaltySummary {
  readonly partyId: string;
  readonly asOf: Instant;
  readonly families: ReadonlyArray<ExplainedFamily>;
  readonly evidence: ReadonlyArray<ExplainedEvidence>;
  readonly toNext: { readonly up: ThresholdDistance | null; readonly down: ThresholdDistance | null };
}

const citation = ({ source }: AttitudeTerm): Pick<ExplainedEvidence, 'eventId' | 'type' | 'note'> => {
  switch (source.kind) {
    case 'survey': {
      const { eventId, instrument, score, scaleMin, scaleMax } = source.entry;
      const answer = `${instrument} ${score} on ${scaleMin}..${scaleMax}`;
      return {
        eventId,
        type: 'SurveyAnswered',
        note: source.superseded ? `${answer}, superseded by the verdict of a recovered complaint` : answer,
      };
    }
    case 'verdict': {
      const { verdictEventId, complaintId, verdict } = source.entry;
      return { eventId: verdictEventId ?? complaintId, type: 'ComplaintFollowedUp', note: `verdict ${verdict}` };
    }
    case 'word_of_mouth':
      return {
        eventId: source.entry.eventId,
        type: 'WordOfMouthObserved',
        note: `verified word of mouth ${source.entry.polarity}`,
      };
  }
};

/** `scale` is the points of one unit of signal in the family: 50·w·c/den. */
const attitudeEvidence = (evidence: Evidence, policy: Policy, asOf: Instant, scale: number): ExplainedEvidence[] => {
  const { configuration } = policy;
  const terms = attitudeTerms(evidence, configuration, asOf);
  const weights = terms.map(({ at, weight }) => attitudeDecay(at, asOf, configuration) * weight);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return terms.map((term, index) => {
    const effectiveWeight = weights[index] ?? 0;
    return {
      ...citation(term),
      occurredAt: term.at,
      family: 'A',
      value: term.value,
      effectiveWeight,
      points: sum === 0 ? 0 : (scale * effectiveWeight * term.value) / sum,
    };
  });
};

const experienceEvidence = (
  evidence: Evidence,
  { experience: { gained, lost, signal, keptShare } }: LoyaltyAssessment,
  policy: Policy,
  asOf: Instant,
  scale: number,
): ExplainedEvidence[] => {
  const sum = gained + lost;
  const counted = sum === 0 ? 1 : signal / sum;
  return experienceImpulses(evidence, policy.configuration, asOf).map((impulse) => {
    const effectiveWeight =
      impulseDecay(impulse, asOf, policy.configuration) * counted * (impulse.kept ? keptShare : 1);
    const { eventId, type, occurredAt, base, note } = impulse;
    return {
      eventId,
      type,
      occurredAt,
      family: 'B',
      value: base,
      effectiveWeight,
      points: scale * effectiveWeight * base,
      note,
    };
  });
};

const behaviourEvidence = (
  evidence: Evidence,
  { behaviour }: LoyaltyAssessment,
  policy: Policy,
  scale: number,
): ExplainedEvidence[] => {
  const last = evidence.orderDays.at(-1);
  if (last === undefined || behaviour.recencyRatio === null) return [];
  const { trend, rhythm } = behaviour;
  const shares = behaviourShares(trend, policy.configuration);
  const line = (value: number, share: number, note: string): ExplainedEvidence => ({
    eventId: last.lastEventId,
    type: 'OrderPlaced',
    occurredAt: last.lastAt,
    family: 'C',
    value,
    effectiveWeight: share,
    points: scale * share * value,
    note,
  });
  const recency = line(
    behaviour.recency,
    shares.recency,
    `recency ratio ${behaviour.recencyRatio.toFixed(3)}: last order against an interval of ${rhythm.ipiDays.toFixed(1)} d over ${rhythm.orderDays} order days`,
  );
  if (trend === null) return [recency];
  const days = trend.baselineDays.toFixed(0);
  const frequency = line(
    trend.frequency,
    shares.frequency,
    `frequency: ${trend.recentOrders} order days in the recent window, ${trend.baselineOrders} in a baseline of ${days} d`,
  );
  if (trend.money === null) return [recency, frequency];
  const money = line(
    trend.money,
    shares.money,
    `money: ${trend.recentSpendMinor} minor units in the recent window, ${trend.baselineSpendMinor} in a baseline of ${days} d`,
  );
  return [recency, frequency, money];
};

const toNext = ({ zone }: LoyaltyStanding, score: number | null, policy: Policy): LoyaltyExplanation['toNext'] => {
  if (score === null || zone === 'unclassified') return { up: null, down: null };
  const { defectionBelow, affectionFrom } = cutOffs(zone, policy);
  const above = (threshold: number): ThresholdDistance => ({ threshold, distance: threshold - score });
  const below = (threshold: number): ThresholdDistance => ({ threshold, distance: score - threshold });
  switch (zone) {
    case 'defection':
      return { up: above(defectionBelow), down: null };
    case 'indifference':
      return { up: above(affectionFrom), down: below(defectionBelow) };
    case 'affection':
      return { up: null, down: below(affectionFrom) };
  }
};

const summaryOf = (
  { exclusion, score, satisfaction, loyalty, coverage }: LoyaltyAssessment,
  standing: LoyaltyStanding,
  policy: Policy,
): LoyaltySummary => {
  const computed = exclusion === null;
  return {
    zone: standing.zone,
    previousZone: standing.previousZone,
    since: standing.since,
    score: computed ? score : null,
    S: computed ? satisfaction : null,
    L: computed ? loyalty : null,
    quadrant: standing.quadrant,
    subtype: standing.subtype,
    extreme: standing.extreme,
    coverage: computed ? coverage : 0,
    confidence: standing.confidence,
    heldBy: standing.heldBy,
    rules: standing.rules,
    configVersion: policy.configuration.version,
  };
};

/** Where the customer stands as of `asOf`, without the reasons, which take several times as long to list. */
export const summarise = (
  evidence: Evidence,
  standing: LoyaltyStanding,
  policy: Policy,
  asOf: Instant,
): LoyaltySummary => summaryOf(assess(evidence, policy, asOf), standing, policy);

/**
 * Why the customer stands where `standing` says, as of `asOf` (`domain.md §7.6`). Σ points of the
 * families = score − 50 and Σ points of the evidence of a family = points of the family, within 1e-9.
 * After an objection or an erasure nothing is computed: no score, no families, no evidence (§17.7).
 */
export const explain = (
  evidence: Evidence,
  standing: LoyaltyStanding,
  policy: Policy,
  asOf: Instant,
): LoyaltyExplanation => {
  const assessment = assess(evidence, policy, asOf);
  const { configuration } = policy;
  const { weights, priorWeight } = configuration.loyalty;
  const computed = assessment.exclusion === null;
  const den = assessment.coverage + priorWeight;
  const family = (name: Family, signal: number, confidence: number): ExplainedFamily => {
    const weight = weights[name];
    return { family: name, signal, confidence, weight, points: (50 * weight * confidence * signal) / den };
  };
  const { signals } = assessment;
  const scale = (name: Family, confidence: number): number => (50 * weights[name] * confidence) / den;
  const summary = summaryOf(assessment, standing, policy);
  return {
    partyId: evidence.partyId,
    asOf,
    ...summary,
    families: computed
      ? [
          family('A', signals.a, signals.confidenceA),
          family('B', signals.b, signals.confidenceB),
          family('C', signals.c, signals.confidenceC),
          family('D', signals.d, signals.confidenceD),
        ]
      : [],
    evidence: computed
      ? [
          ...attitudeEvidence(evidence, policy, asOf, scale('A', signals.confidenceA)),
          ...experienceEvidence(evidence, assessment, policy, asOf, scale('B', signals.confidenceB)),
          ...behaviourEvidence(evidence, assessment, policy, scale('C', signals.confidenceC)),
          ...tieEvidence(evidence, assessment.ties, policy, asOf, scale('D', signals.confidenceD)),
        ]
      : [],
    toNext: toNext(standing, summary.score, policy),
  };
};
