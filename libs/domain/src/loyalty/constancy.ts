import type { LoyaltyStanding } from '../customer/standing';
import type { Configuration } from '../policy/configuration';
import type { Policy } from '../policy/regime';
import type { LoyaltyAssessment } from './assessment';
import { behaviourShares } from './behaviour';
import { coverageOf, loyaltyOf, satisfactionOf, scoreOf, type Signals } from './score';
import { cutOffs } from './zone-decision';

/** Room for rounding between the bound of an interval and a value inside it. */
const MARGIN = 1e-9;

/** Signals that no instant between two assessments can leave. */
export interface Envelope {
  /** Lowest and highest signals, with the greatest and the least confidence in the attitude. */
  readonly corners: readonly [low: Signals, lowFaded: Signals, high: Signals, highFaded: Signals];
}

const equalRules = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean =>
  a === b || (a.length === b.length && a.every((rule, index) => rule === b[index]));

/**
 * Whether the same counts at both ends, and the rules that steady fading can break stand alike. What
 * only fades or only grows crosses a bound once, so equal ends mean equal throughout.
 */
const sameEvidence = (a: LoyaltyAssessment, b: LoyaltyAssessment, configuration: Configuration): boolean => {
  const { g1 } = configuration.loyalty.zones;
  const gate = (needed: number): boolean => a.attitude.confidence >= needed === b.attitude.confidence >= needed;
  return (
    a.steady === b.steady && gate(g1.confidence) && gate(g1.confidenceToStay) && equalRules(a.hardRules, b.hardRules)
  );
};

const clampToUnit = (value: number): number => Math.min(1, Math.max(-1, value));

/** Impulses and recency fade, trends rise as their baseline grows: each part lies between its two ends. */
const between = (
  { signals: from, experience: b0, behaviour: c0 }: LoyaltyAssessment,
  { signals: to, experience: b1, behaviour: c1 }: LoyaltyAssessment,
  configuration: Configuration,
): Envelope => {
  const shares = behaviourShares(c0.trend, configuration);
  const f0 = c0.trend?.frequency ?? 0;
  const f1 = c1.trend?.frequency ?? 0;
  const m0 = c0.trend?.money ?? 0;
  const m1 = c1.trend?.money ?? 0;
  const least =
    shares.recency * Math.min(c0.recency, c1.recency) +
    shares.frequency * Math.min(f0, f1) +
    shares.money * Math.min(m0, m1);
  const most =
    shares.recency * Math.max(c0.recency, c1.recency) +
    shares.frequency * Math.max(f0, f1) +
    shares.money * Math.max(m0, m1);
  const corner = (b: number, c: number, confidenceA: number): Signals => ({
    a: from.a,
    confidenceA,
    b: clampToUnit(b),
    confidenceB: from.confidenceB,
    c,
    confidenceC: from.confidenceC,
    d: from.d,
    confidenceD: from.confidenceD,
  });
  return {
    corners: [
      corner(b1.gained + b0.lost, least, from.confidenceA),
      corner(b1.gained + b0.lost, least, to.confidenceA),
      corner(b0.gained + b1.lost, most, from.confidenceA),
      corner(b0.gained + b1.lost, most, to.confidenceA),
    ],
  };
};

/** The signals of every instant between two assessments; null when the evidence does not stay the same. */
export const envelopeOf = (from: LoyaltyAssessment, to: LoyaltyAssessment, policy: Policy): Envelope | null =>
  sameEvidence(from, to, policy.configuration) ? between(from, to, policy.configuration) : null;

type Index = (signals: Signals, configuration: Configuration) => number;

/** Least and most of an index that rises in B and C and is monotone in c_A (a ratio of two linear terms). */
export const boundsOf = (
  { corners: [low, lowFaded, high, highFaded] }: Envelope,
  index: Index,
  configuration: Configuration,
): readonly [least: number, most: number] => [
  Math.min(index(low, configuration), index(lowFaded, configuration)),
  Math.max(index(high, configuration), index(highFaded, configuration)),
];

/** Whether the index keeps to one side of every threshold. */
const keepsSide = (
  envelope: Envelope,
  index: Index,
  thresholds: ReadonlyArray<number>,
  configuration: Configuration,
): boolean => {
  const [least, most] = boundsOf(envelope, index, configuration);
  if (least === most) return true;
  for (const threshold of thresholds) if (!(most < threshold - MARGIN || least >= threshold + MARGIN)) return false;
  return true;
};

const scoreThresholds = (standing: LoyaltyStanding, assessment: LoyaltyAssessment, policy: Policy) => {
  const development = policy.configuration.queues.Q8.minScore;
  // A hard rule decides whatever the score is; the queue for development asks for the score outside defection.
  if (assessment.hardRules.length > 0) return [development];
  const { defectionBelow, affectionFrom } = cutOffs(standing.zone, policy);
  return [defectionBelow, affectionFrom, development];
};

/** Q8 asks whether an indifferent customer scores high enough for development (`domain.md §11.3`). */
export const isDevelopable = ({ score }: LoyaltyAssessment, { configuration }: Policy): boolean =>
  score !== null && score >= configuration.queues.Q8.minScore;

/** Proves that no instant from `from` to `to` is judged otherwise than `from`. False means not proved. */
export const isConstant = (
  standing: LoyaltyStanding,
  from: LoyaltyAssessment,
  to: LoyaltyAssessment,
  policy: Policy,
): boolean => {
  const { configuration } = policy;
  const envelope = envelopeOf(from, to, policy);
  if (envelope === null || from.coverage === 0) return envelope !== null;
  const { confidence, matrix } = configuration.loyalty;
  return (
    keepsSide(envelope, coverageOf, [confidence.high, confidence.medium], configuration) &&
    keepsSide(envelope, scoreOf, scoreThresholds(standing, from, policy), configuration) &&
    (from.quadrant === null ||
      (keepsSide(envelope, satisfactionOf, [matrix.highSatisfaction], configuration) &&
        keepsSide(envelope, loyaltyOf, [matrix.highLoyalty], configuration)))
  );
};
