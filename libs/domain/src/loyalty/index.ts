export { type Exclusion, type LoyaltyAssessment, assess } from './assessment';
export { type AttitudeTerm, attitudeTerms } from './attitude';
export type { Voice } from './voice';
export { type Behaviour, recencySignal } from './behaviour';
export { evaluateLoyalty, initialLoyalty } from './evaluation';
export {
  type ExplainedEvidence,
  type ExplainedFamily,
  type LoyaltyExplanation,
  type LoyaltySummary,
  explain,
  summarise,
} from './explanation';
export { nextLoyaltyChange } from './next-change';
export {
  failedRecovery,
  hasOpenMajorComplaint,
  isOpenComplaint,
  isReceived,
  isUnrecovered,
  resolutionDue,
  unrecoveredComplaints,
} from './recovery';
export { type Rhythm, recencyRatio, rhythmOf } from './rhythm';
export type { Trend } from './trend';
export { type PreviousZone, type ZoneDecision, decideZone } from './zone-decision';
