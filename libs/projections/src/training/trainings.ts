import { DAY_MS } from '@afecto/domain';
import { dayOf, type FiguresQuestion } from '../figures/definition';

/** A training that was completed on a day by its number. */
export interface Training {
  readonly agentId: string;
  readonly topic: string;
  readonly day: number;
}

/** Trainings completed by the end of the window, and by today, as the configuration in force has them; the oldest first. */
export const trainingsBy = ({
  policy,
  days,
  asOf,
}: Pick<FiguresQuestion, 'policy' | 'days' | 'asOf'>): ReadonlyArray<Training> => {
  const last = Math.min(days.to, dayOf(asOf, policy));
  return (policy.configuration.agentTraining ?? [])
    .map(({ agentId, topic, completedOn }) => ({ agentId, topic, day: Date.parse(completedOn) / DAY_MS }))
    .filter(({ day }) => day <= last)
    .sort((one, other) => one.day - other.day);
};
