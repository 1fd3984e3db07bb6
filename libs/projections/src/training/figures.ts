import { STAFF_CONDUCT } from '@afecto/domain';
import { type Figures, type FiguresQuestion, isAsked, type JsonObject, partsAsked } from '../figures/definition';
import { workByAgent } from '../scorecard/goals';
import { dateOf } from '../tally/months';
import { allOf, conductSums, daysOfLapses, type LapseCounts, type LapseSum, lapseSums, noLapses } from './lapse-sums';
import { type Training, trainingsBy } from './trainings';

/** Topics shown for each agent at most: the worst ones. */
const WORST = 5;

const dateOrNull = (day: number | undefined): string | null => (day === undefined ? null : dateOf(day));

const shown = ({ complaint, failure, answer }: LapseCounts): JsonObject => ({
  complaints: complaint,
  failures: failure,
  wrongAnswers: answer,
});

const plus = (one: LapseCounts, other: LapseCounts): LapseCounts => ({
  complaint: one.complaint + other.complaint,
  failure: one.failure + other.failure,
  answer: one.answer + other.answer,
});

const byName = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Who is to be trained in conduct (`domain.md §18`, 105): whoever was not after the newest complaint. */
const conductOf = async (question: FiguresQuestion, trainings: ReadonlyArray<Training>): Promise<JsonObject> => {
  const inConduct = Map.groupBy(
    trainings.filter(({ topic }) => topic === STAFF_CONDUCT),
    ({ agentId }) => agentId,
  );
  let [all, withoutAgent] = [0, 0];
  const agents = [];
  for (const sum of await conductSums(question)) {
    const { agentId, counts } = sum;
    const many = allOf(counts);
    all += many;
    if (agentId === null) {
      withoutAgent += many;
      continue;
    }
    const found = await daysOfLapses(question, sum);
    const days = [...(found.get('complaint') ?? []), ...(found.get('failure') ?? [])].map(([day]) => day);
    const newest = Math.max(...days);
    const own = inConduct.get(agentId) ?? [];
    const since = own.filter(({ day }) => day > newest);
    agents.push({
      agentId,
      complaints: counts.complaint,
      failures: counts.failure,
      since: dateOf(Math.min(...days)),
      newest: dateOf(newest),
      lastTrainedOn: dateOrNull(own.at(-1)?.day),
      trainedSince: since.map(({ day }) => dateOf(day)),
      toTrain: since.length === 0,
    });
  }
  agents.sort(
    (one, other) =>
      Number(other.toTrain) - Number(one.toTrain) ||
      other.complaints + other.failures - one.complaints - one.failures ||
      byName(one.agentId, other.agentId),
  );
  return { all, withoutAgent, toTrain: agents.filter(({ toTrain }) => toTrain).length, agents };
};

/** Lapses of the window that came after a day. */
const after = async (question: FiguresQuestion, sum: LapseSum, day: number | undefined): Promise<LapseCounts> => {
  const { from } = question.days;
  if (day === undefined || day < from) return sum.counts;
  const counts = { ...noLapses };
  for (const [kind, found] of await daysOfLapses(question, sum))
    for (const [at, many] of found) if (at > day) counts[kind] += many;
  return counts;
};

/** What an agent was trained in, and the topics that it has most to do with since its last training in each. */
const agentsOf = async (
  question: FiguresQuestion,
  sums: ReadonlyArray<LapseSum>,
  trainings: ReadonlyArray<Training>,
): Promise<ReadonlyArray<JsonObject>> => {
  const active = new Set((await workByAgent(question)).keys());
  const trained = Map.groupBy(trainings, ({ agentId }) => agentId);
  const lapses = Map.groupBy(sums, ({ agentId }) => agentId);
  const named = [...lapses.keys()].flatMap((agentId) => (agentId === null ? [] : [agentId]));
  const agents: JsonObject[] = [];
  for (const agentId of [...new Set([...active, ...trained.keys(), ...named])].sort()) {
    const own = trained.get(agentId) ?? [];
    // The oldest come first, so that the last of a topic stays.
    const lastOn = new Map(own.map(({ topic, day }) => [topic, day]));
    const worst = [];
    for (const sum of lapses.get(agentId) ?? []) {
      const counts = await after(question, sum, lastOn.get(sum.topic));
      if (allOf(counts) > 0) worst.push({ topic: sum.topic, counts });
    }
    worst.sort((one, other) => allOf(other.counts) - allOf(one.counts) || byName(one.topic, other.topic));
    agents.push({
      agentId,
      isActive: active.has(agentId),
      trainings: own.length,
      completed: own.filter(({ day }) => day >= question.days.from).length,
      trainedIn: [...lastOn]
        .sort(([one], [other]) => byName(one, other))
        .map(([topic, day]) => ({ topic, lastTrainedOn: dateOf(day) })),
      needs: worst.slice(0, WORST).map(({ topic, counts }) => ({
        topic,
        ...shown(counts),
        lastTrainedOn: dateOrNull(lastOn.get(topic)),
      })),
    });
  }
  return agents;
};

/** Each topic with who was trained in it, and what happened of it in the window, whoever it leads to. */
const topicsOf = (
  { days }: FiguresQuestion,
  sums: ReadonlyArray<LapseSum>,
  trainings: ReadonlyArray<Training>,
): ReadonlyArray<JsonObject> => {
  const lapses = Map.groupBy(sums, ({ topic }) => topic);
  const trained = Map.groupBy(trainings, ({ topic }) => topic);
  return [...new Set([...lapses.keys(), ...trained.keys()])].sort().map((topic) => {
    const [own, completed] = [lapses.get(topic) ?? [], trained.get(topic) ?? []];
    const of = (some: ReadonlyArray<LapseSum>): LapseCounts =>
      some.reduce((sum, { counts }) => plus(sum, counts), noLapses);
    return {
      topic,
      agentsTrained: new Set(completed.map(({ agentId }) => agentId)).size,
      completed: completed.filter(({ day }) => day >= days.from).length,
      ...shown(of(own)),
      withoutAgent: allOf(of(own.filter(({ agentId }) => agentId === null))),
    };
  });
};

/**
 * Personalised training (`domain.md §9.1`, §18 row 105): who is to be trained in conduct, what each agent was
 * trained in and needs most, and trainings by topic. Everything is as at the end of the window, trainings by
 * the configuration in force. A training on the day of a complaint does not count as one after it.
 */
export const trainingFigures: Figures = {
  code: 'PR18',
  name: 'agent-training',
  title: 'Who is to be trained in what: conduct of staff, topics of complaints and of wrong answers, by agent',
  read: async (question) => {
    const trainings = trainingsBy(question);
    const sums = isAsked(question, 'agents') || isAsked(question, 'topics') ? await lapseSums(question) : [];
    return partsAsked(question, {
      conduct: () => conductOf(question, trainings),
      agents: () => agentsOf(question, sums, trainings),
      topics: () => topicsOf(question, sums, trainings),
    });
  },
};
