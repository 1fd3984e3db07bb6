import type { Evidence } from '../customer/evidence';
import type { Policy } from '../policy/regime';
import type { Instant } from '../time/calendar';
import { type AttitudeFit, attitudeFit, attitudeTerms } from './attitude';
import { nextLoyaltyDeadline } from './deadlines';
import { type ExperienceFit, experienceFit, experienceImpulses } from './experience';
import { type Ties, steadyTies } from './ties';
import { type TrendWindows, trendWindows } from './trend';
import { type Voice, voiceOf } from './voice';

/**
 * What counts about a customer, for the span in which nothing enters, leaves or falls due: inside it
 * only fading, recency and the length of the baseline move, all of them steadily. It is what makes an
 * assessment cheap and a proof about all days of the span possible.
 */
export interface Steady {
  readonly from: Instant;
  /** First instant at which something may count otherwise; early is harmless, late is not. */
  readonly until: Instant;
  /** The next instant at which something that is due decides about the judgement. */
  readonly deadline: Instant;
  readonly attitude: AttitudeFit;
  readonly experience: ExperienceFit;
  readonly windows: TrendWindows | null;
  readonly ties: Ties;
  readonly voice: Voice;
}

/** What counts at `asOf`, which must not lie before the last fact. */
export const steadyAt = (evidence: Evidence, policy: Policy, asOf: Instant): Steady => {
  const { configuration } = policy;
  const deadline = nextLoyaltyDeadline(evidence, configuration, asOf);
  const attitude = attitudeFit(attitudeTerms(evidence, configuration, asOf), configuration);
  const experience = experienceFit(experienceImpulses(evidence, configuration, asOf), configuration);
  const { windows, until: windowsUntil } = trendWindows(evidence, policy, asOf);
  const { ties, until: tiesUntil } = steadyTies(evidence, policy, asOf);
  const { voice, until: voiceUntil } = voiceOf(evidence, ties, configuration, asOf);
  const until = Math.min(deadline, attitude.until, experience.until, windowsUntil, tiesUntil, voiceUntil);
  return { from: asOf, until, deadline, attitude, experience, windows, ties, voice };
};
