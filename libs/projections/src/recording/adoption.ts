import { actorKinds, type Policy } from '@afecto/domain';
import { contactsIn } from '../channels/figures';
import { dayOf, type Figures, type FiguresQuestion, isAsked, type JsonObject } from '../figures/definition';
import { share } from '../figures/measures';
import { keyOf } from '../tally/contribute';
import { lastDayOf, monthName, monthsOf } from '../tally/months';
import { cultureOf } from '../training/culture';
import { REPORT } from './contribution';
import { matterSums, sumsUnder } from './sums';

/** At most so many months of the trend, the last ones of the window. */
const TREND_MONTHS = 13;

/** Facts of one kind by who recorded them. */
interface Recorders {
  readonly byAgent: Map<string, number>;
  bySystems: number;
  byCustomers: number;
}

const kinds = ['contacts', 'requests', 'complaints', 'promises'] as const;
type Kind = (typeof kinds)[number];
type Adoption = Readonly<Record<Kind, Recorders>>;

const nobody = (): Recorders => ({ byAgent: new Map(), bySystems: 0, byCustomers: 0 });

const see = (recorders: Recorders, by: string, recorder: string, many: number): void => {
  if (by === 'agent') recorders.byAgent.set(recorder, (recorders.byAgent.get(recorder) ?? 0) + many);
  else if (by === 'customer') recorders.byCustomers += many;
  else recorders.bySystems += many;
};

const sumOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, many) => sum + many, 0);

/** Contacts of agents by agent; every other one came through a system, with the name of an agent or without. */
const contactsOf = async (question: FiguresQuestion): Promise<Recorders> => {
  const contacts = nobody();
  for (const [[agentId = '', by = ''], many] of await sumsUnder(question, 'contact'))
    if (by === 'agent') see(contacts, by, agentId, many);
  contacts.bySystems = (await contactsIn(question)) - sumOf(contacts.byAgent);
  return contacts;
};

const adoptionIn = async (question: FiguresQuestion): Promise<Adoption> => {
  const adoption = {
    contacts: await contactsOf(question),
    requests: nobody(),
    complaints: nobody(),
    promises: nobody(),
  };
  for (const { matter, by, recorder, many } of await matterSums(question))
    see(matter === 'request' ? adoption.requests : adoption.complaints, by, recorder, many);
  for (const [[by = '', recorder = ''], many] of await sumsUnder(question, 'promise'))
    see(adoption.promises, by, recorder, many);
  return adoption;
};

const monthly = { requests: 'request', complaints: 'complaint', promises: 'promise' } as const;

/** The months that the window touches, whole: how many agents recorded contacts, and who recorded what. */
const trendIn = async (question: FiguresQuestion): Promise<ReadonlyArray<JsonObject>> => {
  const { readModels, days } = question;
  const months = monthsOf(days).slice(-TREND_MONTHS);
  const range = { from: months[0] ?? 0, to: months.at(-1) ?? 0 };
  const counted = new Map<string, ReadonlyMap<number, number>>();
  for (const name of Object.values(monthly))
    for (const by of actorKinds)
      counted.set(`${name} ${by}`, new Map(await readModels.tallyBuckets(keyOf(REPORT, 'month', name, by), range)));
  const trend: JsonObject[] = [];
  for (const month of months) {
    const contacts = await contactsOf({ ...question, days: { from: lastDayOf(month - 1) + 1, to: lastDayOf(month) } });
    const of = (name: string): Recorders => {
      const recorders = nobody();
      for (const by of actorKinds) see(recorders, by, '', counted.get(`${name} ${by}`)?.get(month) ?? 0);
      return recorders;
    };
    trend.push({
      month: monthName(month),
      agents: contacts.byAgent.size,
      contacts: shown(contacts),
      requests: shown(of(monthly.requests)),
      complaints: shown(of(monthly.complaints)),
      promises: shown(of(monthly.promises)),
    });
  }
  return trend;
};

const shown = ({ byAgent, bySystems, byCustomers }: Recorders): JsonObject => {
  const byAgents = sumOf(byAgent);
  const all = byAgents + bySystems + byCustomers;
  return { all, byAgents, bySystems, byCustomers, agentShare: share(byAgents, all) };
};

const each = <T>(of: (kind: Kind) => T): { readonly [kind in Kind]: T } => ({
  contacts: of('contacts'),
  requests: of('requests'),
  complaints: of('complaints'),
  promises: of('promises'),
});

const agentsOf = (adoption: Adoption): ReadonlyArray<JsonObject> =>
  [...new Set(kinds.flatMap((kind) => [...adoption[kind].byAgent.keys()]))].sort().map((agent) => ({
    agent,
    ...each((kind) => adoption[kind].byAgent.get(agent) ?? 0),
  }));

/** Launches of the window, and those that could rest on a review of the portfolio and on lifetime values. */
const decisionsOf = ({ launched }: Policy, isInside: (at: number) => boolean): JsonObject => {
  const decided = launched.filter(({ startsAt }) => isInside(startsAt));
  const reviewed = decided.filter(({ review }) => review !== null);
  const valued = reviewed.filter(({ review }) => review?.bgnbd !== undefined && review.gammaGamma !== undefined);
  return {
    campaigns: decided.length,
    withReview: reviewed.length,
    withLifetimeValue: valued.length,
    lifetimeValueShare: share(valued.length, decided.length),
  };
};

/**
 * Who uses the system (`domain.md §12.2`, common failures): who recorded contacts, requests, complaints and
 * promises of the window, agents or systems, by whole month as well; and how many decisions could use lifetime
 * value; and how many agents were trained (§9.1).
 */
export const adoptionFigures: Figures = {
  code: 'PR18',
  name: 'adoption',
  title: 'Who records contacts, requests, complaints and promises, agents or systems, by month as well; agents trained',
  read: async (question) => {
    const { days, policy } = question;
    const adoption = await adoptionIn(question);
    const isInside = (at: number): boolean => {
      const day = dayOf(at, policy);
      return day >= days.from && day <= days.to;
    };
    return {
      ...each((kind) => shown(adoption[kind])),
      agents: agentsOf(adoption),
      ...(isAsked(question, 'trend') ? { trend: await trendIn(question) } : {}),
      decisions: decisionsOf(policy, isInside),
      training: await cultureOf(question),
    };
  },
};
