import type { Area } from '../customer/areas';
import type { Evidence } from '../customer/evidence';
import type { Policy } from '../policy/regime';
import type { Instant } from '../time/calendar';
import { type AttitudeFit, attitudeFit, attitudeTerms } from './attitude';
import { nextLoyaltyDeadline } from './deadlines';
import { type ExperienceFit, experienceFit, experienceImpulses } from './experience';
import { type SteadyTies, steadyTies } from './ties';
import { type SteadyWindows, trendWindows } from './trend';
import { type SteadyVoice, voiceOf } from './voice';

/**
 * What counts about a customer, for the span in which nothing enters, leaves or falls due: inside it
 * only fading, recency and the length of the baseline move, all of them steadily. It is what makes an
 * assessment cheap and a proof about all days of the span possible.
 */
export interface Steady {
  readonly from: Instant;
  /** First instant at which something may count otherwise; early is harmless, late is not. */
  readonly until: Instant;
  /** `Evidence.changes` when it was measured. */
  readonly changes: number;
  /** The next instant at which something that is due decides about the judgement. */
  readonly deadline: Instant;
  readonly attitude: AttitudeFit;
  readonly experience: ExperienceFit;
  readonly trend: SteadyWindows;
  readonly ties: SteadyTies;
  readonly voice: SteadyVoice;
}

/** What each part is measured from. */
const readBy = {
  deadline: ['orders', 'deliveries', 'complaints', 'service', 'circumstances'],
  attitude: ['voice', 'complaints'],
  experience: ['orders', 'deliveries', 'complaints', 'service'],
  trend: ['orders'],
  ties: ['orders', 'ties'],
  // Through the referrals of the ties.
  voice: ['voice', 'complaints', 'orders', 'ties'],
} satisfies Readonly<Record<string, ReadonlyArray<Area>>>;

const isUntouched = (areas: ReadonlyArray<Area>, { touched }: Evidence, since: number): boolean => {
  for (const area of areas) if (touched[area] > since) return false;
  return true;
};

/**
 * What counts at `asOf`, which must not lie before the last fact. `before`: what counted earlier about
 * the same evidence under the same policy; of it is kept what no fact touched since and time did not end.
 */
export const steadyAt = (evidence: Evidence, policy: Policy, asOf: Instant, before: Steady | null): Steady => {
  const { configuration } = policy;
  const known = before !== null && asOf >= before.from ? before : null;
  const since = known?.changes ?? -1;
  const deadline =
    known !== null && asOf < known.deadline && isUntouched(readBy.deadline, evidence, since)
      ? known.deadline
      : nextLoyaltyDeadline(evidence, configuration, asOf);
  const attitude =
    known !== null && asOf < known.attitude.until && isUntouched(readBy.attitude, evidence, since)
      ? known.attitude
      : attitudeFit(attitudeTerms(evidence, configuration, asOf), configuration);
  // What falls due makes an impulse: the experience lasts to the deadline at most.
  const experience =
    known !== null &&
    asOf < Math.min(known.experience.until, known.deadline) &&
    isUntouched(readBy.experience, evidence, since)
      ? known.experience
      : experienceFit(experienceImpulses(evidence, configuration, asOf), configuration);
  const trend =
    known !== null && asOf < known.trend.until && isUntouched(readBy.trend, evidence, since)
      ? known.trend
      : trendWindows(evidence, policy, asOf);
  const ties =
    known !== null && asOf < known.ties.until && isUntouched(readBy.ties, evidence, since)
      ? known.ties
      : steadyTies(evidence, policy, asOf);
  // A complaint that falls due unresolved is unrecovered.
  const voice =
    known !== null &&
    asOf < Math.min(known.voice.until, known.deadline) &&
    ties === known.ties &&
    isUntouched(readBy.voice, evidence, since)
      ? known.voice
      : voiceOf(evidence, ties.ties, configuration, asOf);
  if (
    known !== null &&
    deadline === known.deadline &&
    attitude === known.attitude &&
    experience === known.experience &&
    trend === known.trend &&
    ties === known.ties &&
    voice === known.voice
  )
    return known;
  const until = Math.min(deadline, attitude.until, experience.until, trend.until, ties.until, voice.until);
  return {
    from: asOf,
    until,
    changes: evidence.changes,
    deadline,
    attitude,
    experience,
    trend,
    ties,
    voice,
  };
};
