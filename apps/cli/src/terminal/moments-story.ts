import type { MomentChange } from '@afecto/projections';
import { colours } from './colours';
import { count, counted } from './numbers';
import { table } from './table';

export interface Moments {
  readonly days: number;
  readonly moments: ReadonlyArray<MomentChange & { readonly moment: string | null }>;
}

const changeOf = (meanChange: number | null): string => {
  if (meanChange === null) return colours.dim('–');
  const text = `${meanChange > 0 ? '+' : ''}${meanChange.toFixed(2)}`;
  return meanChange > 0 ? colours.green(text) : meanChange < 0 ? colours.red(text) : text;
};

/** `afecto moments` on a screen. */
export const momentsStory = ({ days, moments }: Moments): string =>
  [
    colours.bold(`Moments of truth of the last ${counted(days, 'day')}, and the loyalty score 30 days after them`),
    moments.length === 0
      ? '  none'
      : table(
          [
            ['', ...['code', 'moment', 'count', 'measured', 'mean change'].map((title) => colours.dim(title))],
            ...moments.map(({ code, moment, count: many, measured, meanChange }) => [
              '',
              code,
              moment ?? '',
              count(many),
              count(measured),
              changeOf(meanChange),
            ]),
          ],
          [3, 4, 5],
        ),
  ].join('\n');
