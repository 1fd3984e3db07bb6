import { STAFF_CONDUCT } from '@afecto/domain';
import type { FiguresQuestion } from '../figures/definition';
import type { Distribution } from '../tally/distribution';
import { keyOf, partsOf, prefixOf } from '../tally/contribute';
import { NO_AGENT, REPORT } from './contribution';
import { type LapseKind, lapseKinds } from './lapses';

/** How many lapses there were, by their kind. */
export type LapseCounts = Readonly<Record<LapseKind, number>>;

export const noLapses: LapseCounts = { complaint: 0, failure: 0, answer: 0 };

export const allOf = ({ complaint, failure, answer }: LapseCounts): number => complaint + failure + answer;

/** What one agent (null: what leads to none) has to do with one topic. */
export interface LapseSum {
  readonly agentId: string | null;
  readonly topic: string;
  readonly counts: LapseCounts;
}

const isKind = (part: string | undefined): part is LapseKind => lapseKinds.some((kind) => kind === part);

const sumsUnder = async (
  { readModels, days }: Pick<FiguresQuestion, 'readModels' | 'days'>,
  prefixes: ReadonlyArray<string>,
): Promise<ReadonlyArray<LapseSum>> => {
  const byTopic = new Map<string, Map<string, LapseCounts>>();
  for (const prefix of prefixes)
    for (const [key, many] of await readModels.tallySums(prefix, days)) {
      const [kind, topic = '', agentId = NO_AGENT] = partsOf(key);
      if (!isKind(kind)) continue;
      let byAgent = byTopic.get(topic);
      if (byAgent === undefined) byTopic.set(topic, (byAgent = new Map()));
      byAgent.set(agentId, { ...(byAgent.get(agentId) ?? noLapses), [kind]: many });
    }
  return [...byTopic].flatMap(([topic, byAgent]) =>
    [...byAgent].map(([agentId, counts]) => ({ agentId: agentId === NO_AGENT ? null : agentId, topic, counts })),
  );
};

/** Lapses of the window, by agent and topic. */
export const lapseSums = (question: Pick<FiguresQuestion, 'readModels' | 'days'>): Promise<ReadonlyArray<LapseSum>> =>
  sumsUnder(question, [prefixOf(REPORT)]);

/** Those of conduct alone, by agent: complaints and failures. */
export const conductSums = (question: Pick<FiguresQuestion, 'readModels' | 'days'>): Promise<ReadonlyArray<LapseSum>> =>
  sumsUnder(question, [prefixOf(REPORT, 'complaint', STAFF_CONDUCT), prefixOf(REPORT, 'failure', STAFF_CONDUCT)]);

/** By kind, the days of the window on which these lapses were, and how many on each; ascending. */
export const daysOfLapses = async (
  { readModels, days }: Pick<FiguresQuestion, 'readModels' | 'days'>,
  { agentId, topic, counts }: LapseSum,
): Promise<ReadonlyMap<LapseKind, Distribution>> => {
  const found = new Map<LapseKind, Distribution>();
  for (const kind of lapseKinds)
    if (counts[kind] > 0)
      found.set(kind, await readModels.tallyBuckets(keyOf(REPORT, kind, topic, agentId ?? NO_AGENT), days));
  return found;
};
