import type { PartyView } from '../figures/definition';
import { isoOrNull } from '../iso';
import { finishedWork } from './finished-work';
import { mattersOf, originsOf } from './origins';

/** PR18 of one customer: what stands behind every request and complaint, and behind the work that was ended. */
export const recordingView: PartyView = {
  code: 'PR18',
  name: 'recording',
  title: 'What stands behind each request and complaint, and whether ended work has its contact',
  read: async ({ evidence, standing }) => ({
    matters: [...originsOf(evidence, mattersOf(evidence))]
      .sort(([one], [other]) => other.at - one.at || (one.id < other.id ? -1 : 1))
      .map(([{ matter, id, eventId, at, channel, recorded }, origin]) => ({
        matter,
        id,
        eventId,
        at: isoOrNull(at),
        channel,
        recordedBy: { kind: recorded.by, id: recorded.id },
        causationId: recorded.causationId,
        origin,
      })),
    work: finishedWork(evidence, standing)
      .toSorted((one, other) => other.at - one.at || (one.itemId < other.itemId ? -1 : 1))
      .map(({ itemId, agentId, at, channel, isRecorded }) => ({
        itemId,
        agentId,
        at: isoOrNull(at),
        channel,
        recorded: isRecorded,
      })),
  }),
};
