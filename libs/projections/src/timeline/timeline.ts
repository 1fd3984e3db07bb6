import { type Fact, toIso } from '@afecto/domain';
import type { PlacedFact } from '../engine/ledger-entry';

/** PR01: one touchpoint as the timeline shows it (`domain.md §4.2`). */
export interface TimelineEntry {
  readonly eventId: string;
  readonly position: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly source: string;
  readonly id: string;
  readonly streamId: string;
  readonly subjects: ReadonlyArray<string>;
  readonly actor: { readonly kind: string; readonly id: string };
  readonly channel: string | null;
  readonly direction: string | null;
  readonly purpose: string | null;
  readonly agentId: string | null;
  readonly links: { readonly orderId?: string; readonly requestId?: string; readonly complaintId?: string };
  readonly data: unknown;
}

const textIn = (data: object, key: string): string | null => {
  const value: unknown = Object.getOwnPropertyDescriptor(data, key)?.value;
  return typeof value === 'string' ? value : null;
};

/** The channel of the envelope, else that of the payload. */
export const channelOf = (fact: Fact): string | null => fact.channel ?? textIn(fact.data, 'channel');

const LINKS = ['orderId', 'requestId', 'complaintId'] as const;

export const timelineEntryOf = ({ fact, position }: PlacedFact): TimelineEntry => {
  const { data } = fact;
  const own = Object.fromEntries(
    LINKS.flatMap((key) => (textIn(data, key) === null ? [] : [[key, textIn(data, key)]])),
  );
  return {
    eventId: fact.eventId,
    position: position.toString(),
    type: fact.type,
    occurredAt: toIso(fact.occurredAt),
    recordedAt: toIso(fact.recordedAt),
    source: fact.source,
    id: fact.id,
    streamId: fact.streamId,
    subjects: fact.subjects,
    actor: fact.actor,
    channel: channelOf(fact),
    direction: textIn(data, 'direction'),
    purpose: textIn(data, 'purpose'),
    agentId: textIn(data, 'agentId'),
    links: { ...own, ...(fact.type === 'InteractionRecorded' ? fact.data.links : {}) },
    data,
  };
};
