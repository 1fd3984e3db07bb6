import { belongsTo, isOutsideBase, segmentProfileOf } from '@afecto/domain';
import { dayOf } from '../figures/definition';
import { type Contribute, type Count, type Counted, keyOf } from '../tally/contribute';
import { lastDayOf, monthOfDay } from '../tally/months';
import { type Instrument, scoredOf } from './measures';

export const REPORT = 'voice';
/** Of an answer that no other of the same party to the same instrument follows. */
export const LAST = 'last';
/** Of a customer without a tier. */
export const NO_TIER = 'none';

const MILLI = 1_000;

/** Segments of the configuration that the customer is in. */
const segmentsOf = ({ evidence, standing, policy, asOf }: Counted): ReadonlyArray<string> => {
  const { segments } = policy.configuration;
  if (segments.length === 0) return [];
  const { phase } = standing.lifecycle;
  const { tier } = standing.value;
  const profile = () => segmentProfileOf(evidence, policy, asOf);
  const customer = { kind: evidence.person.kind, phase, tier, zone: standing.loyalty.zone, profile };
  return segments.filter((segment) => belongsTo(segment, customer)).map(({ segmentId }) => segmentId);
};

/** More than a month has days. */
const BUCKETS_A_DAY = 32;

/** A day with another one's place in its month, counted from the month's end (0 for its last day), as one bucket. */
export const daysAsBucket = (day: number, fromMonthEnd: number): number => day * BUCKETS_A_DAY + fromMonthEnd;
export const fromMonthEndOf = (bucket: number): number => bucket - Math.floor(bucket / BUCKETS_A_DAY) * BUCKETS_A_DAY;
/** How many days of its month follow a day. */
export const daysLeftAfter = (day: number): number => lastDayOf(monthOfDay(day)) - day;

/**
 * Every answer with the month of the party's next answer to the same instrument: in a window only the
 * latest answer of a party counts (`domain.md §13.4`), and it is the latest of all windows that end before
 * that month. Of those that end in it, before the day of the next answer, `again` tells. Of each month the
 * latest as well, for the trend.
 */
const contributeAnswers = (customer: Counted, count: Count): void => {
  const { evidence, standing, policy } = customer;
  const tier = standing.value.tier ?? NO_TIER;
  const segments = segmentsOf(customer);
  const nextDay = new Map<Instrument, number>();
  for (let index = evidence.surveys.length - 1; index >= 0; index--) {
    const survey = evidence.surveys[index];
    if (survey === undefined || isOutsideBase(evidence, survey.at)) continue;
    const scored = scoredOf(survey);
    if (scored === null) continue;
    const { instrument } = survey;
    const day = dayOf(survey.at, policy);
    const month = monthOfDay(day);
    const next = nextDay.get(instrument);
    const nextMonth = next === undefined ? LAST : monthOfDay(next);
    const put = (part: 'answer' | 'segment', group: string, what: string, by: number): void => {
      if (nextMonth !== month) count(keyOf(REPORT, part, nextMonth, instrument, group, what), day, by);
      if (next !== undefined && next > day)
        count(
          keyOf(REPORT, 'again', part, nextMonth, instrument, group, what),
          daysAsBucket(day, daysLeftAfter(next)),
          by,
        );
    };
    // NPS is told without a mean.
    const milli = instrument === 'nps' ? 0 : scored.milli;
    for (const [what, by] of [[scored.class, 1] as const, ['milli', milli] as const]) {
      if (by === 0) continue;
      put('answer', tier, what, by);
      for (const segment of segments) put('segment', segment, what, by);
      if (nextMonth !== month) count(keyOf(REPORT, 'month', instrument, what), month, by);
    }
    count(keyOf(REPORT, 'answered', instrument), day);
    if (survey.verbatim) count(keyOf(REPORT, 'verbatim', instrument, scored.class), day);
    if (survey.empathy !== null) {
      count(keyOf(REPORT, 'empathy', 'answers'), day);
      count(keyOf(REPORT, 'empathy', 'milli'), day, Math.round(survey.empathy * MILLI));
    }
    nextDay.set(instrument, day);
  }
};

/** Answers, requests for answers and word of mouth (PR12); those of employees and competitors are left out (`domain.md §3`). */
export const contributeVoice: Contribute = (customer, count) => {
  const { evidence, policy } = customer;
  if (evidence.surveys.length > 0) contributeAnswers(customer, count);
  for (const { purpose, direction, instrument, at } of evidence.interactions)
    if (purpose === 'survey' && direction === 'outbound' && !isOutsideBase(evidence, at))
      count(keyOf(REPORT, 'asked', instrument ?? ''), dayOf(at, policy));
  for (const { at, polarity, reach, verified } of evidence.wordOfMouth) {
    if (isOutsideBase(evidence, at)) continue;
    const day = dayOf(at, policy);
    const sense = polarity > 0 ? 'positive' : polarity < 0 ? 'negative' : 'neutral';
    count(keyOf(REPORT, 'word', sense, reach, verified ? 'verified' : 'unverified'), day);
    if (polarity !== 0) count(keyOf(REPORT, 'polarity', 'milli'), day, Math.round(polarity * MILLI));
  }
};
