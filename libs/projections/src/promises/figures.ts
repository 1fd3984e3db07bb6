import { calendarOf, type Json } from '@afecto/domain';
import { dayOf, type Figures, type FiguresQuestion, partsAsked } from '../figures/definition';
import { share } from '../figures/measures';
import { type Contribute, partsOf, prefixOf, keyOf } from '../tally/contribute';
import { promisesOf } from './judged-promise';

const REPORT = 'promises';
const NONE = 'none';

const dimensions = ['agent', 'channel', 'tier'] as const;
type Dimension = (typeof dimensions)[number];

/**
 * A promise that is settled counts on the day on which it fell due. One that is not by the instant it
 * falls due: whether it is overdue is a matter of time alone.
 */
export const contributePromises: Contribute = ({ evidence, standing, policy, asOf }, count) => {
  if (evidence.promises.size === 0 && evidence.requests.size === 0) return;
  const tier = standing.value.tier ?? NONE;
  for (const { agent, channel, dueAt, outcome } of promisesOf(evidence, policy.configuration, asOf)) {
    const isSettled = outcome !== 'open' && outcome !== 'overdue';
    const of: Readonly<Record<Dimension, string>> = { agent, channel: channel ?? NONE, tier };
    for (const dimension of dimensions)
      if (isSettled) count(keyOf(REPORT, dimension, of[dimension], outcome), dayOf(dueAt, policy));
      else count(keyOf(REPORT, 'awaited', dimension, of[dimension]), Math.ceil(dueAt));
  }
};

interface Outcomes {
  kept: number;
  broken: number;
  released: number;
  overdue: number;
  open: number;
}
type Groups = Map<string, Outcomes>;

const groupIn = (groups: Groups, value: string): Outcomes => {
  const known = groups.get(value) ?? { kept: 0, broken: 0, released: 0, overdue: 0, open: 0 };
  groups.set(value, known);
  return known;
};

const outcomesBy = async (dimension: Dimension, question: FiguresQuestion): Promise<Groups> => {
  const { readModels, days, policy, asOf } = question;
  const groups: Groups = new Map();
  for (const [key, many] of await readModels.tallySums(prefixOf(REPORT, dimension), days)) {
    const [, value = '', outcome] = partsOf(key);
    if (outcome === 'kept' || outcome === 'broken' || outcome === 'released') groupIn(groups, value)[outcome] += many;
  }
  const calendar = calendarOf(policy.configuration.tenant.timeZone);
  const overdue = { from: calendar.at(days.from, 0), to: Math.min(asOf, calendar.at(days.to + 1, 0) - 1) };
  const awaited = prefixOf(REPORT, 'awaited', dimension);
  for (const [key, many] of await readModels.tallySums(awaited, overdue))
    groupIn(groups, partsOf(key)[2] ?? '').overdue += many;
  for (const [key, many] of await readModels.tallySums(awaited, { from: asOf + 1 }))
    groupIn(groups, partsOf(key)[2] ?? '').open += many;
  return groups;
};

/** Unsettled past due counts as broken (`domain.md §10.9`); released ones count for neither side. */
const shown = ({ kept, broken, overdue, open, released }: Outcomes): { readonly [key: string]: Json } => {
  const judged = kept + broken + overdue;
  return {
    kept,
    broken: broken + overdue,
    overdue,
    released,
    open,
    keptRate: share(kept, judged),
  };
};

const listed = (dimension: Dimension, groups: Groups): ReadonlyArray<Json> =>
  [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([value, outcomes]) => ({ [dimension]: value, ...shown(outcomes) }));

/** PR19 (`domain.md §10.9`): what fell due in the window and how much of it was kept; open: all that falls due later. */
export const promiseFigures: Figures = {
  code: 'PR19',
  name: REPORT,
  title: 'Promises that fell due in the window, and those that are open: kept rate by agent, channel and tier',
  read: async (question) => {
    const tiers = await outcomesBy('tier', question);
    const all: Groups = new Map();
    const sum = groupIn(all, 'all');
    for (const outcomes of tiers.values()) {
      sum.kept += outcomes.kept;
      sum.broken += outcomes.broken;
      sum.released += outcomes.released;
      sum.overdue += outcomes.overdue;
      sum.open += outcomes.open;
    }
    return partsAsked(question, {
      all: () => shown(sum),
      byAgent: async () => listed('agent', await outcomesBy('agent', question)),
      byChannel: async () => listed('channel', await outcomesBy('channel', question)),
      byTier: () => listed('tier', tiers),
    });
  },
};
