import type { Policy } from '@afecto/domain';
import { dayOf, type Figures, isAsked, type JsonObject } from '../figures/definition';
import { groupsOf } from '../loyalty/groups';
import { type Contribute, keyOf, partsOf, prefixOf } from '../tally/contribute';

const REPORT = 'lifecycle';

/** Every change of phase, by the day on which it happened (`domain.md §4.1`). */
export const contributeLifecycle: Contribute = ({ standing: { lifecycle }, policy }, count) => {
  let before = 'none';
  for (const { phase, from } of lifecycle.history) {
    count(keyOf(REPORT, before, phase), dayOf(from, policy));
    before = phase;
  }
};

/** Phases for which the configuration in force names no strategy or nobody who answers for it (`domain.md §4.1`). */
const withoutStrategy = ({ configuration }: Policy): ReadonlyArray<string> =>
  Object.entries(configuration.lifecycle.strategies).flatMap(([phase, { strategy, owner }]) =>
    strategy.trim() === '' || owner.trim() === '' ? [phase] : [],
  );

/** What is done for customers in each phase, and who answers for it (`domain.md §12.1`, vision). */
const strategiesOf = ({ configuration }: Policy): ReadonlyArray<JsonObject> =>
  Object.entries(configuration.lifecycle.strategies).map(([phase, { strategy, owner }]) => ({
    phase,
    strategy,
    owner,
  }));

/** The funnel (PR05): how many customers are in each phase, and how many went from which to which. */
export const lifecycleFigures: Figures = {
  code: 'PR05',
  name: 'lifecycle',
  title: 'Customers by phase, how many moved from phase to phase in the window, and phases without a strategy',
  read: async (question) => {
    const { readModels, days, policy } = question;
    const phases = await groupsOf(readModels, 'phase');
    const told = {
      valueStatement: policy.configuration.valueStatement ?? null,
      strategies: strategiesOf(policy),
      withoutStrategy: withoutStrategy(policy),
      phases: phases.map(({ group, customers }) => ({ phase: group, count: customers })),
    };
    if (!isAsked(question, 'moves')) return told;
    const moves = (await readModels.tallySums(prefixOf(REPORT), days)).map(([key, count]) => {
      const [from = '', to = ''] = partsOf(key);
      return { from: from === 'none' ? null : from, to, count };
    });
    const leaving = Map.groupBy(moves, ({ from }) => from);
    return {
      ...told,
      moves: moves.map((move) => {
        const all = (leaving.get(move.from) ?? []).reduce((sum, { count }) => sum + count, 0);
        return { ...move, shareOfLeaving: move.count / all };
      }),
    };
  },
};
