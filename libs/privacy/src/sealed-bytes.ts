import type { EncodedAppend, EncodedEvent, EncodedLog, NewEvent } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { erasureIn, isErasure } from './erasure-event';
import type { KeyStore } from './key-store';
import { hasPersonalFields } from './personal-fields';
import { lackingKeys, sealedEvent } from './sealing';
import type { SealingGate } from './sealing-gate';

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
export const sealedBytes = (encoded: EncodedLog, keys: KeyStore, gate: SealingGate): EncodedLog => {
  const sealedIn = ({ streamId, events }: EncodedAppend, isRefused: () => boolean): ReadonlyArray<EncodedEvent> => {
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
    if (erasure !== null && !isRefused()) keys.erase(erasure.partyIds, erasure);
    return events.map((event, index) => {
      const kept = sealedEvents[index] ?? null;
      return kept === null || kept === known[index]
        ? event
        : { ...event, data: Buffer.from(JSON.stringify(kept.data)) };
    });
  };
  const append: EncodedLog['append'] = (decide, weight) =>
    encoded.append((state) => {
      const decided = decide(state);
      if (E.isLeft(decided)) return decided;
      const { appends, answer } = decided.right;
      // The log refuses it all for one id that is taken, and keys do not come back.
      const isRefused = (): boolean =>
        appends.some(({ events }) => events.some(({ id }) => state.findById(id) !== null));
      return E.right({
        answer,
        appends: appends.map((each) => ({ streamId: each.streamId, events: sealedIn(each, isRefused) })),
      });
    }, weight);
  return {
    ...encoded,
    append: async (decide, weight) => {
      // What is written is known when it is decided, and then it is too late to wait: so everybody does.
      for (let wait = gate.waitOf(null); wait !== null; wait = gate.waitOf(null)) await wait;
      return gate.pass(append(decide, weight));
    },
  };
};
