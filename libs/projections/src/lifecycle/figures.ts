import { dayOf, type Figures } from '../figures/definition';
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

/** The funnel (PR05): how many customers are in each phase, and how many went from which to which. */
export const lifecycleFigures: Figures = {
  code: 'PR05',
  name: 'lifecycle',
  title: 'Customers by phase, and how many moved from phase to phase in the window',
  read: async ({ readModels, days }) => {
    const phases = await readModels.countCustomers(['phase']);
    const moves = (await readModels.tallySums(prefixOf(REPORT), days)).map(([key, count]) => {
      const [from = '', to = ''] = partsOf(key);
      return { from: from === 'none' ? null : from, to, count };
    });
    const leaving = Map.groupBy(moves, ({ from }) => from);
    return {
      phases: phases.map(({ group, count }) => ({ phase: group['phase'] ?? null, count })),
      moves: moves.map((move) => {
        const all = (leaving.get(move.from) ?? []).reduce((sum, { count }) => sum + count, 0);
        return { ...move, shareOfLeaving: move.count / all };
      }),
    };
  },
};
