import { dayOf } from '../figures/definition';
import { type Contribute, keyOf } from '../tally/contribute';
import { lapsesOf } from './lapses';

export const REPORT = 'training';
/** In keys, of what leads to no agent. */
export const NO_AGENT = '';

/** One count for each lapse, on its day. What agents were trained in is configuration, and read when it is asked for. */
export const contributeTraining: Contribute = ({ evidence, policy }, count) => {
  for (const { kind, topic, agentId, at } of lapsesOf(evidence))
    count(keyOf(REPORT, kind, topic, agentId ?? NO_AGENT), dayOf(at, policy));
};
