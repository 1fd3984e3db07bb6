import { dayOf } from '../figures/definition';
import { type Contribute, keyOf } from '../tally/contribute';
import { monthOfDay } from '../tally/months';
import { finishedWork } from './finished-work';
import { mattersOf, originsOf } from './origins';

export const REPORT = 'recording';

/** Customers have ids of their own; they count together. */
const recorderOf = ({ by, id }: { readonly by: string; readonly id: string }): string => (by === 'customer' ? '' : id);

/**
 * Who recorded what: contacts by their agent, requests, complaints and promises by who put them into the
 * log, finished work by whether a contact stands beside it. On the day on which it happened; orphans at
 * their exact instant, by which they are listed. Agents are many, so months are counted beside them.
 */
export const contributeRecording: Contribute = ({ evidence, standing, policy }, count) => {
  for (const { agentId, recordedBy, at } of evidence.interactions)
    if (agentId !== null)
      count(keyOf(REPORT, 'contact', agentId, recordedBy === 'agent' ? 'agent' : 'system'), dayOf(at, policy));
  const matters = mattersOf(evidence);
  if (matters.length > 0)
    for (const [{ matter, recorded, channel, at }, origin] of originsOf(evidence, matters)) {
      const what = [recorded.by, recorderOf(recorded), channel] as const;
      const day = dayOf(at, policy);
      if (origin === 'none') count(keyOf(REPORT, 'orphan', matter, ...what), Math.floor(at));
      else count(keyOf(REPORT, matter, ...what, origin), day);
      count(keyOf(REPORT, 'month', matter, recorded.by), monthOfDay(day));
    }
  for (const { recorded, madeAt, channel } of evidence.promises.values()) {
    if (recorded === null || madeAt === null) continue;
    const day = dayOf(madeAt, policy);
    count(keyOf(REPORT, 'promise', recorded.by, recorderOf(recorded), channel ?? ''), day);
    count(keyOf(REPORT, 'month', 'promise', recorded.by), monthOfDay(day));
  }
  if (evidence.workItems.size > 0)
    for (const { agentId, channel, isRecorded, at } of finishedWork(evidence, standing))
      count(keyOf(REPORT, 'work', agentId, channel, isRecorded ? 'contact' : 'none'), dayOf(at, policy));
};
