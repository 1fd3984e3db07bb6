import { progressOf } from '@afecto/domain';
import { relationalShareOf, retentionOf } from '../defection/figures';
import {
  type Figures,
  type FiguresQuestion,
  type FiguresSource,
  isAsked,
  type JsonObject,
  partsAsked,
  upToToday,
} from '../figures/definition';
import { share } from '../figures/measures';
import { numberAt } from '../reports/indicator';
import { sumsUnder } from '../recording/sums';
import { solvedByAgent } from '../service-levels/figures';
import { dateOf, lastDayOf, monthName, monthOfDay } from '../tally/months';
import { keyOf } from '../tally/contribute';
import { medianOf } from '../tally/distribution';
import { valuesOf } from '../tally/percentiles';
import { sumsIn } from '../tally/window';
import { REPORT } from './contribute';
import { economicsOf } from './economics';
import { knowledgeOf } from './knowledge';
import { isPlannedByScorecard, plannedPaths } from './planned';
import { Sums } from './sums';

const bucketsOf = (readModels: FiguresSource, name: string) => readModels.tallyBuckets(keyOf(REPORT, name));

/** The days of the last month that has ended by a day. */
const lastWholeMonth = (day: number): FiguresQuestion['days'] => {
  const month = monthOfDay(day + 1) - 1;
  return { from: lastDayOf(month - 1) + 1, to: lastDayOf(month) };
};

const DAYS_A_YEAR = 365;

const retention = async (question: FiguresQuestion, days: FiguresQuestion['days']): Promise<JsonObject> => ({
  from: dateOf(days.from),
  to: dateOf(days.to),
  ...(await retentionOf({ ...question, days })),
});

const salesCycle = async (readModels: FiguresSource, { from, to }: FiguresQuestion['days']): Promise<number | null> => {
  const months = { from: monthOfDay(from), to: monthOfDay(to) };
  return medianOf(await valuesOf(readModels, months, REPORT, ['salesCycle']));
};

const proactive = new Set(['Q2', 'Q3', 'Q5', 'Q7', 'Q8']);

const corporate = async (question: FiguresQuestion): Promise<JsonObject> => {
  const sums = await Sums.of(question, ['orders', 'revenue', 'margin', 'cost', 'contacts']);
  const costs = Object.fromEntries(sums.all('cost').map(([[kind = ''], amount]) => [kind, amount]));
  const margin = sums.one('margin');
  const cost = Object.values(costs).reduce((sum, amount) => sum + amount, 0);
  return {
    revenueMinor: sums.one('revenue'),
    marginMinor: margin,
    costsMinor: costs,
    contributionMinor: margin - cost,
    orders: sums.one('orders'),
    costPerContactMinor: share(costs['cost_to_serve'] ?? 0, sums.one('contacts')),
  };
};

const customers = async (question: FiguresQuestion): Promise<JsonObject> => {
  const sums = await Sums.of(question, ['referrals', 'enquiries']);
  const { readModels, days } = question;
  const { to: last } = upToToday(question).days;
  const orders = await Sums.of(question, ['orders', 'personalised']);
  const buyers = await bucketsOf(readModels, 'buyers');
  const lines = await bucketsOf(readModels, 'lines');
  const all = buyers.reduce((sum, [, count]) => sum + count, 0);
  const repeaters = buyers.reduce((sum, [orderDays, count]) => (orderDays >= 2 ? sum + count : sum), 0);
  const several = lines.reduce((sum, [distinct, count]) => (distinct >= 2 ? sum + count : sum), 0);
  const referrers = (await bucketsOf(readModels, 'referrers'))[0]?.[1] ?? 0;
  const grew = (await bucketsOf(readModels, 'scopeGrew'))[0]?.[1] ?? 0;
  const converted = sums.one('enquiries', 'converted');
  return {
    lastMonth: await retention(question, lastWholeMonth(last)),
    lastYear: await retention(question, { from: last - DAYS_A_YEAR + 1, to: last }),
    relationalShare: await relationalShareOf(question),
    customersEver: all,
    repeatRate: share(repeaters, all),
    severalLinesRate: share(several, all),
    crossSellRate: share(grew, repeaters),
    referralRate: share(referrers, all),
    referrals: sums.one('referrals'),
    referralsConverted: sums.one('referralsConverted'),
    enquiryConversion: share(converted, sums.total('enquiries')),
    salesCycleDaysMedian: await salesCycle(readModels, days),
    personalisedOrderShare: share(orders.one('personalised'), orders.one('orders')),
  };
};

const placeOf = ({ queue, outcome }: { readonly queue: string; readonly outcome: string }): string =>
  `${queue} ${outcome}`;

const processes = async (question: FiguresQuestion): Promise<JsonObject> => {
  const sums = await Sums.of(question, ['itemsEntered', 'itemsClosed']);
  const outcomes = new Map<string, { readonly queue: string; readonly outcome: string; count: number }>();
  for (const [[queue = '', outcome = '', closedBy = ''], count] of sums.all('itemsClosed')) {
    const shown = outcome === '' ? closedBy : outcome;
    const known = outcomes.get(`${queue} ${shown}`);
    if (known === undefined) outcomes.set(`${queue} ${shown}`, { queue, outcome: shown, count });
    else known.count += count;
  }
  const entered = sums.total('itemsEntered');
  return {
    itemsEntered: entered,
    itemsClosed: sums.total('itemsClosed'),
    proactiveShare: share(
      sums.total('itemsEntered', ([queue = '']) => proactive.has(queue)),
      entered,
    ),
    outcomes: [...outcomes.values()].sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1)),
  };
};

const sections: Readonly<Record<string, (question: FiguresQuestion) => Promise<JsonObject>>> = {
  corporate,
  customers,
  processes,
  knowledge: ({ readModels }) => knowledgeOf(readModels),
  economics: economicsOf,
};

/** The plan's targets for what is answered here, each with value and distance (`domain.md §18`, 2). */
const targetsOf = (answer: JsonObject, { plan = {} }: FiguresQuestion['policy']['configuration']): JsonObject[] =>
  (plan.indicators ?? []).flatMap((target) => {
    if (!isPlannedByScorecard(target.indicator)) return [];
    const path = plannedPaths[target.indicator];
    return [{ indicator: target.indicator, path, ...progressOf(target, numberAt(answer, path.split('.'))) }];
  });

/** Acquisition, retention and penetration, money, work and knowledge, side by side, and against the plan (PR18, `domain.md §13.4`). */
export const scorecardFigures: Figures = {
  code: 'PR18',
  name: 'scorecard',
  title: 'Money, customers, work and knowledge: the indicators of the whole, with retention, churn and their economics',
  read: async (question) => {
    const answer: Record<string, JsonObject> = {};
    for (const [name, section] of Object.entries(sections))
      if (isAsked(question, name)) answer[name] = await section(question);
    return question.fields === undefined
      ? { ...answer, targets: targetsOf(answer, question.policy.configuration) }
      : answer;
  },
};

/** Contacts that name an agent, items that it finished, and requests that it opened and how many it solved at once. */
const agentsOf = async (question: FiguresQuestion): Promise<ReadonlyArray<JsonObject>> => {
  const completed = Map.groupBy(
    (await Sums.of(question, ['completed'])).all('completed'),
    ([[agentId = '']]) => agentId,
  );
  const contacts = new Map<string, number>();
  for (const [[agentId = ''], count] of await sumsUnder(question, 'contact'))
    contacts.set(agentId, (contacts.get(agentId) ?? 0) + count);
  const solved = await solvedByAgent(question);
  return [...new Set([...contacts.keys(), ...completed.keys()])].sort().map((agentId) => {
    const outcomes = completed.get(agentId) ?? [];
    return {
      agentId,
      contacts: contacts.get(agentId) ?? 0,
      completed: outcomes.reduce((sum, [, count]) => sum + count, 0),
      outcomes: Object.fromEntries(outcomes.map(([[, outcome = ''], count]) => [outcome, count])),
      requestsSolved: solved.get(agentId)?.solved ?? 0,
      firstContactResolution: share(solved.get(agentId)?.firstContact ?? 0, solved.get(agentId)?.solved ?? 0),
    };
  });
};

/** Inbound contacts by channel and hour of the day. */
const loadOf = async ({ readModels, days }: FiguresQuestion): Promise<ReadonlyArray<JsonObject>> =>
  (await sumsIn(readModels, days, REPORT, 'load'))
    .map(([[channel = '', hour], contacts]) => ({ channel, hour: Number(hour), contacts }))
    .sort((one, other) =>
      one.channel === other.channel ? one.hour - other.hour : one.channel < other.channel ? -1 : 1,
    );

/** Who does the work, and when it comes: agents with contacts and outcomes, inbound contacts by hour and channel. */
export const peopleFigures: Figures = {
  code: 'PR18',
  name: 'people',
  title: 'Contacts and outcomes by agent, and when customers call, by hour and channel',
  read: (question) => partsAsked(question, { agents: () => agentsOf(question), load: () => loadOf(question) }),
};

/** Of those who bought first in a month, how many bought again in each later one (`domain.md §13.4`). */
export const cohortFigures: Figures = {
  code: 'PR18',
  name: 'cohorts',
  title: 'Customers by the month of their first order, and how many of them ordered in each later month',
  read: async ({ readModels, days }) => {
    const cohorts: JsonObject[] = [];
    for (let month = monthOfDay(days.from); month <= monthOfDay(days.to); month++) {
      const ordered = await readModels.tallyBuckets(keyOf(REPORT, 'cohort', month), { to: monthOfDay(days.to) });
      const size = ordered.find(([at]) => at === month)?.[1] ?? 0;
      if (size > 0)
        cohorts.push({
          cohort: monthName(month),
          customers: size,
          later: ordered.map(([at, count]) => ({
            month: monthName(at),
            after: at - month,
            customers: count,
            share: count / size,
          })),
        });
    }
    return { cohorts };
  },
};
