import { calendarOf, type Json, STAFF_CONDUCT } from '@afecto/domain';
import type { BucketRange } from '@afecto/read-models';
import { contactsIn } from '../channels/figures';
import { dayOf, type Figures, type FiguresQuestion, isAsked } from '../figures/definition';
import { share } from '../figures/measures';
import { type Contribute, type Count, keyOf, partsOf, prefixOf } from '../tally/contribute';
import { dateOf } from '../tally/months';
import { REPORT } from './causes';
import {
  doubleDeviations,
  isReceived,
  judgedRound,
  recoveryOf,
  complaintRoundsOf,
  type Step,
} from './judged-complaint';
import { countRepurchases, repurchaseIn } from './repurchase';
import { accumulationOf } from './systemic';

type StepName = 'acknowledge' | 'resolve' | 'follow_up';

/** Done: on the day that it was due. Not done: by the instant that it is due, for being late is a matter of time alone. */
const countStep = (name: StepName, { dueAt, doneAt }: Step, dayNumber: (at: number) => number, count: Count): void => {
  if (doneAt === null) count(keyOf(REPORT, 'awaited', name), Math.ceil(dueAt));
  else count(keyOf(REPORT, 'done', name, doneAt <= dueAt ? 'in_target' : 'late'), dayNumber(dueAt));
};

/**
 * Complaints count on the day of their reception, steps of every round on the day they are due, causes on the
 * day of the resolution; a cause found again after a reopening is no other complaint of that cause.
 */
export const contributeComplaints: Contribute = ({ evidence, policy, asOf }, count) => {
  const { configuration } = policy;
  const day = (at: number): number => dayOf(at, policy);
  const firstOrder = evidence.orderDays[0];
  if (firstOrder !== undefined) count(keyOf(REPORT, 'customer', 'first-order'), day(firstOrder.day));
  for (const { kind, at, amountMinor } of evidence.costs)
    if (kind === 'compensation') {
      count(keyOf(REPORT, 'compensation', 'grants'), day(at));
      count(keyOf(REPORT, 'compensation', 'minor'), day(at), amountMinor);
    }
  if (evidence.complaints.size === 0) return;
  countRepurchases(evidence, policy, count);
  for (const complaint of evidence.complaints.values()) {
    if (!isReceived(complaint)) continue;
    const { receivedAt, resolvedAt, severity, earlier } = complaint;
    const history = earlier.length > 0 ? 'reopened' : resolvedAt === null ? 'unresolved' : 'resolved';
    const recovery = recoveryOf(complaint, configuration);
    // Two keys of few parts each, and not one of all: a question reads far fewer different keys.
    count(keyOf(REPORT, 'complaint', complaint.category ?? '', complaint.channel ?? ''), day(receivedAt));
    count(keyOf(REPORT, 'course', severity, history, recovery), day(receivedAt));
    const causes = new Set<string>();
    for (const round of complaintRoundsOf(complaint)) {
      const { acknowledge, resolve, followUp } = judgedRound(round, complaint, configuration);
      countStep('acknowledge', acknowledge, day, count);
      countStep('resolve', resolve, day, count);
      if (followUp !== null) countStep('follow_up', followUp, day, count);
      const { resolvedAt: at, rootCause } = round;
      if (at === null || rootCause === null || causes.has(rootCause)) continue;
      causes.add(rootCause);
      count(keyOf(REPORT, 'root-cause', rootCause), day(at));
    }
  }
  for (const at of doubleDeviations(evidence, configuration, asOf)) count(keyOf(REPORT, 'double-deviation'), day(at));
};

const perThousand = (part: number, whole: number): number | null => share(1_000 * part, whole);

type Sums = ReadonlyArray<readonly [parts: ReadonlyArray<string>, many: number]>;

const sumWhere = (sums: Sums, matches: (parts: ReadonlyArray<string>) => boolean): number =>
  sums.reduce((sum, [parts, many]) => (matches(parts) ? sum + many : sum), 0);

const total = (buckets: ReadonlyArray<readonly [unknown, number]>): number =>
  buckets.reduce((sum, [, many]) => sum + many, 0);

/** Steps that fell due in the window; one that is overdue is a late one. */
const stepFigures = async ({
  readModels,
  days,
  policy,
  asOf,
}: FiguresQuestion): Promise<(name: StepName) => { readonly [key: string]: Json }> => {
  const calendar = calendarOf(policy.configuration.tenant.timeZone);
  const sums = async (prefix: string, range: BucketRange): Promise<Sums> =>
    (await readModels.tallySums(prefix, range)).map(([key, many]) => [partsOf(key).slice(1), many] as const);
  const awaited = prefixOf(REPORT, 'awaited');
  const done = await sums(prefixOf(REPORT, 'done'), days);
  const past = await sums(awaited, {
    from: calendar.at(days.from, 0),
    to: Math.min(asOf, calendar.at(days.to + 1, 0) - 1),
  });
  const ahead = await sums(awaited, { from: asOf + 1 });
  return (name) => {
    const of = (from: Sums, how?: string): number =>
      sumWhere(from, ([step, was]) => step === name && (how === undefined || was === how));
    const [inTarget, late, overdue] = [of(done, 'in_target'), of(done, 'late'), of(past)];
    return {
      inTarget,
      late: late + overdue,
      overdue,
      notYetDue: of(ahead),
      inTargetRate: share(inTarget, inTarget + late + overdue),
    };
  };
};

/** Causes of the window, with the most that came within 30 days; 3 or more are systemic (`domain.md §9.3`). */
const rootCauses = async ({ readModels, days, policy }: FiguresQuestion): Promise<ReadonlyArray<Json>> => {
  const { sameRootCause, windowDays } = policy.configuration.complaints.systemic;
  const causes: { readonly rootCause: string; readonly complaints: number; readonly [key: string]: Json }[] = [];
  // A stretch that ends in the window may have begun before it.
  const range = { from: days.from - windowDays + 1, to: days.to };
  for (const [key] of await readModels.tallySums(prefixOf(REPORT, 'root-cause'), range)) {
    const rootCause = partsOf(key)[1] ?? '';
    const buckets = await readModels.tallyBuckets(key, range);
    const complaints = total(buckets.filter(([day]) => day >= days.from));
    const densest = accumulationOf(buckets, windowDays, days.from);
    if (complaints === 0 || densest === null) continue;
    causes.push({
      rootCause,
      complaints,
      systemic: densest.most >= sameRootCause,
      mostWithinDays: {
        days: windowDays,
        complaints: densest.most,
        from: dateOf(densest.from),
        to: dateOf(densest.to),
      },
    });
  }
  return causes.sort((a, b) => b.complaints - a.complaints || (a.rootCause < b.rootCause ? -1 : 1));
};

/** Complaints of how staff behaved, and how many they are of a thousand contacts (`domain.md §9.1`). */
export const conductIn = async (question: FiguresQuestion): Promise<{ readonly [key: string]: Json }> => {
  const { readModels, days } = question;
  const complaints = total(await readModels.tallySums(prefixOf(REPORT, 'complaint', STAFF_CONDUCT), days));
  // The channels count every contact already.
  const contacts = await contactsIn(question);
  return { complaints, contacts, perThousandContacts: perThousand(complaints, contacts) };
};

/** PR11 (`domain.md §9.3`): complaints received in the window and how they were made good. */
export const complaintFigures: Figures = {
  code: 'PR11',
  name: REPORT,
  title:
    'Complaints received in the window: steps in target, recovery, reopening, compensation, causes, who bought again',
  read: async (question) => {
    const { readModels, days } = question;
    const under = async (name: string): Promise<Sums> =>
      (await readModels.tallySums(prefixOf(REPORT, name), days)).map(
        ([key, many]) => [partsOf(key).slice(1), many] as const,
      );
    const received = await under('complaint');
    const courses = await under('course');
    const all = sumWhere(received, () => true);
    const ofHistory = (...names: ReadonlyArray<string>): number =>
      sumWhere(courses, ([, history = '']) => names.includes(history));
    const ofRecovery = (name: string): number => sumWhere(courses, ([, , recovery]) => recovery === name);
    const by = (from: Sums, index: number, name: string): ReadonlyArray<Json> =>
      [...Map.groupBy(from, ([parts]) => parts[index] ?? '')]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([value, sums]) => ({ [name]: value, complaints: sumWhere(sums, () => true) }));
    const [recovered, partly, notRecovered] = [
      ofRecovery('recovered'),
      ofRecovery('partly'),
      ofRecovery('not_recovered'),
    ];
    const ofDays = async (...parts: ReadonlyArray<string>): Promise<number> =>
      total(await readModels.tallySums(keyOf(REPORT, ...parts), days));
    const customers = total(await readModels.tallySums(prefixOf(REPORT, 'customer'), { to: days.to }));
    const steps = await stepFigures(question);
    return {
      complaints: all,
      customers,
      perThousandCustomers: perThousand(all, customers),
      acknowledge: steps('acknowledge'),
      resolve: steps('resolve'),
      followUp: steps('follow_up'),
      recovery: {
        recovered,
        partly,
        notRecovered,
        unreachable: ofRecovery('unreachable'),
        withoutVerdict: ofRecovery('none'),
        recoveryRate: share(recovered, recovered + partly + notRecovered),
      },
      reopened: ofHistory('reopened'),
      reopenRate: share(ofHistory('reopened'), ofHistory('reopened', 'resolved')),
      doubleDeviations: await ofDays('double-deviation'),
      compensation: {
        grants: await ofDays('compensation', 'grants'),
        amountMinor: await ofDays('compensation', 'minor'),
      },
      conduct: await conductIn(question),
      ...(isAsked(question, 'repurchase') ? { repurchase: await repurchaseIn(question) } : {}),
      ...(isAsked(question, 'rootCauses') ? { rootCauses: await rootCauses(question) } : {}),
      byCategory: by(received, 0, 'category'),
      byChannel: by(received, 1, 'channel'),
      bySeverity: by(courses, 0, 'severity'),
    };
  },
};
