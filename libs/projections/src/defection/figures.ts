import { defectionReasons } from '@afecto/domain';
import {
  type Figures,
  type FiguresQuestion,
  isAsked,
  type JsonObject,
  partsAsked,
  upToToday,
} from '../figures/definition';
import { contributionIn } from '../scorecard/contribution-in';
import { keyOf, partsOf, prefixOf } from '../tally/contribute';
import { monthOfDay } from '../tally/months';
import { cohortBucket, daysOfCohort, REPORT } from './contribution';
import { measuresOf } from './measures';
import { isControllable, keaveneyCauseOf } from './reasons';

const DAYS_A_YEAR = 365;

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
export const reasonsOf = async (
  question: Pick<FiguresQuestion, 'readModels' | 'days'>,
): Promise<ReadonlyArray<JsonObject>> => {
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
 * again at the end is kept, as in the formula. A window that reaches ahead ends today: who has not ordered on the days
 * to come is not lost on them. Of one that has not begun there is no rate.
 */
export const retentionOf = async (asked: FiguresQuestion): Promise<Retention> => {
  const question = upToToday(asked);
  const { from, to } = question.days;
  const start = (await countsOf('active', question, total, { to: from - 1 })).get('') ?? 0;
  const end = (await countsOf('active', question, total, { to })).get('') ?? 0;
  const kept = await keptOf(question);
  return {
    activeAtStart: start,
    activeAtEnd: end,
    newAtEnd: end - kept,
    newCustomers: (await countsOf('new', asked, total)).get('') ?? 0,
    retentionRate: from > to ? null : ratio(kept, start),
    churnRate: from > to ? null : ratio(start - kept, start),
  };
};

/**
 * Relational marketing share (`domain.md §3`): of the customers active on the last day, those whose relationship
 * is more than purchases on it; null without any. The last day is today at the latest.
 */
export const relationalShareOf = async (question: FiguresQuestion): Promise<number | null> => {
  const until = { to: upToToday(question).days.to };
  const active = (await countsOf('active', question, total, until)).get('') ?? 0;
  return ratio((await countsOf('relational', question, total, until)).get('') ?? 0, active);
};

/**
 * Revenue churn (`domain.md §13.4`): what customers lost in the window contributed in the 365 days before
 * their loss, as a share of what all contributed in the 365 days before the window; null where that is nothing.
 */
const revenueChurnOf = async ({ readModels, days: { from } }: FiguresQuestion, lostMinor: number) => {
  const before = await contributionIn({ readModels, days: { from: from - DAYS_A_YEAR, to: from - 1 } });
  return before > 0 ? lostMinor / before : null;
};

const retentionFields: ReadonlyArray<keyof Retention> = [
  'activeAtStart',
  'activeAtEnd',
  'newAtEnd',
  'newCustomers',
  'retentionRate',
  'churnRate',
];

/**
 * Defection and retention (PR16, `domain.md §9.1`, §9.2, §13.4): losses by the day on which they took
 * effect, with the tier of today; reasons as diagnosed, else as the customer stated them, else as the
 * evidence proposes; revenue and contribution of the 365 days before the loss in minor units; measures and
 * closed items of retention by their own day, with their lift where a campaign's control arm tells it. The
 * win-back rate is that of the losses of the window.
 */
export const defectionFigures: Figures = {
  code: 'PR16',
  name: 'defection-retention',
  title: 'Losses, why, what they cost, and what was done against them',
  read: async (question) => {
    const losses = await countsOf('loss', question, first);
    const of = (what: string): number => losses.get(what) ?? 0;
    const isRetentionAsked = retentionFields.some((field) => isAsked(question, field));
    return {
      lost: of('lost'),
      lostByNotice: of('byNotice'),
      lostBySilence: of('bySilence'),
      revenueLostMinor: of('revenueMinor'),
      contributionLostMinor: of('contributionMinor'),
      diagnosedInTime: of('diagnosedInTime'),
      diagnosedInTimeShare: ratio(of('diagnosedInTime'), of('lost')),
      ...(isRetentionAsked ? await retentionOf(question) : {}),
      winBacks: {
        wonBack: of('wonBack'),
        attempted: of('attempted'),
        wonBackAfterAttempt: of('wonBackAttempted'),
        rate: ratio(of('wonBackAttempted'), of('attempted')),
      },
      ...(await partsAsked(question, {
        lostByTier: async () => {
          const byTier = await countsOf('loss', question, ([what, tier]) => (what === 'lost' ? (tier ?? '') : ''));
          return Object.fromEntries([...byTier].filter(([tier]) => tier !== '').toSorted());
        },
        reasons: () => reasonsOf(question),
        revenueChurnRate: () => revenueChurnOf(question, of('contributionMinor')),
        notices: async () => {
          const notices = await countsOf('notice', question, first);
          return {
            received: notices.get('received') ?? 0,
            withdrawn: notices.get('withdrawn') ?? 0,
            toCompetitor: notices.get('toCompetitor') ?? 0,
          };
        },
        measures: () => measuresOf(question),
        saves: async () => {
          const saves = await countsOf('save', question, second);
          const closed = [...saves.values()].reduce((sum, count) => sum + count, 0);
          const saved = saves.get('saved') ?? 0;
          return { itemsClosed: closed, saved, share: ratio(saved, closed) };
        },
      })),
    };
  },
};
