import { type AgentMeasure, progressOf, queueSuccesses } from '@afecto/domain';
import { type Figures, type FiguresQuestion, type JsonObject, upToToday } from '../figures/definition';
import { share } from '../figures/measures';
import { sumsUnder } from '../recording/sums';
import { Sums } from './sums';

const isSuccess: ReadonlySet<string> = new Set(Object.values(queueSuccesses).flat());

/** What one agent has come to in the window. */
interface Work {
  contacts: number;
  completed: number;
  succeeded: number;
}

/** Agents with a contact or a finished item in the window, and what each has come to. */
export const workByAgent = async (question: FiguresQuestion): Promise<ReadonlyMap<string, Work>> => {
  const byAgent = new Map<string, Work>();
  const workOf = (agentId: string): Work => {
    const known = byAgent.get(agentId) ?? { contacts: 0, completed: 0, succeeded: 0 };
    byAgent.set(agentId, known);
    return known;
  };
  for (const [[agentId = ''], many] of await sumsUnder(question, 'contact')) workOf(agentId).contacts += many;
  for (const [[agentId = '', outcome = ''], many] of (await Sums.of(question, ['completed'])).all('completed')) {
    const work = workOf(agentId);
    work.completed += many;
    if (isSuccess.has(outcome)) work.succeeded += many;
  }
  return byAgent;
};

const noWork: Work = { contacts: 0, completed: 0, succeeded: 0 };

/**
 * Goals of agents against what they came to (PR18, `domain.md §12.2`, leaders of change): means of a day of
 * the window that has come, successes as a share of finished items. A goal without an agent is everybody's, except of who
 * has one of that measure of its own. Attained is who meets all goals that there is a value for.
 */
export const goalFigures: Figures = {
  code: 'PR18',
  name: 'agent-goals',
  title: 'Goals of agents beside what they came to: contacts and finished items a day, share of successes',
  read: async (question) => {
    const { from, to } = upToToday(question).days;
    const { agentGoals = [] } = question.policy.configuration;
    const byAgent = await workByAgent(question);
    const named = agentGoals.flatMap(({ agentId }) => (agentId === undefined ? [] : [agentId]));
    const agentIds = [...new Set([...byAgent.keys(), ...named])].sort();
    const agents = agentIds.map((agentId) => {
      const { contacts, completed, succeeded } = byAgent.get(agentId) ?? noWork;
      const days = to - from + 1;
      const measures: Readonly<Record<AgentMeasure, number | null>> = {
        contactsPerDay: share(contacts, days),
        completedPerDay: share(completed, days),
        successRate: share(succeeded, completed),
      };
      const own = agentGoals.filter((goal) => goal.agentId === agentId);
      const shared = agentGoals.filter(
        (goal) => goal.agentId === undefined && own.every(({ measure }) => measure !== goal.measure),
      );
      const goals: JsonObject[] = [];
      let [met, missed] = [0, 0];
      for (const { agentId: whose, measure, ...bounds } of [...own, ...shared]) {
        const progress = progressOf(bounds, measures[measure]);
        if (progress.isMet === true) met += 1;
        if (progress.isMet === false) missed += 1;
        goals.push({ measure, isOwn: whose !== undefined, ...progress });
      }
      return { agentId, ...measures, goals, met, missed, isAttained: met + missed === 0 ? null : missed === 0 };
    });
    return {
      agents,
      withGoals: agents.filter(({ isAttained }) => isAttained !== null).length,
      attained: agents.filter(({ isAttained }) => isAttained === true).length,
    };
  },
};
