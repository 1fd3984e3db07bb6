/** So many answers or requests are needed before a channel or a moment is judged (`domain.md §4.3`, §4.4). */
export const LEAST_TO_JUDGE = 30;
/** Distance from the tenant's own share that makes a difference: 10 percentage points. */
const POINTS = 0.1;
/** Service levels met, below which a channel does not work. */
const LEAST_MET = 0.9;
/** Between two channels, in points of the scale 1..5 (CX4). */
const EXPERIENCE_GAP = 0.5;
/** Shares are quotients: what is exactly on a bound must not fall off it by rounding. */
const ROUNDING = 1e-9;

/** Answers about satisfaction, added up. */
export interface Satisfaction {
  readonly answers: number;
  readonly topTwo: number;
  readonly topBox: number;
  /** Sum of the scores in thousandths of a point. */
  readonly milli: number;
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/**
 * Health of a channel (`domain.md §4.4`): `warn` with at least 30 answers and CSAT top-2 more than 10 pp
 * below the tenant's, or at least 30 decided requests and fewer than 90 % met; `insufficient` with
 * fewer than 30 of both.
 */
export const channelStatus = (
  own: Satisfaction,
  tenant: Satisfaction,
  service: { readonly met: number; readonly missed: number },
): 'ok' | 'warn' | 'insufficient' => {
  const decided = service.met + service.missed;
  const [bySatisfaction, byService] = [own.answers >= LEAST_TO_JUDGE, decided >= LEAST_TO_JUDGE];
  if (!bySatisfaction && !byService) return 'insufficient';
  const below = share(tenant.topTwo, tenant.answers) - share(own.topTwo, own.answers);
  return (bySatisfaction && below > POINTS + ROUNDING) || (byService && share(service.met, decided) < LEAST_MET)
    ? 'warn'
    : 'ok';
};

/** What a moment of truth is (`domain.md §4.3`), by its top-box share against the tenant's; both bounds are reached inclusively. */
export const momentStatus = (
  own: Satisfaction,
  tenant: Satisfaction,
): 'differentiator' | 'pain_point' | 'ordinary' | 'insufficient' => {
  if (own.answers < LEAST_TO_JUDGE) return 'insufficient';
  const above = share(own.topBox, own.answers) - share(tenant.topBox, tenant.answers);
  return above >= POINTS - ROUNDING ? 'differentiator' : above <= -POINTS + ROUNDING ? 'pain_point' : 'ordinary';
};

export interface ExperienceGap {
  readonly best: string;
  readonly worst: string;
  /** Points of the scale 1..5. */
  readonly gap: number;
  /** CX4: more than half a point. */
  readonly hit: boolean;
}

/** CX4 (`domain.md §4.4`): between the channels with at least 30 answers; null with fewer than two of them. */
export const experienceGap = (channels: ReadonlyMap<string, Satisfaction>): ExperienceGap | null => {
  const means = [...channels]
    .filter(([, { answers }]) => answers >= LEAST_TO_JUDGE)
    .map(([channel, { answers, milli }]) => ({ channel, mean: milli / answers / 1_000 }))
    .sort((one, other) => other.mean - one.mean || (one.channel < other.channel ? -1 : 1));
  const [best, worst] = [means.at(0), means.at(-1)];
  if (best === undefined || worst === undefined || best === worst) return null;
  const gap = best.mean - worst.mean;
  return { best: best.channel, worst: worst.channel, gap, hit: gap > EXPERIENCE_GAP + ROUNDING };
};
