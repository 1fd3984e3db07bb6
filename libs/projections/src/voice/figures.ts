import type { Figures, FiguresQuestion, JsonObject } from '../figures/definition';
import { dayOf, partsAsked } from '../figures/definition';
import { keyOf, partsOf, prefixOf } from '../tally/contribute';
import { monthName, monthOfDay } from '../tally/months';
import { daysAsBucket, daysLeftAfter, fromMonthEndOf, LAST, REPORT } from './contribution';
import {
  answerClasses,
  type Answers,
  countOf,
  type Instrument,
  instruments,
  isCsat,
  measuredBy,
  noAnswers,
  plus,
} from './measures';

const MILLI = 1_000;

/** Answers by instrument and then by something else: a tier, a segment. */
type Grouped = ReadonlyMap<string, ReadonlyMap<string, Answers>>;

/**
 * The latest answer of each party in the window, by instrument and group. An answer that another one
 * follows counts when that one comes after the window's last day.
 */
const latestAnswers = async (
  { readModels, policy, asOf, days }: FiguresQuestion,
  part: 'answer' | 'segment',
): Promise<Grouped> => {
  const found = new Map<string, Map<string, Answers>>();
  const add = ([instrument = '', group = '', what = '']: ReadonlyArray<string>, count: number): void => {
    let groups = found.get(instrument);
    if (groups === undefined) found.set(instrument, (groups = new Map()));
    groups.set(group, plus(groups.get(group) ?? noAnswers, what, count));
  };
  // Of a window that reaches to the present no other answers can count.
  const isPresent = days.to >= dayOf(asOf, policy);
  const month = monthOfDay(days.to);
  const prefix = isPresent ? prefixOf(REPORT, part, LAST) : prefixOf(REPORT, part);
  for (const [key, count] of await readModels.tallySums(prefix, days)) {
    const [, next, ...answer] = partsOf(key);
    if (next === LAST || Number(next) > month) add(answer, count);
  }
  const left = daysLeftAfter(days.to);
  if (isPresent || left === 0) return found;
  const within = { from: daysAsBucket(days.from, 0), to: daysAsBucket(days.to + 1, 0) - 1 };
  for (const [key] of await readModels.tallySums(prefixOf(REPORT, 'again', part, month), within))
    for (const [bucket, count] of await readModels.tallyBuckets(key, within))
      if (fromMonthEndOf(bucket) < left) add(partsOf(key).slice(3), count);
  return found;
};

const summed = (groups: Iterable<Answers>): Answers => {
  let sum = noAnswers;
  for (const { best, good, rest, milli } of groups)
    sum = { best: sum.best + best, good: sum.good + good, rest: sum.rest + rest, milli: sum.milli + milli };
  return sum;
};

/** By calendar month, of each party the latest answer of the month. */
const trendOf = async (
  instrument: Instrument,
  { readModels, days }: FiguresQuestion,
): Promise<ReadonlyArray<JsonObject>> => {
  const range = { from: monthOfDay(days.from), to: monthOfDay(days.to) };
  const found = new Map<number, Answers>();
  for (const what of [...answerClasses, 'milli'])
    for (const [month, count] of await readModels.tallyBuckets(keyOf(REPORT, 'month', instrument, what), range))
      found.set(month, plus(found.get(month) ?? noAnswers, what, count));
  return [...found]
    .sort(([one], [other]) => one - other)
    .map(([month, answers]) => ({ month: monthName(month), ...measuredBy(instrument, answers) }));
};

const groupedBy = (name: string, instrument: Instrument, found: Grouped): ReadonlyArray<JsonObject> =>
  [...(found.get(instrument) ?? [])]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([group, answers]) => ({ [name]: group, ...measuredBy(instrument, answers) }));

/** Sums by the first part after `part`. */
const sumsOf = async (part: string, { readModels, days }: FiguresQuestion): Promise<ReadonlyMap<string, number>> =>
  new Map(
    (await readModels.tallySums(prefixOf(REPORT, part), days)).map(([key, count]) => [partsOf(key)[1] ?? '', count]),
  );

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

const totalOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

const wordOfMouth = async ({ readModels, days }: FiguresQuestion): Promise<JsonObject> => {
  const senses = { positive: 0, neutral: 0, negative: 0 };
  let [verified, shared] = [0, 0];
  for (const [key, count] of await readModels.tallySums(prefixOf(REPORT, 'word'), days)) {
    const [, sense = '', reach = '', told = ''] = partsOf(key);
    if (sense === 'positive' || sense === 'neutral' || sense === 'negative') senses[sense] += count;
    if (told === 'verified') verified += count;
    if (reach === 'public') shared += count;
  }
  const observed = senses.positive + senses.neutral + senses.negative;
  const [[, milli] = ['', 0]] = await readModels.tallySums(prefixOf(REPORT, 'polarity'), days);
  return { observed, ...senses, verified, public: shared, meanPolarity: ratio(milli / MILLI, observed) };
};

/** The item `empathy`, 1..5, of all answers in the window (`domain.md §9.1`). */
export const empathyIn = async (question: FiguresQuestion): Promise<JsonObject> => {
  const empathy = await sumsOf('empathy', question);
  const answers = empathy.get('answers') ?? 0;
  return { answers, mean: ratio((empathy.get('milli') ?? 0) / MILLI, answers) };
};

/**
 * How many answers of some days have words beside the score, by instrument and by what the answer counts as; the
 * words themselves stay in the facts. An answer to an instrument of one's own has no class.
 */
export const verbatimsIn = async ({
  readModels,
  days,
}: Pick<FiguresQuestion, 'readModels' | 'days'>): Promise<ReadonlyArray<JsonObject>> => {
  const found = new Map<string, Answers>();
  for (const [key, count] of await readModels.tallySums(prefixOf(REPORT, 'verbatim'), days)) {
    const [, instrument = '', of = ''] = partsOf(key);
    found.set(instrument, plus(found.get(instrument) ?? noAnswers, of, count));
  }
  return instruments.flatMap((instrument) => {
    const answers = found.get(instrument);
    if (answers === undefined) return [];
    const { best, good, rest } = answers;
    return [{ instrument, verbatims: countOf(answers), ...(instrument === 'custom' ? {} : { best, good, rest }) }];
  });
};

/** Each instrument that was asked for or answered in the window. */
const instrumentsOf = async (question: FiguresQuestion): Promise<ReadonlyArray<JsonObject>> => {
  const byTier = await latestAnswers(question, 'answer');
  const bySegment = await latestAnswers(question, 'segment');
  const asked = await sumsOf('asked', question);
  const answered = await sumsOf('answered', question);
  const measured: JsonObject[] = [];
  for (const instrument of instruments) {
    const answers = summed((byTier.get(instrument) ?? new Map()).values());
    const [told, requests] = [answered.get(instrument) ?? 0, asked.get(instrument) ?? 0];
    if (told === 0 && requests === 0) continue;
    measured.push({
      instrument,
      measure: isCsat(instrument) ? 'csat' : instrument,
      ...measuredBy(instrument, answers),
      asked: requests,
      answered: told,
      responseRate: ratio(told, requests),
      byTier: groupedBy('tier', instrument, byTier),
      bySegment: groupedBy('segmentId', instrument, bySegment),
      byMonth: await trendOf(instrument, question),
    });
  }
  return measured;
};

/**
 * Voice of the customer (PR12, `domain.md §13.4`): what the latest answer of each party in the window
 * comes to, by instrument, tier and segment as they are now; shares are 0..1, NPS −100..100, "n<30"
 * stands for a figure that fewer than 30 answers are behind. Response rate: answers to outbound
 * contacts with the purpose survey, all of both.
 */
export const voiceFigures: Figures = {
  code: 'PR12',
  name: 'voice-of-customer',
  title: 'Satisfaction, effort and recommendation by instrument, tier, segment and month; response; word of mouth',
  read: (question) =>
    partsAsked(question, {
      instruments: () => instrumentsOf(question),
      response: async () => {
        const [asked, answered] = [await sumsOf('asked', question), await sumsOf('answered', question)];
        return { asked: totalOf(asked), answered: totalOf(answered), rate: ratio(totalOf(answered), totalOf(asked)) };
      },
      empathy: () => empathyIn(question),
      verbatims: () => verbatimsIn(question),
      wordOfMouth: () => wordOfMouth(question),
    }),
};
