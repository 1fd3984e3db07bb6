import type { ForecastBackTest, Rate, ZoneBackTest, ZoneStratum } from '@afecto/analytics';
import { colours } from './colours';
import { count, counted } from './numbers';
import { table } from './table';
import { day, zoneColour } from './words';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const heads = (titles: ReadonlyArray<string>): ReadonlyArray<string> => titles.map((title) => colours.dim(title));

const rateCells = (rate: Rate | null): ReadonlyArray<string> =>
  rate === null
    ? ['0', '0', '–', '–']
    : [
        count(rate.customers),
        count(rate.observations),
        percent(rate.rate),
        `${percent(rate.interval.low)} to ${percent(rate.interval.high)}`,
      ];

const stratumName = ({ fromOrderDays: from, toOrderDays: to }: ZoneStratum): string => {
  if (to === null) return `${from}+ order days`;
  return from === to ? counted(from, 'order day') : `${from} to ${to} order days`;
};

const zonesText = ({ zones, strata, all, withinDays, everyDays, instants, from, to }: ZoneBackTest): string => {
  if (from === null)
    return `  no customer had ordered ${counted(withinDays, 'day')} before the end: there is nothing to look back on`;
  return [
    `  ${counted(instants, 'instant')} from ${day(from)} to ${day(to)}, ${counted(everyDays, 'day')} apart`,
    table(
      [
        ['', ...heads(['zone', 'customers', 'n', 'bought again', '95 % interval'])],
        ...zones.map(({ zone, repurchase }) => ['', zoneColour(zone), ...rateCells(repurchase)]),
        ['', colours.dim('all'), ...rateCells(all)],
        ...strata.flatMap((stratum) => [
          ['', colours.dim(stratumName(stratum))],
          ...stratum.zones.flatMap(({ zone, repurchase }) =>
            repurchase === null ? [] : [['', `  ${zoneColour(zone)}`, ...rateCells(repurchase)]],
          ),
        ]),
      ],
      [2, 3, 4, 5],
    ),
  ].join('\n');
};

const forecastText = ({ buying, withoutLeaving, rows, actual, customers, cut }: ForecastBackTest): string => {
  const came = (expected: number): string =>
    `expected ${expected.toFixed(1)} order days` +
    (actual === 0 ? '' : ` (${((expected / actual - 1) * 100).toFixed(1)} %)`);
  const model =
    'unavailable' in buying
      ? `unavailable: ${buying.unavailable.message}`
      : `${came(buying.expected)}, with r ${buying.r.toPrecision(4)}, alpha ${buying.alpha.toPrecision(4)}, ` +
        `a ${buying.a.toPrecision(4)}, b ${buying.b.toPrecision(4)}`;
  return [
    `  ${counted(customers, 'customer')} as of ${day(cut)}; then came ${counted(actual, 'order day')}`,
    `  the model: ${model}`,
    ...(withoutLeaving === null ? [] : [`  if nobody left: ${came(withoutLeaving.expected)}`]),
    ...(rows.length === 0
      ? []
      : [
          table(
            [
              ['', ...heads(['repeats before', 'customers', 'came, mean', 'expected', 'if nobody left'])],
              ...rows.map((row) => [
                '',
                `${row.repeats}${row.orMore ? '+' : ''}`,
                count(row.customers),
                row.actual.toFixed(3),
                row.expected === null ? '–' : row.expected.toFixed(3),
                row.expectedWithoutLeaving.toFixed(3),
              ]),
            ],
            [1, 2, 3, 4, 5],
          ),
        ]),
  ].join('\n');
};

/** What `afecto calibrate` found. */
export interface Calibration {
  readonly zones: ZoneBackTest;
  readonly forecast: ForecastBackTest;
}

/** `afecto calibrate` on a screen. */
export const calibrationStory = ({ zones, forecast }: Calibration): string =>
  [
    colours.bold(`Bought again within ${counted(zones.withinDays, 'day')}, by the zone of that day`),
    zonesText(zones),
    '',
    colours.bold(`Order days in the last ${counted(forecast.withinDays, 'day')}, forecast from before (BG/NBD)`),
    forecastText(forecast),
  ].join('\n');
