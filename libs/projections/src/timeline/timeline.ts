import type { PlacedFact } from '../engine/ledger-entry';
import { type EventRef, eventRefOf, purposeOf, textIn } from './event-ref';

/** PR01: one touchpoint as the timeline shows it (`domain.md §4.2`). */
export interface TimelineEntry extends EventRef {
  readonly streamId: string;
  readonly direction: string | null;
  readonly purpose: string | null;
  readonly agentId: string | null;
  readonly links: { readonly orderId?: string; readonly requestId?: string; readonly complaintId?: string };
  readonly data: unknown;
}

const LINKS = ['orderId', 'requestId', 'complaintId'] as const;

export const timelineEntryOf = (placed: PlacedFact): TimelineEntry => {
  const { fact } = placed;
  const { data } = fact;
  const own = Object.fromEntries(
    LINKS.flatMap((key) => (textIn(data, key) === null ? [] : [[key, textIn(data, key)]])),
  );
  return {
    ...eventRefOf(placed),
    streamId: fact.streamId,
    direction: textIn(data, 'direction'),
    purpose: purposeOf(fact),
    agentId: textIn(data, 'agentId'),
    links: { ...own, ...(fact.type === 'InteractionRecorded' ? fact.data.links : {}) },
    data,
  };
};
