import type { AppendError, AppendRequest, EventStore } from '@afecto/event-store';
import type { KeyStore } from './key-store';
import { isSameEvent } from './sealing';

export type EventIdConflict = Extract<AppendError, { code: 'EventIdConflict' }>;

/**
 * What the log has of an append already, by the ids of its events: nothing of it (`new`), the very same
 * (`known`), or what it is refused for. An append is all or nothing: one that is there in part is refused too.
 */
export const repeatedIn = async (
  { streamId, events }: AppendRequest,
  store: Pick<EventStore, 'findById'>,
  keys: KeyStore,
): Promise<'new' | 'known' | EventIdConflict> => {
  let firstKnown: EventIdConflict | null = null;
  let known = 0;
  for (const event of events) {
    const stored = await store.findById(event.id);
    if (stored === null) continue;
    const conflict = { code: 'EventIdConflict', streamId, eventId: event.id, position: stored.position } as const;
    if (stored.streamId !== streamId || !isSameEvent(stored, event, keys)) return conflict;
    firstKnown ??= conflict;
    known += 1;
  }
  if (firstKnown === null) return 'new';
  return known === events.length ? 'known' : firstKnown;
};
