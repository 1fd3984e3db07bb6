import type { EncodedEvent, EncodedLog, NewEvent } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { erasureIn, isErasure } from './erasure-event';
import type { KeyStore } from './key-store';
import { hasPersonalFields } from './personal-fields';
import { lackingKeys, sealedEvent } from './sealing';

const parsed = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString('utf8'));

/** The event as the port would have it; null when it says nothing that concerns keys, or is no JSON. */
const eventIn = ({ id, type, isJson, data, metadata }: EncodedEvent): NewEvent | null => {
  if (!isJson || !(hasPersonalFields(type) || isErasure(type))) return null;
  try {
    return { id, type, data: parsed(data), metadata: parsed(metadata) } as NewEvent;
  } catch {
    return null;
  }
};

/**
 * The door for bytes with personal fields sealed as they are written; it serves them as the log keeps
 * them. Keys are made inside the writer's transaction, before it commits: the decision alone says what
 * goes in.
 */
export const sealedBytes = (encoded: EncodedLog, keys: KeyStore): EncodedLog => {
  const sealedIn = (streamId: string, events: ReadonlyArray<EncodedEvent>): ReadonlyArray<EncodedEvent> => {
    const known = events.map(eventIn);
    const personal = known.filter((event) => event !== null);
    if (personal.length === 0) return events;
    keys.refresh();
    const lacking = lackingKeys(personal, keys);
    if (lacking.size > 0) keys.make(lacking);
    const sealedEvents = known.map((event) => (event === null ? null : sealedEvent(event, keys)));
    const erasure = erasureIn(
      streamId,
      sealedEvents.filter((event) => event !== null),
    );
    if (erasure !== null) keys.erase(erasure.partyIds, erasure);
    return events.map((event, index) => {
      const kept = sealedEvents[index] ?? null;
      return kept === null || kept === known[index]
        ? event
        : { ...event, data: Buffer.from(JSON.stringify(kept.data)) };
    });
  };
  return {
    ...encoded,
    append: (decide, weight) =>
      encoded.append((state) => {
        const decided = decide(state);
        if (E.isLeft(decided)) return decided;
        const { appends, answer } = decided.right;
        return E.right({
          answer,
          appends: appends.map(({ streamId, events }) => ({ streamId, events: sealedIn(streamId, events) })),
        });
      }, weight),
  };
};
