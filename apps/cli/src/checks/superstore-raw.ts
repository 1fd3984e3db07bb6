import type { DatabaseSync } from 'node:sqlite';
import { openInput } from '../import/input';
import { oneNumber, type Placement, rawLines } from './raw-orders';

const COLUMNS = ['Order ID', 'Order Date', 'Customer ID', 'Sales', 'Profit'];

/** Ten-thousandths of a dollar, which every amount of the file is a whole number of. */
const exact = (column: string): string => `CAST(round(CAST("${column}" AS REAL) * 10000) AS INTEGER)`;

/**
 * The lines of Superstore. A cost is what was sold less the profit; both are rounded half up to a cent.
 * Throws when a placement contradicts the file: an order on another day, a customer of two parties.
 */
export const superstoreOrders = async (path: string, placements: Iterable<Placement>): Promise<DatabaseSync> => {
  const database = await rawLines(openInput({ path }).bytes, COLUMNS, placements);
  const contradictions = oneNumber(
    database,
    `SELECT count(*) FROM raw LEFT JOIN placement ON order_id = "Order ID"
     WHERE date(at / 1000, 'unixepoch') IS NOT "Order Date"`,
  );
  const customers = oneNumber(database, 'SELECT count(DISTINCT "Customer ID") FROM raw');
  const pairs = oneNumber(
    database,
    `SELECT count(*) FROM (SELECT DISTINCT "Customer ID", party_id FROM raw JOIN placement ON order_id = "Order ID")`,
  );
  const parties = oneNumber(database, 'SELECT count(DISTINCT party_id) FROM placement');
  if (contradictions > 0 || pairs !== customers || parties !== customers)
    throw new Error(`the orders of the log are not those of the file: ${contradictions} lines contradict`);
  database.exec(`
    INSERT INTO order_line
    SELECT "Order ID", party_id, at, (${exact('Sales')} + 50) / 100,
      CASE WHEN ${exact('Profit')} <= ${exact('Sales')} THEN (${exact('Sales')} - ${exact('Profit')} + 50) / 100 END
    FROM raw JOIN placement ON order_id = "Order ID" ORDER BY line`);
  return database;
};
