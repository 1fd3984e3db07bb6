import type { PortfolioAnalysis, ZoneBackTest } from '@afecto/analytics';
import { drawing, HEIGHT, line, path, rectangle, WIDTH, words } from './svg';

const OBSERVED = '#3b6ea5';
const EXPECTED = '#e0a030';
const zoneColours: Readonly<Record<string, string>> = {
  affection: '#3a9a4a',
  indifference: '#d0a020',
  defection: '#c04040',
  unclassified: '#888888',
};
const frame = { left: 60, right: WIDTH - 20, top: 50, bottom: HEIGHT - 50 };

/** Heights for values from 0 to `most`, with a scale of four lines at the left. */
const scaleTo = (most: number, label: (value: number) => string) => {
  const y = (value: number): number => frame.bottom - (value / most) * (frame.bottom - frame.top);
  const marks = [0, 1, 2, 3, 4].flatMap((quarter) => {
    const value = (most * quarter) / 4;
    return [
      line(frame.left, y(value), frame.right, y(value), '#ddd'),
      words(frame.left - 6, y(value) + 4, label(value), { anchor: 'end', size: 11 }),
    ];
  });
  return { y, marks };
};

const legend = (entries: ReadonlyArray<readonly [name: string, colour: string]>): ReadonlyArray<string> =>
  entries.flatMap(([name, colour], index) => [
    rectangle(frame.right - 120, frame.top + index * 18 - 9, 10, 10, colour),
    words(frame.right - 104, frame.top + index * 18, name, { anchor: 'start' }),
  ]);

const whole = (value: number): string => String(Math.round(value));
const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Customers by repeat orders, observed and expected by the model; null without a model. */
export const repeatPlot = ({ buying }: Pick<PortfolioAnalysis, 'buying'>): string | null => {
  if ('unavailable' in buying) return null;
  const { histogram } = buying;
  const { y, marks } = scaleTo(Math.max(...histogram.flatMap((row) => [row.observed, row.expected])), whole);
  const step = (frame.right - frame.left) / histogram.length;
  const bars = histogram.flatMap(({ repeats, orMore, observed, expected }, index) => {
    const x = frame.left + index * step;
    return [
      rectangle(x + step * 0.15, y(observed), step * 0.34, frame.bottom - y(observed), OBSERVED),
      rectangle(x + step * 0.51, y(expected), step * 0.34, frame.bottom - y(expected), EXPECTED),
      words(x + step / 2, frame.bottom + 18, `${repeats}${orMore ? '+' : ''}`),
    ];
  });
  return drawing('Customers by repeat orders', [
    ...marks,
    ...bars,
    words((frame.left + frame.right) / 2, HEIGHT - 12, 'repeat order days'),
    ...legend([
      ['observed', OBSERVED],
      ['expected', EXPECTED],
    ]),
  ]);
};

/** Share that bought again by zone, among customers with as many order days before, with 95 % intervals. */
export const zonePlot = ({ strata, withinDays }: ZoneBackTest): string => {
  const { y, marks } = scaleTo(1, percent);
  const step = (frame.right - frame.left) / strata.length;
  const seen = new Set<string>();
  const bars = strata.flatMap(({ fromOrderDays: from, toOrderDays: to, zones }, index) => {
    const x = frame.left + index * step;
    const present = zones.flatMap(({ zone, repurchase }) => (repurchase === null ? [] : [{ zone, repurchase }]));
    const width = (step * 0.7) / Math.max(1, present.length);
    const name = to === null ? `${from}+` : from === to ? `${from}` : `${from}–${to}`;
    return [
      ...present.flatMap(({ zone, repurchase: { rate, interval, observations } }, place) => {
        seen.add(zone);
        const left = x + step * 0.15 + place * width;
        const middle = left + width * 0.45;
        return [
          rectangle(left, y(rate), width * 0.9, frame.bottom - y(rate), zoneColours[zone] ?? '#888888'),
          line(middle, y(interval.low), middle, y(interval.high), '#111'),
          words(middle, frame.bottom - 6, `n ${observations}`, { size: 10, colour: '#fff' }),
        ];
      }),
      words(x + step / 2, frame.bottom + 18, name),
    ];
  });
  return drawing(`Bought again within ${withinDays} days, by the zone of that day`, [
    ...marks,
    ...bars,
    words((frame.left + frame.right) / 2, HEIGHT - 12, 'order days until then'),
    ...[...seen].map((zone, index) =>
      [
        rectangle(frame.left + 10 + index * 110, 33, 10, 10, zoneColours[zone] ?? '#888888'),
        words(frame.left + 26 + index * 110, 42, zone, { anchor: 'start' }),
      ].join('\n'),
    ),
  ]);
};

/** Cohorts with fewer customers are too small for a line. */
const LEAST_COHORT = 100;

/** Share of each cohort that ordered in the months after its first; the last month, which may not be over, is left out. */
export const cohortPlot = ({ cohorts }: Pick<PortfolioAnalysis, 'cohorts'>): string => {
  const shown = cohorts.filter(({ customers, active }) => customers >= LEAST_COHORT && active.length > 2);
  const shares = shown.map(({ customers, active }) => active.slice(1, -1).map((count) => count / customers));
  const longest = Math.max(2, ...shares.map(({ length }) => length));
  const { y, marks } = scaleTo(Math.max(0.1, ...shares.flat()), percent);
  const x = (month: number): number =>
    frame.left + 10 + ((month - 1) / (longest - 1)) * (frame.right - frame.left - 80);
  const lines = shares.flatMap((ofCohort, index) => {
    const colour = `hsl(${Math.round((index / Math.max(1, shares.length)) * 270)},60%,45%)`;
    const points = ofCohort.map((share, month) => [x(month + 1), y(share)] as const);
    const [endX = 0, endY = 0] = points.at(-1) ?? [];
    return [
      path(points, colour),
      words(endX + 6, endY + 4, shown[index]?.month ?? '', { anchor: 'start', size: 10, colour }),
    ];
  });
  return drawing('Share of a cohort that ordered again, by months since its first order', [
    ...marks,
    ...lines,
    ...Array.from({ length: longest }, (_, month) => words(x(month + 1), frame.bottom + 18, `+${month + 1}`)),
  ]);
};
