import type { Evidence } from '../customer/evidence';
import type { Policy } from '../policy/regime';
import type { Instant } from '../time/calendar';
import { inTrailing } from './window';

export type NpsBand = 'promoter' | 'passive' | 'detractor';

export interface IndividualNps {
  /** 0..10. */
  readonly score: number;
  readonly band: NpsBand;
  readonly eventId: string;
  readonly at: Instant;
}

export interface Referral {
  /** Null while no answer of the last 365 days exists: a band, never a mean (`domain.md §21.4`). */
  readonly nps: IndividualNps | null;
  readonly made: number;
  readonly converted: number;
}

/** Bands of the net promoter score: 9–10, 7–8, 0–6 (`domain.md §7.1`, Reichheld 2003). */
export const npsBand = (score: number): NpsBand => (score >= 9 ? 'promoter' : score >= 7 ? 'passive' : 'detractor');

/** The latest NPS answer at most 365 days old (`domain.md §5`). */
export const individualNps = (evidence: Evidence, policy: Policy, asOf: Instant): IndividualNps | null => {
  const { windowDays } = policy.configuration.relationship;
  for (let index = evidence.surveys.length - 1; index >= 0; index--) {
    const survey = evidence.surveys[index];
    if (survey === undefined || survey.instrument !== 'nps' || survey.at > asOf) continue;
    return inTrailing(survey.at, windowDays, asOf)
      ? { score: survey.score, band: npsBand(survey.score), eventId: survey.eventId, at: survey.at }
      : null;
  }
  return null;
};

/**
 * Word of mouth of the relationship: individual NPS, referrals made in 365 days and referrals whose
 * conversion (first order of the referred party) fell in 365 days (`domain.md §5`).
 */
export const referralOf = (evidence: Evidence, policy: Policy, asOf: Instant): Referral => {
  const { windowDays } = policy.configuration.relationship;
  let made = 0;
  let converted = 0;
  for (const referral of evidence.referralsMade) {
    if (inTrailing(referral.at, windowDays, asOf)) made += 1;
    if (referral.convertedAt !== null && inTrailing(referral.convertedAt, windowDays, asOf)) converted += 1;
  }
  return { nps: individualNps(evidence, policy, asOf), made, converted };
};
