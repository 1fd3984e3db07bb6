import type { ContactRefusal } from '@afecto/domain';
import type { PlacedFact } from '../engine/ledger-entry';
import { type EventRef, eventRefOf, purposeOf, textIn } from './event-ref';

/** PR01: one touchpoint as the timeline shows it (`domain.md §4.2`). */
export interface TimelineEntry extends EventRef {
  readonly streamId: string;
  readonly direction: string | null;
  readonly purpose: string | null;
  readonly agentId: string | null;
  readonly links: { readonly orderId?: string; readonly requestId?: string; readonly complaintId?: string };
  /** Why a contact of ours that a fact told of was not permitted (`domain.md §15`, RecordInteraction); null else. */
  readonly policyViolation: ContactRefusal | null;
  readonly data: unknown;
}

const LINKS = ['orderId', 'requestId', 'complaintId'] as const;

/** `violations`: contacts that were not permitted, by their event ids. */
export const timelineEntryOf = (placed: PlacedFact, violations: ReadonlyMap<string, ContactRefusal>): TimelineEntry => {
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
    policyViolation: violations.get(fact.eventId) ?? null,
    data,
  };
};
