import type { Evidence, InteractionEvidence, RequestEvidence } from '../customer/evidence';
import type { Configuration } from '../policy/configuration';
import { termsAt } from '../policy/terms';
import { HOUR_MS, type Instant } from '../time/calendar';
import { currentResolution, roundsOf } from './clock';

const informingPurposes: ReadonlySet<string> = new Set(['service', 'information', 'follow_up']);
const reachedOutcomes: ReadonlySet<string> = new Set(['answered', 'completed', 'voicemail']);

/** Reached the customer about this request, or about service in general. */
const informsOf = (
  { requestId }: RequestEvidence,
  { direction, purpose, outcome, requestId: about }: InteractionEvidence,
): boolean =>
  direction === 'outbound' &&
  reachedOutcomes.has(outcome) &&
  (about === null ? informingPurposes.has(purpose) : about === requestId);

/** Index of the first interaction later than `at`; interactions ascend. */
const firstAfter = (interactions: ReadonlyArray<InteractionEvidence>, at: Instant): number => {
  let [low, high] = [0, interactions.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((interactions[middle]?.at ?? at) > at) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** How long a silence about this request may last, in milliseconds. */
export const longestSilenceMs = ({ openedAt }: RequestEvidence, configuration: Configuration): number =>
  termsAt(configuration, openedAt).service.keepInformedHours * HOUR_MS;

export interface KeptInformed {
  /** Silences of more than `keepInformedHours` that have ended: by a contact or by the solution. */
  readonly violations: number;
  /** When the customer last heard of a request that is not solved; null once it is. */
  readonly silentSince: Instant | null;
}

const NOTHING: KeptInformed = { violations: 0, silentSince: null };

/**
 * How the customer was kept informed (`domain.md §10.5`): from opening to solution no more than 24 h,
 * exactly 24 h allowed, without an outbound contact that reached them. That a request waits for the
 * customer says that the customer was asked.
 */
export const keptInformed = (
  request: RequestEvidence,
  { interactions }: Pick<Evidence, 'interactions'>,
  configuration: Configuration,
): KeptInformed => {
  if (request.openedAt === null) return NOTHING;
  const limit = longestSilenceMs(request, configuration);
  let violations = 0;
  let silentSince: Instant | null = null;
  for (const { request: round, until } of roundsOf(request)) {
    const from = round.reopenedAt ?? request.openedAt;
    const to = currentResolution(round) ?? until;
    const heard: Instant[] = [];
    for (let index = firstAfter(interactions, from); index < interactions.length; index++) {
      const interaction = interactions[index];
      if (interaction === undefined || (to !== null && interaction.at >= to)) break;
      if (informsOf(request, interaction)) heard.push(interaction.at);
    }
    for (const pause of request.pauses)
      if (pause.from > from && (to === null || pause.from < to)) heard.push(pause.from);
    heard.sort((a, b) => a - b);
    let last = from;
    for (const at of to === null ? heard : [...heard, to]) {
      if (at - last > limit) violations += 1;
      last = Math.max(last, at);
    }
    silentSince = to === null ? last : null;
  }
  return { violations, silentSince };
};
