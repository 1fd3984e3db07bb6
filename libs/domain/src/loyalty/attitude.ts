import type { ComplaintEvidence, Evidence, SurveyEvidence, WordOfMouthEvidence } from '../customer/evidence';
import type { Configuration } from '../policy/configuration';
import { termsAt } from '../policy/terms';
import { DAY_MS, type Instant, NEVER } from '../time/calendar';

export interface AttitudeTerm {
  readonly at: Instant;
  /** m: instrument weight, with the recovered-failure factor. */
  readonly weight: number;
  /** v: −1..1. */
  readonly value: number;
  readonly source:
    | { readonly kind: 'survey'; readonly entry: SurveyEvidence; readonly superseded: boolean }
    | { readonly kind: 'verdict'; readonly entry: ComplaintEvidence }
    | { readonly kind: 'word_of_mouth'; readonly entry: WordOfMouthEvidence };
}

export interface Attitude {
  /** A, −1..1; 0 without evidence. It does not change while no term enters or leaves. */
  readonly signal: number;
  /** c_A, 0..1. */
  readonly confidence: number;
}

/** Linear between the values of a scale 1..k; `position` 0..k−1, clamped. */
const interpolate = (values: ReadonlyArray<number>, position: number): number => {
  const last = values.length - 1;
  const clamped = Math.min(last, Math.max(0, position));
  const below = Math.floor(clamped);
  const from = values[below] ?? 0;
  return below === last ? from : from + (clamped - below) * ((values[below + 1] ?? from) - from);
};

/** An answer on the scale 0..`steps`, wherever its own scale begins and ends. */
const onScale = (survey: SurveyEvidence, steps: number): number => {
  const span = survey.scaleMax - survey.scaleMin;
  return span === steps ? survey.score - survey.scaleMin : ((survey.score - survey.scaleMin) / span) * steps;
};

/** The answer as 0..10, whatever scale it was asked on. */
export const npsScore = (survey: SurveyEvidence): number => onScale(survey, 10);

const surveyValue = (survey: SurveyEvidence, configuration: Configuration): number => {
  const { csatValues, npsValues, cesValues } = configuration.loyalty.attitude;
  const values = survey.instrument === 'nps' ? npsValues : survey.instrument === 'ces' ? cesValues : csatValues;
  return interpolate(values, onScale(survey, values.length - 1));
};

/** From an instant until another, which is not in it any more. */
interface Span {
  readonly from: Instant;
  until: Instant;
}

/**
 * From 7 days before a complaint until the follow-up that found it recovered, its verdict speaks for the
 * surveys. In order, and apart from one another.
 */
const recoveredSpans = ({ complaints }: Evidence, configuration: Configuration): ReadonlyArray<Span> => {
  if (complaints.size === 0) return none;
  const lead = configuration.loyalty.attitude.recoveredSurveyLeadDays * DAY_MS;
  const spans: Span[] = [];
  for (const { receivedAt, verdict, verdictAt } of complaints.values())
    if (
      receivedAt !== null &&
      verdict !== null &&
      verdictAt !== null &&
      verdict >= termsAt(configuration, receivedAt).complaints.recoveredFrom
    )
      spans.push({ from: receivedAt - lead, until: verdictAt });
  const apart: Span[] = [];
  for (const span of spans.sort((a, b) => a.from - b.from)) {
    const last = apart.at(-1);
    if (last !== undefined && span.from <= last.until) last.until = Math.max(last.until, span.until);
    else apart.push(span);
  }
  return apart;
};

const none: ReadonlyArray<Span> = [];

/** Whether an instant lies in one of the spans: only the last that begins by then can hold it. */
const liesIn = (spans: ReadonlyArray<Span>, at: Instant): boolean => {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.from ?? NEVER) <= at) low = middle + 1;
    else high = middle;
  }
  return at < (spans[low - 1]?.until ?? Number.NEGATIVE_INFINITY);
};

/**
 * What speaks about the customer's attitude at `asOf`, newest first by kind: surveys (custom ones
 * aside), the latest follow-up verdict of each complaint and verified word of mouth, each at most 730
 * days old (`domain.md §7.3 A`).
 */
export const attitudeTerms = (
  evidence: Evidence,
  configuration: Configuration,
  asOf: Instant,
): ReadonlyArray<AttitudeTerm> => {
  const { maxAgeDays, instrumentWeights, csatValues, recoveredSurveyFactor } = configuration.loyalty.attitude;
  const from = asOf - maxAgeDays * DAY_MS;
  const terms: AttitudeTerm[] = [];
  const recovered = recoveredSpans(evidence, configuration);
  for (let index = evidence.surveys.length - 1; index >= 0; index--) {
    const entry = evidence.surveys[index];
    if (entry === undefined || entry.instrument === 'custom' || !(entry.scaleMax > entry.scaleMin)) continue;
    if (entry.at < from) break;
    const superseded = liesIn(recovered, entry.at);
    terms.push({
      at: entry.at,
      weight: instrumentWeights[entry.instrument] * (superseded ? recoveredSurveyFactor : 1),
      value: surveyValue(entry, configuration),
      source: { kind: 'survey', entry, superseded },
    });
  }
  if (evidence.complaints.size > 0)
    for (const entry of evidence.complaints.values())
      if (entry.receivedAt !== null && entry.verdict !== null && entry.verdictAt !== null && entry.verdictAt >= from)
        terms.push({
          at: entry.verdictAt,
          weight: instrumentWeights.verdict,
          value: interpolate(csatValues, entry.verdict - 1),
          source: { kind: 'verdict', entry },
        });
  for (let index = evidence.wordOfMouth.length - 1; index >= 0; index--) {
    const entry = evidence.wordOfMouth[index];
    if (entry === undefined || !entry.verified) continue;
    if (entry.at < from) break;
    terms.push({
      at: entry.at,
      weight: instrumentWeights.word_of_mouth,
      value: entry.polarity,
      source: { kind: 'word_of_mouth', entry },
    });
  }
  return terms;
};

/** d = 2^(−age/180 d). */
export const attitudeDecay = (at: Instant, asOf: Instant, configuration: Configuration): number =>
  2 ** ((at - asOf) / DAY_MS / configuration.loyalty.attitude.halfLifeDays);

/** What the terms amount to for as long as none enters or leaves. */
export interface AttitudeFit {
  /** A, −1..1; 0 without evidence. */
  readonly signal: number;
  /** Sum of the weights as they are at `newest`. */
  readonly weights: number;
  readonly newest: Instant;
  /** First instant after the one asked at which a term is too old; `NEVER` without terms. */
  readonly until: Instant;
}

/**
 * All terms fade at the same rate, so their mean does not move with time: it is taken relative to the
 * newest term, which keeps it equal to the last bit from day to day.
 */
export const attitudeFit = (terms: ReadonlyArray<AttitudeTerm>, configuration: Configuration): AttitudeFit => {
  let newest = Number.NEGATIVE_INFINITY;
  let oldest = Number.POSITIVE_INFINITY;
  for (const { at } of terms) {
    if (at > newest) newest = at;
    if (at < oldest) oldest = at;
  }
  let weights = 0;
  let weighted = 0;
  for (const { at, weight, value } of terms) {
    const relative = attitudeDecay(at, newest, configuration) * weight;
    weights += relative;
    weighted += relative * value;
  }
  const until = oldest + configuration.loyalty.attitude.maxAgeDays * DAY_MS + 1;
  return { signal: weights === 0 ? 0 : weighted / weights, weights, newest, until };
};

/** Family A (`domain.md §7.2`). */
export const attitudeOf = (fit: AttitudeFit, configuration: Configuration, asOf: Instant): Attitude => {
  const { signal, weights, newest } = fit;
  if (weights === 0) return { signal: 0, confidence: 0 };
  return { signal, confidence: Math.min(1, weights * attitudeDecay(newest, asOf, configuration)) };
};
