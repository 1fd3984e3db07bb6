import { DAY_MS, type Evidence, type Policy } from '@afecto/domain';
import { dayOf, type FiguresQuestion, type JsonObject } from '../figures/definition';
import { share } from '../figures/measures';
import { type Count, keyOf } from '../tally/contribute';
import { sumsIn } from '../tally/window';
import { REPORT } from './causes';
import { isReceived, judgedRound, type ReceivedComplaint } from './judged-complaint';

/** Who orders within so many days of a complaint has bought again, as in the back-test of the zones (`domain.md §21.12`). */
export const REPURCHASE_DAYS = 180;
/** From this severity on a problem is a major one (`domain.md §7.3 B`). */
const MAJOR_FROM = 3;

type Problem = 'minor' | 'major';
const courses = ['inTarget', 'late', 'unresolved'] as const;
type Course = (typeof courses)[number];

const courseOf = (complaint: ReceivedComplaint, { configuration }: Policy): Course => {
  if (complaint.resolvedAt === null) return 'unresolved';
  const { dueAt, doneAt } = judgedRound(complaint, complaint, configuration).resolve;
  return complaint.earlier.length === 0 && doneAt !== null && doneAt <= dueAt ? 'inTarget' : 'late';
};

/** Every complaint on the day of its reception, and whether an order that stands followed it in time. */
export const countRepurchases = ({ complaints, placedOrders }: Evidence, policy: Policy, count: Count): void => {
  for (const complaint of complaints.values()) {
    if (!isReceived(complaint)) continue;
    const { receivedAt, severity } = complaint;
    const until = receivedAt + REPURCHASE_DAYS * DAY_MS;
    const parts = [severity >= MAJOR_FROM ? 'major' : 'minor', courseOf(complaint, policy)] as const;
    count(keyOf(REPORT, 'repurchase', ...parts, 'complaints'), dayOf(receivedAt, policy));
    const boughtAgain = placedOrders.some(
      ({ placedAt, fullyReversed }) =>
        placedAt !== null && !fullyReversed && placedAt > receivedAt && placedAt <= until,
    );
    if (boughtAgain) count(keyOf(REPORT, 'repurchase', ...parts, 'again'), dayOf(receivedAt, policy));
  }
};

/**
 * How many bought again after a complaint, by how grave it was and what became of it, beside the shares of lost
 * repurchase that the score takes from the literature (TARP): own rates are to replace them (`domain.md §21.11`). Of
 * complaints of the window that are so many days old; null while there are none.
 */
export const repurchaseIn = async ({ readModels, days, policy, asOf }: FiguresQuestion): Promise<JsonObject> => {
  const to = Math.min(days.to, dayOf(asOf - REPURCHASE_DAYS * DAY_MS, policy) - 1);
  const sums = to < days.from ? [] : await sumsIn(readModels, { from: days.from, to }, REPORT, 'repurchase');
  const of = (problem: string, course: string, what: string): number =>
    sums.find(([parts]) => parts.join() === [problem, course, what].join())?.[1] ?? 0;
  const { unregained } = policy.configuration.loyalty.experience;
  const shown = (problem: Problem): JsonObject => {
    const rateOf = (course: Course): number | null =>
      share(of(problem, course, 'again'), of(problem, course, 'complaints'));
    const lost = 1 - (rateOf('unresolved') ?? 1);
    const own = (course: 'inTarget' | 'late'): number | null => {
      const rate = rateOf(course);
      return rate === null ? null : share(1 - rate, lost);
    };
    return {
      ...Object.fromEntries(
        courses.map((course) => [
          course,
          {
            complaints: of(problem, course, 'complaints'),
            boughtAgain: of(problem, course, 'again'),
            rate: rateOf(course),
          },
        ]),
      ),
      unregained: {
        inTarget: { own: own('inTarget'), configured: unregained[problem].inTarget },
        late: { own: own('late'), configured: unregained[problem].late },
      },
    };
  };
  return { withinDays: REPURCHASE_DAYS, minor: shown('minor'), major: shown('major') };
};
