import type { FiguresQuestion } from '../figures/definition';
import { share } from '../figures/measures';
import { workByAgent } from '../scorecard/goals';
import { trainingsBy } from './trainings';

/**
 * Training as a measure of culture (`domain.md §9.1`): of the agents with a contact or a finished item in the
 * window, how many had completed a training by its end, and trainings completed in it.
 */
export const cultureOf = async (question: FiguresQuestion) => {
  const trainings = trainingsBy(question);
  const trained = new Set(trainings.map(({ agentId }) => agentId));
  const active = [...(await workByAgent(question)).keys()];
  const activeTrained = active.filter((agentId) => trained.has(agentId)).length;
  return {
    activeAgents: active.length,
    trained: activeTrained,
    trainedShare: share(activeTrained, active.length),
    completed: trainings.filter(({ day }) => day >= question.days.from).length,
  };
};
