import { DAY_MS, type Instant } from '@afecto/domain';

/** One answer of one party to one instrument. */
export interface SurveyAnswer {
  readonly partyId: string;
  readonly instrument: string;
  readonly at: Instant;
  readonly value: number;
}

/**
 * The answers that count: one per party and instrument, the latest of the `windowDays` > 0 up to
 * `asOf`; of two at one instant the later in the list (`domain.md §13.4`).
 */
export const latestAnswers = <A extends SurveyAnswer>(
  answers: Iterable<A>,
  asOf: Instant,
  windowDays: number,
): ReadonlyArray<A> => {
  const latest = new Map<string, A>();
  for (const answer of answers) {
    if (answer.at > asOf || answer.at <= asOf - windowDays * DAY_MS) continue;
    const key = JSON.stringify([answer.partyId, answer.instrument]);
    const known = latest.get(key);
    if (known === undefined || known.at <= answer.at) latest.set(key, answer);
  }
  return [...latest.values()];
};
