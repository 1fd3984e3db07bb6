import { attitudeTerms, type Configuration, DAY_MS, type Evidence, type Instant } from '@afecto/domain';

/** How long after a benefit its effect on the attitude is looked for. */
export const LATER_DAYS = 180;

export interface Benefited {
  readonly benefit: string;
  readonly by: 'reward' | 'bond';
  readonly at: Instant;
  /** What the customer said first within 180 days after, −1..1 (`domain.md §7.3 A`); null when nothing. */
  readonly attitude: number | null;
}

/** Every benefit that a customer was given by a reward or a bond, with the attitude that it showed later. */
export const benefitsOf = (evidence: Evidence, configuration: Configuration): ReadonlyArray<Benefited> => {
  const given: Omit<Benefited, 'attitude'>[] = [];
  for (const { benefit, at } of evidence.rewards) given.push({ benefit, by: 'reward', at });
  for (const { benefit, validFrom } of evidence.bonds)
    if (benefit !== null) given.push({ benefit, by: 'bond', at: validFrom });
  if (given.length === 0) return none;
  const first = given.reduce((earliest, { at }) => Math.min(earliest, at), Number.POSITIVE_INFINITY);
  // Asked as of an instant at which nothing since the first benefit is too old: the answer does not fade.
  const whenAllCount = first + configuration.loyalty.attitude.maxAgeDays * DAY_MS;
  const terms = attitudeTerms(evidence, configuration, whenAllCount).toSorted((one, other) => one.at - other.at);
  return given.map((benefited) => {
    const after = terms.find(({ at }) => at > benefited.at);
    const inTime = after !== undefined && after.at <= benefited.at + LATER_DAYS * DAY_MS;
    return { ...benefited, attitude: inTime ? after.value : null };
  });
};

const none: ReadonlyArray<never> = [];
