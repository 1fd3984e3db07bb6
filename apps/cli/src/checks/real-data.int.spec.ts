/** What the system says of real orders, beside plain SQL over the lines of the file: two ways to the same numbers. */
import type { DatabaseSync } from 'node:sqlite';
import { openSuperstore, superstorePath } from '../import';
import { type Agreement, agreementsOf, type CheckedFigures } from './checked-figures';
import { type Imported, importedStore } from './imported-store';
import { sqlFigures } from './sql-figures';
import { superstoreOrders } from './superstore-raw';
import { systemFigures } from './system-figures';

/** Some days after the last order and the last delivery. */
const NOW = Date.parse('2018-01-10T00:00:00Z');
const YEARS = [2014, 2015, 2016, 2017];

let imported: Imported;
let database: DatabaseSync;
let system: CheckedFigures;
let sql: CheckedFigures;

beforeAll(async () => {
  imported = await importedStore(() => openSuperstore({ path: superstorePath() }, { reportingCurrency: 'USD' }), NOW);
  system = await systemFigures(imported.afecto, YEARS);
  database = await superstoreOrders(superstorePath(), imported.placements);
  sql = sqlFigures(database, NOW);
});
afterAll(async () => {
  database.close();
  await imported.close();
});

const agreementOf = (figure: string): Agreement | undefined =>
  agreementsOf(system, sql).find((agreement) => agreement.figure === figure);

describe('Superstore, imported and reviewed', () => {
  it.each([
    ['RFM cut points', 36],
    ['customers by score', 42],
    ['RFM code of every customer', 1_586],
    ['cuts of the pyramid', 8],
    ['heavy users', 90],
    ['Pareto check', 3],
    ['revenue, margin and orders by year', 16],
    ['new customers by year', 8],
    ['customers and repeat rate', 2],
    ['cohort table', 1_000],
    ['retention by year', 24],
  ])('agrees with SQL over the lines: %s, at least %d values', (figure, values) => {
    const agreement = agreementOf(figure);
    expect(agreement?.differences).toEqual([]);
    expect(agreement?.values).toBeGreaterThanOrEqual(values);
  });

  it('the figures of both sides are all of those', () => {
    expect(Object.keys(system)).toEqual(Object.keys(sql));
    expect(Object.keys(sql)).toHaveLength(11);
  });

  it('is the file that everybody knows: 793 customers, 5 009 orders, 2 297 201.07 of sales', () => {
    expect(sql['customers and repeat rate']?.[0]?.['customers']).toBe(793);
    const years = sql['revenue, margin and orders by year'] ?? [];
    const sum = (field: string) => years.reduce((all, year) => all + Number(year[field]), 0);
    expect([sum('orders'), sum('revenueMinor')]).toEqual([5_009, 229_720_107]);
  });

  it('one order less in SQL, and they do not agree', () => {
    database.exec('SAVEPOINT whole');
    database.exec('DELETE FROM order_line WHERE at = (SELECT max(at) FROM order_line)');
    const differing = agreementsOf(system, sqlFigures(database, NOW))
      .filter(({ differences }) => differences.length > 0)
      .map(({ figure }) => figure);
    database.exec('ROLLBACK TO whole');
    expect(differing).toEqual(
      expect.arrayContaining(['RFM code of every customer', 'revenue, margin and orders by year', 'cohort table']),
    );
  });
});
