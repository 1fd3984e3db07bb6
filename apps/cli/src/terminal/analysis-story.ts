import type { Cohort, PortfolioAnalysis } from '@afecto/analytics';
import { colours } from './colours';
import { count, counted, money } from './numbers';
import { blocks, table } from './table';
import { day } from './words';

const parameter = (value: number): string => value.toPrecision(6);
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const heads = (titles: ReadonlyArray<string>): ReadonlyArray<string> => titles.map((title) => colours.dim(title));
const section = (title: string, text: string): string => `${colours.bold(title)}\n${text}`;

const populationText = ({ customers, repeatBuyers, repeatRate, leftOut }: PortfolioAnalysis): string =>
  [
    `  ${counted(customers, 'customer')}, of whom ${count(repeatBuyers)} bought again` +
      (repeatRate === null ? '' : ` (${percent(repeatRate)})`),
    `  left out: ${count(leftOut.unrecognisable)} seen once without a name, ` +
      `${count(leftOut.withoutOrder)} without an order, ${count(leftOut.excluded)} outside every population`,
  ].join('\n');

const buyingText = ({ buying }: PortfolioAnalysis): string => {
  if ('unavailable' in buying) return `  unavailable: ${buying.unavailable.message}`;
  const { model, withoutLeaving, leavingEvident, histogram, chiSquare } = buying;
  return [
    `  r ${parameter(model.r)}, alpha ${parameter(model.alpha)} weeks, a ${parameter(model.a)}, b ${parameter(model.b)}`,
    `  ${leavingEvident ? 'leaving is evident' : colours.yellow('P(alive) says nothing here')}: ` +
      `a model in which nobody leaves has log-likelihood ${withoutLeaving.LL.toFixed(4)}`,
    `  log-likelihood ${model.LL.toFixed(4)} over ${counted(model.n, 'customer')}; χ² ${chiSquare.toFixed(2)} over these rows:`,
    table(
      [
        ['', ...heads(['repeat orders', 'observed', 'expected'])],
        ...histogram.map(({ repeats, orMore, observed, expected }) => [
          '',
          `${repeats}${orMore ? '+' : ''}`,
          count(observed),
          expected.toFixed(1),
        ]),
      ],
      [1, 2, 3],
    ),
  ].join('\n');
};

const spendingText = ({ spending }: PortfolioAnalysis): string => {
  if ('unavailable' in spending) return `  unavailable: ${spending.unavailable.message}`;
  const { model, correlation, correlated } = spending;
  return [
    `  p ${parameter(model.p)}, q ${parameter(model.q)}, v ${money(model.v)}`,
    `  log-likelihood ${model.LL.toFixed(4)} over ${counted(model.n, 'customer')} with repeat orders`,
    `  correlation of number and value ${correlation === null ? 'none: one of them does not vary' : correlation.toFixed(4)}` +
      (correlated ? colours.yellow(' – above 0.3: values of frequent buyers are not to be trusted') : ''),
  ].join('\n');
};

const topText = ({ top }: PortfolioAnalysis): string => {
  if (top.length === 0) return '  nobody: there is no model of buying';
  return table(
    [
      ['', ...heads(['customer', 'repeats', 'alive', 'orders', 'mean order', 'CLV', 'next due'])],
      ...top.map((customer) => [
        '',
        customer.partyId,
        count(customer.repeats),
        customer.probabilityAlive === null ? '–' : percent(customer.probabilityAlive),
        customer.expectedOrders.toFixed(1),
        customer.expectedSpendMinor === null ? '–' : money(customer.expectedSpendMinor),
        customer.lifetimeValueMinor === null ? '–' : money(customer.lifetimeValueMinor),
        day(customer.nextDueAt),
      ]),
    ],
    [2, 3, 4, 5, 6],
  );
};

/** Months of a cohort shown on a screen; --json has all. */
const COHORT_MONTHS = 13;
const COHORTS = 24;

const cohortText = (cohorts: ReadonlyArray<Cohort>): string => {
  const shown = cohorts.slice(-COHORTS);
  const months = Math.min(COHORT_MONTHS, Math.max(0, ...shown.map(({ active }) => active.length)));
  return table(
    [
      ['', ...heads(['first order', 'customers', ...Array.from({ length: months }, (_, month) => `+${month}`)])],
      ...shown.map(({ month, customers, active }) => [
        '',
        month,
        count(customers),
        ...active.slice(0, months).map((customersActive) => `${Math.round((100 * customersActive) / customers)} %`),
      ]),
    ],
    Array.from({ length: months + 1 }, (_, month) => month + 2),
  );
};

const affinityText = ({ affinity, orders, minSupport }: PortfolioAnalysis): string =>
  affinity.length === 0
    ? `  no two product lines are together in ${minSupport} orders or more`
    : table(
        [
          ['', ...heads(['lift', 'together', `of ${counted(orders, 'order')}`])],
          ...affinity.map(({ products, support, orders: alone, lift }) => [
            '',
            lift.toFixed(2),
            count(support),
            `${products[0]} (${count(alone[0])}) and ${products[1]} (${count(alone[1])})`,
          ]),
        ],
        [1, 2],
      );

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const BAR = 40;
/** A twelfth of the orders makes a bar of this share of the full length. */
const EVEN_MONTH = 1 / 12;

const seasonText = ({ season }: PortfolioAnalysis): string =>
  table(
    season.months.map(({ month, orders, share, years }) => [
      `  ${MONTHS[month - 1] ?? ''}`,
      count(orders),
      percent(share),
      colours.dim(`${count(years)} ×`),
      blocks(Math.min(1, share / (4 * EVEN_MONTH)), BAR),
    ]),
    [1, 2, 3],
  );

/** `afecto analyse` on a screen: the models with their quality, then the patterns, each with its counts. */
export const analysisStory = (analysis: PortfolioAnalysis): string =>
  [
    section(`Customers as of ${day(analysis.asOf)}`, populationText(analysis)),
    section('Buying again (BG/NBD)', buyingText(analysis)),
    section('Value of a repeat order (Gamma-Gamma)', spendingText(analysis)),
    section(
      `Most orders expected in the next ${counted(analysis.horizonWeeks, 'week')} ` +
        `(CLV: margin ${percent(analysis.marginRate)}, discount ${percent(analysis.annualDiscount)} a year)`,
      topText(analysis),
    ),
    section('Who came back, by month of the first order', cohortText(analysis.cohorts)),
    section('Bought together', affinityText(analysis)),
    section('Season', seasonText(analysis)),
  ].join('\n\n');
