import { contactsIn } from '../channels/figures';
import { retentionOf } from '../defection/figures';
import type { Figures, FiguresQuestion, FiguresSource, JsonObject } from '../figures/definition';
import { share } from '../figures/measures';
import { dateOf, lastDayOf, monthName, monthOfDay } from '../tally/months';
import { keyOf, partsOf, prefixOf } from '../tally/contribute';
import { type Distribution, quantileOf, together } from '../tally/distribution';
import { REPORT } from './contribute';
import { economicsOf } from './economics';

/** Sums of the window by the parts of their keys after the first. */
class Sums {
  private constructor(private readonly sums: ReadonlyMap<string, number>) {}

  /** All of the report, or only what goes by these names. */
  static async of(
    readModels: FiguresSource,
    days: FiguresQuestion['days'],
    names: ReadonlyArray<string> = [],
  ): Promise<Sums> {
    const prefixes = names.length === 0 ? [prefixOf(REPORT)] : names.map((name) => prefixOf(REPORT, name));
    const sums = await Promise.all(prefixes.map((prefix) => readModels.tallySums(prefix, days)));
    return new Sums(new Map(sums.flat()));
  }

  one(...parts: ReadonlyArray<string | number>): number {
    return this.sums.get(keyOf(REPORT, ...parts)) ?? 0;
  }

  /** Everything of a name, by its further parts. */
  all(name: string): ReadonlyArray<readonly [ReadonlyArray<string>, number]> {
    const prefix = prefixOf(REPORT, name);
    return [...this.sums].flatMap(([key, sum]) =>
      key.startsWith(prefix) ? [[partsOf(key).slice(1), sum] as const] : [],
    );
  }

  total(name: string, where: (parts: ReadonlyArray<string>) => boolean = () => true): number {
    return this.all(name).reduce((sum, [parts, count]) => (where(parts) ? sum + count : sum), 0);
  }
}

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
  const months: Promise<Distribution>[] = [];
  for (let month = monthOfDay(from); month <= monthOfDay(to); month++)
    months.push(readModels.tallyBuckets(keyOf(REPORT, 'salesCycle', month)));
  return quantileOf(together(await Promise.all(months)), 0.5);
};

const proactive = new Set(['Q2', 'Q3', 'Q5', 'Q7', 'Q8']);

const corporate = (sums: Sums, contacts: number): JsonObject => {
  const costs = Object.fromEntries(sums.all('cost').map(([[kind = ''], amount]) => [kind, amount]));
  const margin = sums.one('margin');
  const cost = Object.values(costs).reduce((sum, amount) => sum + amount, 0);
  return {
    revenueMinor: sums.one('revenue'),
    marginMinor: margin,
    costsMinor: costs,
    contributionMinor: margin - cost,
    orders: sums.one('orders'),
    costPerContactMinor: share(costs['cost_to_serve'] ?? 0, contacts),
  };
};

const customers = async (question: FiguresQuestion, sums: Sums): Promise<JsonObject> => {
  const { readModels, days } = question;
  const buyers = await bucketsOf(readModels, 'buyers');
  const lines = await bucketsOf(readModels, 'lines');
  const all = buyers.reduce((sum, [, count]) => sum + count, 0);
  const repeaters = buyers.reduce((sum, [orderDays, count]) => (orderDays >= 2 ? sum + count : sum), 0);
  const several = lines.reduce((sum, [distinct, count]) => (distinct >= 2 ? sum + count : sum), 0);
  const grew = (await bucketsOf(readModels, 'scopeGrew'))[0]?.[1] ?? 0;
  const converted = sums.one('enquiries', 'converted');
  return {
    lastMonth: await retention(question, lastWholeMonth(days.to)),
    lastYear: await retention(question, { from: days.to - DAYS_A_YEAR + 1, to: days.to }),
    customersEver: all,
    repeatRate: share(repeaters, all),
    severalLinesRate: share(several, all),
    crossSellRate: share(grew, repeaters),
    referrals: sums.one('referrals'),
    referralsConverted: sums.one('referralsConverted'),
    enquiryConversion: share(converted, sums.total('enquiries')),
    salesCycleDaysMedian: await salesCycle(readModels, days),
    personalisedOrderShare: share(sums.one('personalised'), sums.one('orders')),
  };
};

const processes = (sums: Sums): JsonObject => {
  const entered = sums.total('itemsEntered');
  return {
    itemsEntered: entered,
    itemsClosed: sums.total('itemsClosed'),
    proactiveShare: share(
      sums.total('itemsEntered', ([queue = '']) => proactive.has(queue)),
      entered,
    ),
    outcomes: sums.all('itemsClosed').map(([[queue = '', outcome = ''], count]) => ({ queue, outcome, count })),
  };
};

const knowledge = async (readModels: FiguresSource): Promise<JsonObject> => {
  const one = async (...parts: ReadonlyArray<string>): Promise<number> =>
    (await readModels.tallyBuckets(keyOf(REPORT, ...parts)))[0]?.[1] ?? 0;
  const parties = await one('parties');
  const valid = await one('identifiers', 'valid');
  return {
    parties,
    namedShare: share(await one('named'), parties),
    verifiedShare: share(await one('verified'), parties),
    reachableShare: share(await one('reachable'), parties),
    validIdentifierShare: share(valid, valid + (await one('identifiers', 'invalid'))),
    needs: { current: await one('needs', 'current'), future: await one('needs', 'future') },
    needsMetShare: share(
      (await one('needsMet', 'current')) + (await one('needsMet', 'future')),
      (await one('needs', 'current')) + (await one('needs', 'future')),
    ),
  };
};

/** Acquisition, retention and penetration, money, work and knowledge, side by side (PR18, `domain.md §13.4`). */
export const scorecardFigures: Figures = {
  code: 'PR18',
  name: 'scorecard',
  title: 'Money, customers, work and knowledge: the indicators of the whole, with retention, churn and their economics',
  read: async (question) => {
    const sums = await Sums.of(question.readModels, question.days);
    return {
      corporate: corporate(sums, await contactsIn(question)),
      customers: await customers(question, sums),
      processes: processes(sums),
      knowledge: await knowledge(question.readModels),
      economics: await economicsOf(question),
    };
  },
};

/** Who does the work, and when it comes: agents with contacts and outcomes, inbound contacts by hour and channel. */
export const peopleFigures: Figures = {
  code: 'PR18',
  name: 'people',
  title: 'Contacts and outcomes by agent, and when customers call, by hour and channel',
  read: async ({ readModels, days }) => {
    const sums = await Sums.of(readModels, days, ['completed', 'agentContacts']);
    const completed = Map.groupBy(sums.all('completed'), ([[agentId = '']]) => agentId);
    const contacts = new Map(sums.all('agentContacts').map(([[agentId = ''], count]) => [agentId, count]));
    const agentIds = [...new Set([...contacts.keys(), ...completed.keys()])].sort();
    const channels = new Map<string, Distribution[]>();
    for (const [key] of await readModels.tallySums(prefixOf(REPORT, 'load'))) {
      const [, channel = '', month = ''] = partsOf(key);
      if (Number(month) < monthOfDay(days.from) || Number(month) > monthOfDay(days.to)) continue;
      channels.set(channel, [...(channels.get(channel) ?? []), await readModels.tallyBuckets(key)]);
    }
    return {
      agents: agentIds.map((agentId) => {
        const outcomes = completed.get(agentId) ?? [];
        return {
          agentId,
          contacts: contacts.get(agentId) ?? 0,
          completed: outcomes.reduce((sum, [, count]) => sum + count, 0),
          outcomes: Object.fromEntries(outcomes.map(([[, outcome = ''], count]) => [outcome, count])),
        };
      }),
      load: [...channels].flatMap(([channel, months]) =>
        together(months).map(([hour, count]) => ({ channel, hour, contacts: count })),
      ),
    };
  },
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
