import { statSync } from 'node:fs';
import { type Format, openOnlineRetail, openSuperstore, superstorePath } from '../import';
import { progressLine } from '../terminal/progress';
import { table } from '../terminal/table';
import { agreementsOf, type Difference } from './checked-figures';
import { importedStore } from './imported-store';
import { onlineRetailOrders } from './online-retail-raw';
import { sqlFigures } from './sql-figures';
import { superstoreOrders } from './superstore-raw';
import { systemFigures } from './system-figures';

const DIFFERENCES_SHOWN = 5;

/** What is known of each file: how it is opened and put into SQL, the years of its orders, and when to look back on them. */
const files = {
  superstore: {
    years: [2014, 2015, 2016, 2017],
    now: Date.parse('2018-01-10T00:00:00Z'),
    open: (path: string) => openSuperstore({ path }, { reportingCurrency: 'USD' }),
    orders: superstoreOrders,
  },
  'online-retail': {
    years: [2010, 2011],
    now: Date.parse('2011-12-10T00:00:00Z'),
    open: (path: string) => openOnlineRetail({ path }, { reportingCurrency: 'GBP' }),
    orders: onlineRetailOrders,
  },
} satisfies Partial<Record<Format, object>>;

const shown = ({ row, field, system, sql }: Difference): string =>
  `    row ${row + 1}, ${field}: the system says ${String(system)}, SQL says ${String(sql)}`;

/** Imports the file, asks the system, asks SQL, and prints what agrees. True: all of it. */
const check = async (path: string, { years, now, open, orders }: (typeof files)[keyof typeof files]) => {
  const progress = progressLine('check', true);
  progress.update(0, null, 'importing and reviewing');
  const { afecto, placements, report, close } = await importedStore(() => open(path), now);
  try {
    progress.update(0, null, 'asking the system');
    const system = await systemFigures(afecto, years);
    progress.update(0, null, 'asking SQL');
    const database = await orders(path, placements);
    const agreements = agreementsOf(system, sqlFigures(database, now));
    database.close();
    progress.end();
    const rows = agreements.map(({ figure, values, differences }) => [
      `  ${figure}`,
      String(values),
      differences.length === 0 ? 'agrees' : `${differences.length} differ`,
    ]);
    const differing = agreements.flatMap(({ figure, differences }) =>
      differences.length === 0 ? [] : [`  ${figure}`, ...differences.slice(0, DIFFERENCES_SHOWN).map(shown)],
    );
    const lines = [
      `${report.lines.toLocaleString('en-GB')} lines, ${placements.length.toLocaleString('en-GB')} orders`,
      table([['  figure', 'values', ''], ...rows], [1]),
      ...differing,
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    return differing.length === 0;
  } finally {
    progress.end();
    await close();
  }
};

const isKnown = (name: string): name is keyof typeof files => name in files;

/**
 * Holds what the system says of real orders against plain SQL over the lines of the file. Exit 1: something
 * differs; 2: it could not begin.
 */
const [format = '', file = superstorePath()] = process.argv.slice(2);
if (!isKnown(format) || statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
  process.stderr.write(
    `usage: main.js ${Object.keys(files).join('|')} FILE (superstore comes along and needs no FILE)\n`,
  );
  process.exitCode = 2;
} else
  check(file, files[format]).then(
    (agrees) => {
      process.exitCode = agrees ? 0 : 1;
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exitCode = 2;
    },
  );
