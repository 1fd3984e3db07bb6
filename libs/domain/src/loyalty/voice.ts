import type { Evidence } from '../customer/evidence';
import type { Configuration } from '../policy/configuration';
import { DAY_MS, type Instant, NEVER } from '../time/calendar';
import { npsScore } from './attitude';
import { hasOpenMajorComplaint, hasUnrecoveredComplaint, isReceived, unrecoveredComplaints } from './recovery';
import type { Ties } from './ties';

/** What the customer says aloud and what the gates and extremes ask about it. */
export interface Voice {
  /** Unrecovered complaints of the trailing 365 days. */
  readonly unrecovered: number;
  /** Whether there is an unrecovered complaint, of whatever age (terrorist). */
  readonly isUnrecovered: boolean;
  readonly openMajorComplaint: boolean;
  /** A referral or word of mouth ≥ +.5 in the trailing 365 days. */
  readonly advocacy: boolean;
  /** Word of mouth ≤ −.5 in the trailing 90 days (H4) and 365 days (terrorist). */
  readonly recentlyAgainst: boolean;
  readonly against: boolean;
  /** Latest NPS answer of the trailing 365 days as 0..10; null without one. */
  readonly nps: number | null;
}

export interface SteadyVoice {
  readonly voice: Voice;
  /** First instant after the one asked at which, deadlines and ties aside, it may be another. */
  readonly until: Instant;
}

/** The voice at `asOf` (`domain.md §7.4` gates and extremes). */
export const voiceOf = (evidence: Evidence, ties: Ties, configuration: Configuration, asOf: Instant): SteadyVoice => {
  const { extremes, zones } = configuration.loyalty;
  let until = NEVER;
  /** Whether something of that age counts; then it counts until it is too old. */
  const counts = (at: Instant, days: number): boolean => {
    const exit = at + days * DAY_MS + 1;
    if (exit <= asOf) return false;
    if (exit < until) until = exit;
    return true;
  };

  let advocacy = ties.referralsMade > 0;
  let recentlyAgainst = false;
  let against = false;
  const longest = Math.max(extremes.windowDays, zones.h4.windowDays, zones.g3.windowDays);
  for (let index = evidence.wordOfMouth.length - 1; index >= 0; index--) {
    const word = evidence.wordOfMouth[index];
    if (word === undefined || !word.verified) continue;
    if (word.at < asOf - longest * DAY_MS) break;
    if (word.polarity >= zones.g3.polarity && counts(word.at, zones.g3.windowDays)) advocacy = true;
    if (word.polarity <= -extremes.polarity && counts(word.at, extremes.windowDays)) against = true;
    if (word.polarity <= zones.h4.polarity && counts(word.at, zones.h4.windowDays)) recentlyAgainst = true;
  }

  let nps: number | null = null;
  for (let index = evidence.surveys.length - 1; index >= 0; index--) {
    const survey = evidence.surveys[index];
    if (survey === undefined || survey.instrument !== 'nps') continue;
    if (counts(survey.at, extremes.windowDays)) nps = npsScore(survey);
    break;
  }

  if (evidence.complaints.size > 0)
    for (const complaint of evidence.complaints.values())
      if (isReceived(complaint)) counts(complaint.receivedAt, zones.h2.windowDays);
  return {
    voice: {
      unrecovered: unrecoveredComplaints(evidence, configuration, asOf),
      isUnrecovered: hasUnrecoveredComplaint(evidence, configuration, asOf),
      openMajorComplaint: hasOpenMajorComplaint(evidence, configuration),
      advocacy,
      recentlyAgainst,
      against,
      nps,
    },
    until,
  };
};
