import type { DatabaseSync } from 'node:sqlite';
import { openInput } from '../import/input';
import { oneNumber, type Placement, rawLines } from './raw-orders';

const COLUMNS = ['InvoiceNo', 'StockCode', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID'];

const INVOICES = `
CREATE TABLE invoice (invoice TEXT PRIMARY KEY, begun INTEGER, at INTEGER, customer TEXT);
INSERT INTO invoice
SELECT "InvoiceNo", min(line), unixepoch("InvoiceDate") * 1000, "CustomerID" FROM raw GROUP BY "InvoiceNo";
CREATE TABLE line AS
SELECT line, invoice, begun, at, customer, upper(trim("StockCode")) AS stock, CAST("Quantity" AS INTEGER) AS quantity,
  CAST(round(CAST("UnitPrice" AS REAL) * 10000) AS INTEGER) AS price
FROM raw JOIN invoice ON invoice = "InvoiceNo";
`;

/**
 * Sales: lines of a positive quantity on invoices that are no cancellation (C…) and no adjustment (A…); of
 * invoices without a customer, those on which something has a price: each of them is a party of its own.
 * Prices are ten-thousandths of a pound.
 */
const SALES = `
CREATE TABLE sale (
  line INTEGER PRIMARY KEY, order_id TEXT, begun INTEGER, customer TEXT, stock TEXT, price INTEGER, remaining INTEGER
);
INSERT INTO sale
SELECT line, invoice, begun, customer, stock, price, quantity FROM (
  SELECT *, sum(quantity * price) OVER (PARTITION BY invoice) AS worth FROM line
  WHERE substr(invoice, 1, 1) NOT IN ('A', 'C') AND quantity > 0 AND price >= 0
) WHERE customer <> '' OR worth > 0;
CREATE INDEX sale_article ON sale (customer, stock);
INSERT INTO order_line
SELECT sale.order_id, party_id, invoice.at, (remaining * price + 50) / 100, NULL
FROM sale JOIN invoice ON invoice = sale.order_id LEFT JOIN placement ON placement.order_id = sale.order_id;
CREATE TABLE open_order (order_id TEXT PRIMARY KEY, party_id TEXT, customer TEXT, begun INTEGER, remaining INTEGER);
INSERT INTO open_order
SELECT order_id, party_id, customer, begun, sum(net)
FROM order_line JOIN invoice ON invoice = order_id GROUP BY order_id;
CREATE INDEX open_order_customer ON open_order (customer, begun);
CREATE TABLE part (cancellation TEXT, order_id TEXT, party_id TEXT, at INTEGER, amount INTEGER);
`;

/** What is taken back, invoice by invoice as they begin in the file. */
const CANCELLATIONS = `
SELECT * FROM line
WHERE invoice LIKE 'C%' AND customer <> '' AND quantity < 0 AND price >= 0 ORDER BY begun, line`;

/** The lines that a cancellation may undo, newest first. */
const BOUGHT = `
SELECT line FROM sale WHERE customer = ? AND stock = ? AND begun < ? AND remaining > 0 AND (price = ? OR ?)
ORDER BY begun DESC, line DESC`;

const ONE = `
SELECT sale.remaining, order_id, party_id, open_order.remaining AS worth
FROM sale JOIN open_order USING (order_id) WHERE line = ?`;

const MONEY = `
SELECT order_id, party_id FROM open_order WHERE customer = ? AND begun < ? AND remaining > ?
ORDER BY begun DESC LIMIT 1`;

const minor = (tenThousandths: number): number => Math.floor((tenThousandths + 50) / 100);

/**
 * What each cancellation takes back from which order, line by line: the same article at the same price, then
 * at any price, newest purchase first, never more than is left of an order; what is left over is money, from
 * the newest order with more than that left.
 */
const takeBack = (database: DatabaseSync): void => {
  const [bought, one, money] = [database.prepare(BOUGHT), database.prepare(ONE), database.prepare(MONEY)];
  const takeGoods = database.prepare('UPDATE sale SET remaining = remaining - ? WHERE line = ?');
  const takeMoney = database.prepare('UPDATE open_order SET remaining = remaining - ? WHERE order_id = ?');
  const insert = database.prepare('INSERT INTO part VALUES (?, ?, ?, ?, ?)');
  for (const cancelled of database.prepare(CANCELLATIONS).all()) {
    const { invoice = null, customer = null, stock = null, begun = null, price = null, at = null } = cancelled;
    const each = Number(price);
    let wanted = -Number(cancelled['quantity']);
    const reverse = (orderId: string, partyId: string, amount: number): void => {
      takeMoney.run(amount, orderId);
      insert.run(invoice, orderId, partyId, at, amount);
    };
    for (const anyPrice of [0, 1])
      for (const found of bought.all(customer, stock, begun, price, anyPrice)) {
        // What the rows before took is gone from their orders: each is looked at as it stands now.
        const row = one.get(found['line'] ?? null);
        const goods = Math.min(wanted, Number(row?.['remaining']));
        const amount = minor(goods * each);
        if (row === undefined || amount <= 0 || amount > Number(row['worth'])) continue;
        takeGoods.run(goods, found['line'] ?? null);
        reverse(String(row['order_id']), String(row['party_id']), amount);
        wanted -= goods;
      }
    const amount = minor(wanted * each);
    const order = amount > 0 ? money.get(customer, begun, amount) : undefined;
    if (order !== undefined) reverse(String(order['order_id']), String(order['party_id']), amount);
  }
  database.exec(
    'INSERT INTO reversal SELECT order_id, party_id, at, sum(amount) FROM part GROUP BY cancellation, order_id',
  );
};

/** The lines of Online Retail with what was taken back. Throws when a placement contradicts the file. */
export const onlineRetailOrders = async (path: string, placements: Iterable<Placement>): Promise<DatabaseSync> => {
  const database = await rawLines(openInput({ path }).bytes, COLUMNS, placements);
  database.exec(INVOICES);
  database.exec(SALES);
  const others = oneNumber(
    database,
    `SELECT count(*) FROM placement LEFT JOIN open_order USING (order_id) LEFT JOIN invoice ON invoice = order_id
     WHERE open_order.order_id IS NULL OR invoice.at IS NOT placement.at`,
  );
  const shared = oneNumber(
    database,
    `SELECT count(*) FROM (
       SELECT 1 FROM open_order GROUP BY party_id
       HAVING count(DISTINCT CASE customer WHEN '' THEN order_id ELSE customer END) > 1
     )`,
  );
  if (others + shared > 0) throw new Error(`the orders of the log are not those of the file: ${others + shared}`);
  database.exec('BEGIN');
  takeBack(database);
  database.exec('COMMIT');
  return database;
};
