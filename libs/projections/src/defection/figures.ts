import { defectionReasons, retentionKinds } from '@afecto/domain';
import type { Figures, FiguresQuestion, JsonObject } from '../figures/definition';
import { keyOf, partsOf, prefixOf } from '../tally/contribute';
import { monthOfDay } from '../tally/months';
import { cohortBucket, daysOfCohort, REPORT } from './contribution';
import { isControllable, keaveneyCauseOf } from './reasons';

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

type Counts = ReadonlyMap<string, number>;

/** What was counted under one part of the report, by the parts of its keys that `name` puts together. */
const countsOf = async (
  part: string,
  { readModels, days }: FiguresQuestion,
  name: (parts: ReadonlyArray<string>) => string,
  range: { readonly from?: number; readonly to?: number } = days,
): Promise<Counts> => {
  const counts = new Map<string, number>();
  for (const [key, count] of await readModels.tallySums(prefixOf(REPORT, part), range)) {
    const of = name(partsOf(key).slice(1));
    counts.set(of, (counts.get(of) ?? 0) + count);
  }
  return counts;
};

const first = ([one = '']: ReadonlyArray<string>): string => one;
const second = ([, other = '']: ReadonlyArray<string>): string => other;
const total = (): string => '';

/** Reasons, the most frequent first, each with its share of all and the shares up to it (Pareto), by tier and by origin. */
const pareto = async (question: FiguresQuestion): Promise<ReadonlyArray<JsonObject>> => {
  const { readModels, days } = question;
  const found = new Map<string, { count: number; byTier: Record<string, number>; byOrigin: Record<string, number> }>();
  let all = 0;
  for (const [key, count] of await readModels.tallySums(prefixOf(REPORT, 'reason'), days)) {
    const [, reason = '', origin = '', tier = ''] = partsOf(key);
    let entry = found.get(reason);
    if (entry === undefined) found.set(reason, (entry = { count: 0, byTier: {}, byOrigin: {} }));
    entry.count += count;
    entry.byTier[tier] = (entry.byTier[tier] ?? 0) + count;
    entry.byOrigin[origin] = (entry.byOrigin[origin] ?? 0) + count;
    all += count;
  }
  const place = (reason: string): number => defectionReasons.findIndex((code) => code === reason);
  let upTo = 0;
  return [...found]
    .sort(([one, a], [other, b]) => b.count - a.count || place(one) - place(other))
    .map(([reason, { count, byTier, byOrigin }]) => {
      upTo += count;
      return {
        reason,
        count,
        share: ratio(count, all),
        cumulativeShare: ratio(upTo, all),
        controllable: isControllable(reason),
        keaveney: keaveneyCauseOf(reason),
        byTier,
        byOrigin,
      };
    });
};

/** Who is active on the last day of the window and ordered first before its first day. */
const keptOf = async ({ readModels, days: { from, to } }: FiguresQuestion): Promise<number> => {
  const month = monthOfDay(from);
  let kept = 0;
  for (const [key, count] of await readModels.tallySums(prefixOf(REPORT, 'active'), { to }))
    if (Number(partsOf(key)[1]) < month) kept += count;
  for (const [bucket, count] of await readModels.tallyBuckets(keyOf(REPORT, 'cohort', month), {
    to: cohortBucket(from, 0) - 1,
  }))
    if (daysOfCohort(bucket)[1] <= to) kept += count;
  return kept;
};

/** Customers active before, at the end and new, and the rates that follow from them. */
type Retention = Readonly<
  Record<'activeAtStart' | 'activeAtEnd' | 'newAtEnd' | 'newCustomers', number> &
    Record<'retentionRate' | 'churnRate', number | null>
>;

/**
 * CRR = (E − N)/S and churn = 1 − CRR (`domain.md §13.4`): S active before the first day, E on the last
 * day, N those of E who are new in the window. A customer who was inactive at the start and is active
 * again at the end is kept, as in the formula.
 */
export const retentionOf = async (question: FiguresQuestion): Promise<Retention> => {
  const { from, to } = question.days;
  const start = (await countsOf('active', question, total, { to: from - 1 })).get('') ?? 0;
  const end = (await countsOf('active', question, total, { to })).get('') ?? 0;
  const kept = await keptOf(question);
  const rate = ratio(kept, start);
  return {
    activeAtStart: start,
    activeAtEnd: end,
    newAtEnd: end - kept,
    newCustomers: (await countsOf('new', question, total)).get('') ?? 0,
    retentionRate: rate,
    churnRate: rate === null ? null : 1 - rate,
  };
};

const measuresOf = async (question: FiguresQuestion): Promise<ReadonlyArray<JsonObject>> => {
  const byKind = await countsOf('measure', question, ([kind, , what]) => `${kind}|${what}`);
  const byMeasure = await countsOf('measure', question, ([kind, measure, what]) =>
    what === 'taken' ? JSON.stringify([kind, measure]) : '',
  );
  const outcomes = await countsOf('save', question, ([kind, outcome]) => `${kind}|${outcome}`);
  return retentionKinds.map((kind) => {
    const measures: Record<string, number> = {};
    for (const [key, count] of byMeasure) {
      const parts: unknown = key === '' ? [] : JSON.parse(key);
      if (Array.isArray(parts) && parts[0] === kind) measures[String(parts[1])] = count;
    }
    const closed = [...outcomes].reduce((sum, [key, count]) => (key.startsWith(`${kind}|`) ? sum + count : sum), 0);
    const saved = outcomes.get(`${kind}|saved`) ?? 0;
    return {
      kind,
      taken: byKind.get(`${kind}|taken`) ?? 0,
      costMinor: byKind.get(`${kind}|costMinor`) ?? 0,
      measures,
      itemsClosed: closed,
      saved,
      savedShare: ratio(saved, closed),
    };
  });
};

/**
 * Defection and retention (PR16, `domain.md §9.1`, §9.2, §13.4): losses by the day on which they took
 * effect, with the tier of today; reasons as diagnosed, else as the customer stated them, else as the
 * evidence proposes; revenue and contribution of the 365 days before the loss in minor units; measures and
 * closed items of retention by their own day. The win-back rate is that of the losses of the window.
 */
export const defectionFigures: Figures = {
  code: 'PR16',
  name: 'defection-retention',
  title: 'Losses, why, what they cost, and what was done against them',
  read: async (question) => {
    const losses = await countsOf('loss', question, first);
    const byTier = await countsOf('loss', question, ([what, tier]) => (what === 'lost' ? (tier ?? '') : ''));
    const notices = await countsOf('notice', question, first);
    const saves = await countsOf('save', question, second);
    const of = (what: string): number => losses.get(what) ?? 0;
    const closed = [...saves.values()].reduce((sum, count) => sum + count, 0);
    return {
      lost: of('lost'),
      lostByNotice: of('byNotice'),
      lostBySilence: of('bySilence'),
      lostByTier: Object.fromEntries([...byTier].filter(([tier]) => tier !== '').toSorted()),
      revenueLostMinor: of('revenueMinor'),
      contributionLostMinor: of('contributionMinor'),
      diagnosedInTime: of('diagnosedInTime'),
      diagnosedInTimeShare: ratio(of('diagnosedInTime'), of('lost')),
      reasons: await pareto(question),
      ...(await retentionOf(question)),
      notices: {
        received: notices.get('received') ?? 0,
        withdrawn: notices.get('withdrawn') ?? 0,
        toCompetitor: notices.get('toCompetitor') ?? 0,
      },
      measures: await measuresOf(question),
      saves: { itemsClosed: closed, saved: saves.get('saved') ?? 0, share: ratio(saves.get('saved') ?? 0, closed) },
      winBacks: {
        wonBack: of('wonBack'),
        attempted: of('attempted'),
        wonBackAfterAttempt: of('wonBackAttempted'),
        rate: ratio(of('wonBackAttempted'), of('attempted')),
      },
    };
  },
};
