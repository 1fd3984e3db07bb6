import { calendarOf } from '@afecto/domain';
import type { FiguresQuestion } from '../figures/definition';
import { partsOf, prefixOf } from '../tally/contribute';
import { REPORT } from './contribution';
import type { Matter } from './origins';

/** Requests or complaints of one recorder on one channel, by what stands behind them. */
export interface MatterSum {
  readonly matter: Matter;
  readonly by: string;
  readonly recorder: string;
  readonly channel: string;
  readonly origin: string;
  readonly many: number;
}

const matters: ReadonlyArray<Matter> = ['request', 'complaint'];

/** The instants of a window of days, both ends inclusive. */
export const instantsOf = ({ days, policy }: Pick<FiguresQuestion, 'days' | 'policy'>) => {
  const calendar = calendarOf(policy.configuration.tenant.timeZone);
  return { from: calendar.at(days.from, 0), to: calendar.at(days.to + 1, 0) - 1 };
};

/** Everything of one name in the window, by the parts after it. */
export const sumsUnder = async (
  { readModels, days }: Pick<FiguresQuestion, 'readModels' | 'days'>,
  name: string,
): Promise<ReadonlyArray<readonly [parts: ReadonlyArray<string>, many: number]>> =>
  (await readModels.tallySums(prefixOf(REPORT, name), days)).map(([key, many]) => [partsOf(key).slice(1), many]);

/** Requests and complaints of the window with their origin. */
export const matterSums = async (question: FiguresQuestion): Promise<ReadonlyArray<MatterSum>> => {
  const sums: MatterSum[] = [];
  for (const matter of matters)
    for (const [[by = '', recorder = '', channel = '', origin = ''], many] of await sumsUnder(question, matter))
      sums.push({ matter, by, recorder, channel, origin, many });
  const exact = { readModels: question.readModels, days: instantsOf(question) };
  for (const [[matter, by = '', recorder = '', channel = ''], many] of await sumsUnder(exact, 'orphan'))
    if (matter === 'request' || matter === 'complaint')
      sums.push({ matter, by, recorder, channel, origin: 'none', many });
  return sums;
};
