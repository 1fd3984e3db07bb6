/**
 * Which order a cancellation takes back is found twice: by the import in memory, and by SQL over the lines. The
 * whole file of Online Retail is checked by hand (`main.js online-retail FILE`); these few lines have every case.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { temporaryFolder } from '../commands/temporary-folder';
import { openOnlineRetail } from '../import';
import { agreementsOf, type CheckedFigures } from './checked-figures';
import { type Imported, importedStore } from './imported-store';
import { onlineRetailOrders } from './online-retail-raw';
import { sqlFigures } from './sql-figures';
import { systemFigures } from './system-figures';

const NOW = Date.parse('2011-12-10T00:00:00Z');

const lines = [
  '1001,10001,Cup,10,2011-01-03T09:00:00Z,1.255,A1,UK',
  '1001,10002,Lamp,2,2011-01-03T09:00:00Z,7.5,A1,UK',
  '1002,10001,Cup,4,2011-02-03T09:00:00Z,1.5,A1,UK',
  // Four at the same price from the first order, not from the newer one.
  'C1003,10001,Cup,-4,2011-02-10T09:00:00Z,1.255,A1,UK',
  // Four of the newest at any price, then two of the first.
  'C1004,10001,Cup,-6,2011-02-11T09:00:00Z,1.4,A1,UK',
  // Money from the newest order with more than that left: the first.
  'C1005,POST,Postage,-1,2011-02-12T09:00:00Z,5,A1,UK',
  // More than any order has left.
  'C1006,POST,Postage,-1,2011-02-13T09:00:00Z,500,A1,UK',
  // Bought only afterwards: money again.
  'C1007,10009,Bowl,-1,2011-02-14T09:00:00Z,3,A1,UK',
  '1008,10009,Bowl,1,2011-02-15T09:00:00Z,3,A1,UK',
  // A whole order: its day is no order day any more.
  '1010,10003,Clock,1,2011-03-01T09:00:00Z,20,B2,UK',
  'C1011,10003,Clock,-1,2011-03-05T09:00:00Z,20,B2,UK',
  '1012,10003,Clock,3,2011-04-01T09:00:00Z,20,B2,UK',
  // Nobody's: a party of its own, and a movement of stock.
  '1013,10001,Cup,1,2011-05-01T09:00:00Z,1.5,,UK',
  '1014,10001,Cup,5,2011-05-02T09:00:00Z,0,,UK',
  '1015,10001,Cup,-5,2011-05-03T09:00:00Z,0,,UK',
  'C1016,10001,Cup,-1,2011-05-04T09:00:00Z,1.5,,UK',
  'A1017,B,Adjust bad debt,1,2011-05-05T09:00:00Z,11062.06,,UK',
  '1018,10001,Cup,1,2011-11-30T09:00:00Z,2.005,C3,UK',
];

const folder = temporaryFolder('afecto-cancellations-');
const path = join(folder.path, 'lines.csv');
let imported: Imported;
let database: DatabaseSync;
let sql: CheckedFigures;

beforeAll(async () => {
  const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
  writeFileSync(path, [header, ...lines].join('\n'));
  imported = await importedStore(() => openOnlineRetail({ path }, { reportingCurrency: 'GBP' }), NOW);
  database = await onlineRetailOrders(path, imported.placements);
  sql = sqlFigures(database, NOW);
});
afterAll(async () => {
  database.close();
  await imported.close();
  folder.remove();
});

it('every cancellation takes back the same of the same orders, to the penny', async () => {
  const reversals = database
    .prepare('SELECT order_id, sum(amount) AS amount FROM reversal GROUP BY 1 ORDER BY 1')
    .all();
  expect(reversals.map((row) => Object.values(row))).toEqual([
    ['1001', 502 + 280 + 500 + 300],
    ['1002', 560],
    ['1010', 2_000],
  ]);
  const agreements = agreementsOf(await systemFigures(imported.afecto, [2011]), sql);
  expect(agreements.filter(({ differences }) => differences.length > 0)).toEqual([]);
  expect(sql['customers and repeat rate']?.[0]?.['customers']).toBe(4);
});
