import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { CheckedFigures, Row } from './checked-figures';

/**
 * The same figures as the system's, from the raw lines alone (`domain.md §6.1`, §6.3, §6.5, §13.4): plain SQL
 * with window functions, written anew. An order day is a day of UTC with an order that is not wholly taken
 * back; its instant is its last order's. Amounts are minor units, instants milliseconds.
 */
const VIEWS = `
CREATE TABLE orders AS
SELECT order_id, party_id, at, at / 86400000 AS day,
  sum(net) AS net, sum(iif(cost IS NULL, 0, net - cost)) AS known, sum(iif(cost IS NULL, net, 0)) AS uncosted,
  (SELECT coalesce(sum(amount), 0) FROM reversal r WHERE r.order_id = l.order_id) AS back,
  (SELECT count(*) FROM reversal r WHERE r.order_id = l.order_id) AS backs
FROM order_line l GROUP BY order_id;

CREATE TABLE order_day AS
SELECT party_id, day, max(at) AS last_at FROM orders WHERE backs = 0 OR back < net GROUP BY party_id, day;
CREATE INDEX order_day_party ON order_day (party_id, day);

CREATE TABLE first_day AS SELECT party_id, min(day) AS day FROM order_day GROUP BY party_id;
`;

/** ?1: the instant of the review. */
const REVIEWED = `
CREATE TABLE reviewed AS
WITH spent AS (
  SELECT party_id, sum(net) AS m, sum(known) AS known, sum(uncosted) AS uncosted FROM (
    SELECT party_id, net, known, uncosted FROM orders WHERE at BETWEEN ?1 - 365 * 86400000 AND ?1
    UNION ALL
    SELECT party_id, -amount, 0, -amount FROM reversal WHERE at BETWEEN ?1 - 365 * 86400000 AND ?1
  ) GROUP BY party_id
), active AS (
  SELECT party_id, day, lead(day) OVER (PARTITION BY party_id ORDER BY day) AS next FROM order_day
), longevity AS (
  SELECT party_id, sum(min(180.0, coalesce(next, ?1 / 86400000.0) - day)) AS days FROM active GROUP BY party_id
)
SELECT d.party_id, (?1 - max(last_at)) / 86400000.0 AS r,
  sum(last_at >= ?1 - 365 * 86400000) AS f, coalesce(m, 0) AS m,
  coalesce(known + floor(uncosted * 0.3 + 0.5), 0) AS cm, longevity.days AS longevity
FROM order_day d LEFT JOIN spent USING (party_id) JOIN longevity USING (party_id) GROUP BY d.party_id`;

/** Quintiles of type 7 of r, f and m. */
const CUTS = `
CREATE TABLE cut AS
WITH measured AS (
  SELECT 'r' AS what, r AS v FROM reviewed UNION ALL SELECT 'f', f FROM reviewed UNION ALL SELECT 'm', m FROM reviewed
), ranked AS (
  SELECT what, v, row_number() OVER (PARTITION BY what ORDER BY v) - 1 AS place,
    lead(v) OVER (PARTITION BY what ORDER BY v) AS next,
    count(*) OVER (PARTITION BY what) - 1 AS last
  FROM measured
)
SELECT what, fifth, v + (coalesce(next, v) - v) * (last * fifth / 5.0 - place) AS cut
FROM ranked JOIN (SELECT value AS fifth FROM json_each('[1,2,3,4]')) ON place = last * fifth / 5`;

const SCORED = `
CREATE TABLE scored AS
SELECT reviewed.*,
  5 - (SELECT count(*) FROM cut WHERE what = 'r' AND cut < r) AS r_score,
  1 + (SELECT count(*) FROM cut WHERE what = 'f' AND cut < f) AS f_score,
  1 + (SELECT count(*) FROM cut WHERE what = 'm' AND cut < m) AS m_score
FROM reviewed`;

const CODES = `SELECT party_id AS party, r_score * 100 + f_score * 10 + m_score AS code FROM scored ORDER BY party_id`;
const SCORES = ['r', 'f', 'm'].map(
  (what) => `SELECT '${what}' AS what, ${what}_score AS score, count(*) AS customers FROM scored GROUP BY 2`,
);

/** The last inside 5 % and 20 % of those with an order day in the window. */
const TIERS = `
WITH base AS (
  SELECT *, row_number() OVER (ORDER BY cm DESC, longevity DESC, party_id) AS place, count(*) OVER () AS size
  FROM reviewed WHERE f > 0
)
SELECT 'platinum' AS cut, party_id AS party, cm AS minor, longevity AS days FROM base WHERE place = (size + 19) / 20
UNION ALL
SELECT 'gold', party_id, cm, longevity FROM base WHERE place = (size + 4) / 5`;

/** Who make up half of the spend, the largest first. */
const HEAVY = `
WITH spenders AS (
  SELECT m, party_id, sum(m) OVER (ORDER BY m DESC, party_id ROWS UNBOUNDED PRECEDING) - m AS before,
    (SELECT sum(m) FROM reviewed) AS total
  FROM reviewed
)
SELECT party_id AS party FROM spenders WHERE 2 * before < total ORDER BY party_id`;

const PARETO = `
WITH base AS (
  SELECT max(cm, 0) AS minor, row_number() OVER (ORDER BY cm DESC) AS place, count(*) OVER () AS size,
    sum(max(cm, 0)) OVER (ORDER BY cm DESC ROWS UNBOUNDED PRECEDING) AS up_to, sum(max(cm, 0)) OVER () AS total
  FROM reviewed WHERE f > 0
)
SELECT max(size) AS customers,
  max(iif(place = (size + 4) / 5, up_to, 0)) * 1.0 / max(total) AS topShare,
  min(iif(up_to * 10 >= total * 8, place, size)) * 1.0 / max(size) AS neededShare
FROM base`;

const YEARS = `
SELECT year, sum(orders) AS orders, sum(net) AS revenueMinor, sum(margin) AS marginMinor FROM (
  SELECT strftime('%Y', at / 1000, 'unixepoch') AS year, 1 AS orders, net,
    floor(known + uncosted * 0.3 + 0.5) AS margin FROM orders
  UNION ALL
  SELECT strftime('%Y', at / 1000, 'unixepoch'), 0, -amount, -floor(amount * 0.3 + 0.5) FROM reversal
) GROUP BY year ORDER BY year`;

const CUSTOMERS = `
SELECT strftime('%Y', day * 86400, 'unixepoch') AS year, count(*) AS newCustomers FROM first_day GROUP BY 1 ORDER BY 1`;

const REPEATERS = `
SELECT count(*) AS customers, sum(days > 1) * 1.0 / count(*) AS repeatRate
FROM (SELECT count(*) AS days FROM order_day GROUP BY party_id)`;

const COHORTS = `
WITH months AS (
  SELECT DISTINCT d.party_id, strftime('%Y-%m', f.day * 86400, 'unixepoch') AS cohort,
    strftime('%Y-%m', d.day * 86400, 'unixepoch') AS month
  FROM order_day d JOIN first_day f USING (party_id)
)
SELECT cohort, month, count(*) AS customers,
  count(*) * 1.0 / max(iif(month = cohort, count(*), 0)) OVER (PARTITION BY cohort) AS share
FROM months GROUP BY cohort, month ORDER BY cohort, month`;

/**
 * Who was active, with an order day at most 180 days before, on the day before the year and on its last; kept:
 * active at the end and no new customer of the year.
 */
const RETENTION = `
WITH year AS (
  SELECT DISTINCT strftime('%Y', day * 86400, 'unixepoch') AS name FROM order_day
), span AS (
  SELECT name, unixepoch(name || '-01-01') / 86400 AS first, unixepoch(name || '-12-31') / 86400 AS last FROM year
), buyer AS (
  SELECT name, first_day.day AS since, first,
    EXISTS (SELECT 1 FROM order_day d WHERE d.party_id = first_day.party_id AND d.day BETWEEN first - 181 AND first - 1) AS start,
    EXISTS (SELECT 1 FROM order_day d WHERE d.party_id = first_day.party_id AND d.day BETWEEN last - 180 AND last) AS finish
  FROM span JOIN first_day
)
SELECT name AS year, sum(start) AS activeAtStart, sum(finish) AS activeAtEnd,
  sum(finish AND since >= first) AS newAtEnd,
  sum(finish AND since < first) * 1.0 / nullif(sum(start), 0) AS retentionRate,
  1 - sum(finish AND since < first) * 1.0 / nullif(sum(start), 0) AS churnRate
FROM buyer GROUP BY name ORDER BY name`;

const rowsOf = (database: DatabaseSync, sql: string): ReadonlyArray<Row> =>
  database
    .prepare(sql)
    .all()
    .map((row) => Object.fromEntries(Object.entries(row).map(([name, v]) => [name, plain(v)])));

const plain = (value: SQLOutputValue): string | number | null =>
  typeof value === 'string' || typeof value === 'number' ? value : null;

/** All that is checked, from `order_line` and `reversal`, with a portfolio review as of an instant. */
export const sqlFigures = (database: DatabaseSync, reviewedAt: number): CheckedFigures => {
  for (const table of ['orders', 'order_day', 'first_day', 'reviewed', 'cut', 'scored'])
    database.exec(`DROP TABLE IF EXISTS ${table}`);
  database.exec(VIEWS);
  database.prepare(REVIEWED).run(reviewedAt);
  database.exec(CUTS);
  database.exec(SCORED);
  return {
    'RFM cut points': rowsOf(database, 'SELECT what, fifth, cut FROM cut ORDER BY what, fifth'),
    'customers by score': SCORES.flatMap((sql) => rowsOf(database, sql)),
    'RFM code of every customer': rowsOf(database, CODES),
    'cuts of the pyramid': rowsOf(database, TIERS),
    'heavy users': rowsOf(database, HEAVY),
    'Pareto check': rowsOf(database, PARETO),
    'revenue, margin and orders by year': rowsOf(database, YEARS),
    'new customers by year': rowsOf(database, CUSTOMERS),
    'customers and repeat rate': rowsOf(database, REPEATERS),
    'cohort table': rowsOf(database, COHORTS),
    'retention by year': rowsOf(database, RETENTION),
  };
};
