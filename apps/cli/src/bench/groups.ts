import { join } from 'node:path';
import {
  type Figure,
  measureClaim,
  measureIntake,
  measureLag,
  measureProfile,
  type MeasureOptions,
} from '@afecto/server';
import type { BenchRun } from './bench-run';
import type { Goal, MeasuredLine } from './figures';
import { measureDay } from './measure-day';
import { measureQueries } from './measure-queries';
import { measureRebuild, measureServerRebuild } from './measure-rebuild';
import { measureSealing } from './measure-sealing';
import { measureProtocol, measureStore } from './measure-stores';

/** Lines that are measured together. */
export interface Group {
  /** The names that `--only` knows; a line's own, and for the gateway's one for all. */
  readonly names: ReadonlyArray<string>;
  readonly measure: (run: BenchRun) => Promise<ReadonlyArray<MeasuredLine>>;
}

const value = (floor: number, aim: number): Goal => ({ of: 'value', floor, aim });
const ratio = (floor: number, aim: number): Goal => ({ of: 'ratio', floor, aim });
const line = (name: string, what: string, goal: Goal | null, figure: Figure): MeasuredLine => ({
  name,
  what,
  goal,
  ...figure,
});

const STORE_LINES = [
  ['append', 'durable appends, one by one', ratio(0.8, 0.95)],
  ['append-64', 'durable appends, 64 at once', value(25_000, 40_000)],
  ['scan', 'scan of the log', ratio(0.7, 0.9)],
] as const;

/** Five minutes and half a minute for one million parties. */
const DAY = { floor: 300, aim: 30, parties: 1_000_000 };

const onServer = ({ signal, say }: BenchRun): MeasureOptions => ({
  entry: join(__dirname, '..', '..', '..', 'server', 'src', 'main.js'),
  signal,
  say,
});

/** Everything that is measured, in the order of the table, with what is wanted of it. */
export const groups: ReadonlyArray<Group> = [
  {
    names: STORE_LINES.map(([name]) => name),
    measure: async (run) =>
      (await measureStore(run)).flatMap((figure, index) => {
        const [name, what, goal] = STORE_LINES[index] ?? [];
        return name === undefined || what === undefined ? [] : [line(name, what, goal ?? null, figure)];
      }),
  },
  {
    names: ['intake'],
    measure: async (run) => [
      line(
        'intake',
        'facts over HTTP, batches of 15, durable',
        value(17_000, 30_000),
        await measureIntake(onServer(run)),
      ),
    ],
  },
  {
    names: ['rebuild', 'rebuild-memory', 'rebuild-large'],
    measure: async (run) => {
      const { rate, memory, large } = await measureRebuild(run);
      return [
        line('rebuild', 'rebuild of all projections, persisted', value(100_000, 200_000), rate),
        line('rebuild-memory', 'resident memory of that', value(1_024, 512), memory),
        ...(large === null ? [] : [line('rebuild-large', 'rate against 1 million facts', ratio(0.8, 0.95), large)]),
      ];
    },
  },
  {
    names: ['rebuild-server'],
    measure: async (run) => [
      line('rebuild-server', 'rebuild from an esdb:// log', ratio(0.7, 0.9), await measureServerRebuild(run)),
    ],
  },
  {
    names: ['profile', 'profile-p99', 'profile-2000'],
    measure: async (run) => {
      const { load, half, steady } = await measureProfile(onServer(run));
      return [
        line('profile', 'profile by id over HTTP', value(8_000, 15_000), load),
        line('profile-p99', 'profile at half that load, p99', value(5, 2), half),
        line('profile-2000', 'profile at 2 000 requests/s, p99', value(5, 2), steady),
      ];
    },
  },
  {
    names: ['claim'],
    measure: async (run) => [
      line('claim', 'claim from a queue of 100 000, p99', value(10, 3), await measureClaim(onServer(run))),
    ],
  },
  {
    names: ['lag-2000', 'lag'],
    measure: async (run) => {
      const { steady, hard } = await measureLag(onServer(run));
      return [
        line('lag-2000', 'visible lag at 2 000 facts/s, p99', value(100, 15), steady),
        line('lag', 'visible lag at 5 000 facts/s, p99', value(50, 15), hard),
      ];
    },
  },
  {
    names: ['queries'],
    measure: async (run) => [
      line('queries', 'figures, reports and views, slowest p99', value(20, 5), await measureQueries(run)),
    ],
  },
  {
    names: ['sealed-append', 'sealed-append-64', 'sealed-import', 'sealed-rebuild'],
    measure: async (run) => {
      const figures = await measureSealing(run);
      const most = ratio(0.7, 0.9);
      return [
        line('sealed-append', 'appends one by one, sealed', most, figures.one),
        line('sealed-append-64', 'appends, 64 a call, sealed', most, figures.many),
        line('sealed-import', 'appends, 500 a call, sealed', most, figures.import),
        line('sealed-rebuild', 'rebuild from a sealed log', most, figures.rebuild),
      ];
    },
  },
  {
    names: ['day'],
    measure: async (run) => {
      const { parties, ...figure } = await measureDay(run);
      const share = parties / DAY.parties;
      const what = `day boundary, ${parties.toLocaleString('en-GB')} parties`;
      return [line('day', what, value(DAY.floor * share, DAY.aim * share), figure)];
    },
  },
  {
    names: ['gateway'],
    measure: async (run) =>
      (await measureProtocol(run)).map(({ what, ...figure }) => line('gateway', what, null, figure)),
  },
];

/** The names that `--only` takes. */
export const lineNames: ReadonlyArray<string> = groups.flatMap(({ names }) => names);
