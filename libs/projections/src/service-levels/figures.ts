import { customerClock, isRemote, type Json, keptInformed, longestSilenceMs, matterContactsOf } from '@afecto/domain';
import type { BucketRange } from '@afecto/read-models';
import { dayOf, type Figures, type FiguresQuestion, type FiguresSource, isAsked } from '../figures/definition';
import { share } from '../figures/measures';
import { type Contribute, partsOf, prefixOf, keyOf } from '../tally/contribute';
import { monthName, monthOfDay } from '../tally/months';
import { countValue, percentilesOf } from '../tally/percentiles';
import { sumsIn } from '../tally/window';
import { judgedRequest, type Judgement, type Mark, marks } from './judged-request';

const REPORT = 'service-levels';
const NO_TIER = 'none';

const ALL = 'all';

/** The groups that a request counts in. */
const groupsOf = ([serviceClass, channel, tier]: ReadonlyArray<string | undefined>): ReadonlyArray<string> => [
  ALL,
  `class:${serviceClass ?? ''}`,
  `channel:${channel ?? ''}`,
  `tier:${tier ?? ''}`,
];

const fields: Readonly<Record<string, string>> = { class: 'byClass', channel: 'byChannel', tier: 'byTier' };
/** The field of the answer in which a group stands. */
const fieldOf = (group: string): string => fields[group.split(':')[0] ?? ''] ?? ALL;

/** Every request counts on the day on which it was opened. */
export const contributeServiceLevels: Contribute = ({ evidence, standing, policy, asOf }, count) => {
  if (evidence.requests.size === 0) return;
  const { configuration } = policy;
  const contacts = matterContactsOf(evidence);
  const tier = standing.value.tier ?? NO_TIER;
  for (const request of evidence.requests.values()) {
    const { openedAt, channel, openedBy } = request;
    if (openedAt === null || channel === null) continue;
    const judged = judgedRequest(request, contacts, configuration, asOf);
    const day = dayOf(openedAt, policy);
    const group = [judged.serviceClass, channel, tier] as const;
    const marked = marks.filter((mark) => judged.marks.has(mark)).join();
    count(keyOf(REPORT, 'request', ...group, judged.judgement, marked), day);
    if (openedBy !== null && judged.marks.has('solved')) {
      count(keyOf(REPORT, 'agent', openedBy, 'solved'), day);
      if (judged.marks.has('first_contact')) count(keyOf(REPORT, 'agent', openedBy, 'firstContact'), day);
    }
    const { violations, silentSince } = keptInformed(request, evidence, configuration);
    if (violations > 0) count(keyOf(REPORT, 'silence', ...group), day, violations);
    // Whether a silence that goes on is too long changes with time alone: the bucket is when it becomes so.
    if (silentSince !== null)
      count(keyOf(REPORT, 'silent', ...group), Math.floor(silentSince + longestSilenceMs(request, configuration)));
    const clock = judged.marks.has('solved') ? customerClock(request, asOf) : null;
    if (clock === null) continue;
    for (const name of groupsOf(group)) countValue(count, monthOfDay(day), clock, REPORT, 'clock', name);
  }
};

/** The requests opened in the window, by what is said of them. */
export const requestsIn = async ({ readModels, days }: Pick<FiguresQuestion, 'readModels' | 'days'>) =>
  (await sumsIn(readModels, days, REPORT, 'request')).map(
    ([[serviceClass = '', channel = '', tier = '', judgement = '', marked = ''], many]) => ({
      serviceClass,
      channel,
      tier,
      judgement,
      marked,
      many,
    }),
  );

/** Requests opened in the window and solved, by who opened them, and those of them that were solved at first contact (`domain.md §10.7`). */
export const solvedByAgent = async ({
  readModels,
  days,
}: FiguresQuestion): Promise<ReadonlyMap<string, { readonly solved: number; readonly firstContact: number }>> => {
  const byAgent = new Map<string, { solved: number; firstContact: number }>();
  for (const [[agentId = '', what], many] of await sumsIn(readModels, days, REPORT, 'agent')) {
    const known = byAgent.get(agentId) ?? { solved: 0, firstContact: 0 };
    byAgent.set(agentId, known);
    if (what === 'solved' || what === 'firstContact') known[what] += many;
  }
  return byAgent;
};

class ServiceGroup {
  requests = 0;
  inPerson = 0;
  remote = 0;
  silences = 0;
  silentNow = 0;
  readonly judged: Record<Judgement, number> = { met: 0, missed: 0, running: 0 };
  readonly marked = new Map<Mark, number>();

  add(channel: string, judgement: string, marked: string, many: number): void {
    this.requests += many;
    if (channel === 'in_person') this.inPerson += many;
    if (isRemote(channel)) this.remote += many;
    if (judgement === 'met' || judgement === 'missed' || judgement === 'running') this.judged[judgement] += many;
    for (const mark of marks)
      if (marked.split(',').includes(mark)) this.marked.set(mark, (this.marked.get(mark) ?? 0) + many);
  }

  with(mark: Mark): number {
    return this.marked.get(mark) ?? 0;
  }
}

/** The customer clock of a group in milliseconds, in months. */
const clockOf = async (readModels: FiguresSource, months: Required<BucketRange>, name: string) => {
  const { values, at } = await percentilesOf(readModels, months, [0.5, 0.9, 0.99], REPORT, 'clock', name);
  const [p50Ms = null, p90Ms = null, p99Ms = null] = at;
  return { count: values, p50Ms, p90Ms, p99Ms };
};

const shown = (
  group: ServiceGroup,
  customerClock: Awaited<ReturnType<typeof clockOf>>,
): { readonly [key: string]: Json } => {
  const { met, missed, running } = group.judged;
  const solved = group.with('solved');
  return {
    requests: group.requests,
    met,
    missed,
    running,
    breachRate: share(missed, met + missed),
    solved,
    firstContactResolution: share(group.with('first_contact'), solved),
    solvedInHalfTheTime: share(group.with('ahead'), solved),
    converted: group.with('converted'),
    reopened: group.with('reopened'),
    inPerson: group.inPerson,
    avoidableInPersonRate: share(group.with('avoidable_visit'), group.inPerson),
    remote: group.remote,
    remoteFailureRate: share(group.with('remote_failure'), group.remote),
    keepInformedViolations: group.silences,
    silentNow: group.silentNow,
    customerClock,
  };
};

/** PR10 (`domain.md §10`, §13.4). The customer clock, never paused, is the headline; its percentiles are of whole months. */
export const serviceLevelFigures: Figures = {
  code: 'PR10',
  name: REPORT,
  title:
    'Requests opened in the window: service levels met and missed, customer clock, first contact, phone before in person',
  read: async (question) => {
    const { readModels, days, asOf } = question;
    const groups = new Map<string, ServiceGroup>([[ALL, new ServiceGroup()]]);
    const each = (parts: ReadonlyArray<string>, change: (group: ServiceGroup) => void): void => {
      for (const name of groupsOf(parts)) {
        const known = groups.get(name) ?? new ServiceGroup();
        groups.set(name, known);
        change(known);
      }
    };
    for (const { serviceClass, channel, tier, judgement, marked, many } of await requestsIn(question))
      each([serviceClass, channel, tier], (group) => group.add(channel, judgement, marked, many));
    for (const [key, many] of await readModels.tallySums(prefixOf(REPORT, 'silence'), days))
      each(partsOf(key).slice(1), (group) => (group.silences += many));
    for (const [key, many] of await readModels.tallySums(prefixOf(REPORT, 'silent'), { to: asOf - 1 }))
      each(partsOf(key).slice(1), (group) => (group.silentNow += many));
    const months = { from: monthOfDay(days.from), to: monthOfDay(days.to) };
    const told = new Map<string, ReturnType<typeof shown>>();
    for (const [name, group] of groups)
      if (isAsked(question, fieldOf(name))) told.set(name, shown(group, await clockOf(readModels, months, name)));
    const by = (dimension: string): ReadonlyArray<Json> =>
      [...told]
        .filter(([name]) => name.startsWith(`${dimension}:`))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, group]) => ({ [dimension]: name.slice(dimension.length + 1), ...group }));
    return {
      customerClockMonths: { from: monthName(months.from), to: monthName(months.to) },
      all: told.get(ALL) ?? null,
      byClass: by('class'),
      byChannel: by('channel'),
      byTier: by('tier'),
    };
  },
};
