import { setImmediate as nextTurn } from 'node:timers/promises';
import { isHidden } from '@afecto/domain';
import type { EmbeddedEventStore, EncodedRecord, EventStore } from '@afecto/event-store';
import { hasPersonalFields, isSealedStore, personalFieldsOf } from '@afecto/privacy';

/** A log as it is kept: what is sealed stays so. */
export const keptIn = (store: EventStore | EmbeddedEventStore): EventStore | EmbeddedEventStore =>
  isSealedStore(store) ? store.kept : store;

const EVENTS_A_PAGE = 1_000;

/**
 * Every event up to a position with the bytes that were written, in order: of an embedded log all of them,
 * of one on a server those that are not its own bookkeeping, which it does not show.
 */
export async function* keptRecords(
  kept: EventStore | EmbeddedEventStore,
  to: bigint,
): AsyncGenerator<ReadonlyArray<EncodedRecord>, void, void> {
  if (!('encoded' in kept)) {
    yield* kept.readRecords({ to });
    return;
  }
  for (let after = 0n; after < to;) {
    const { events, looked } = kept.encoded.page({ direction: 'forwards', after, limit: EVENTS_A_PAGE });
    const wanted = events.filter(({ position }) => position <= to);
    if (wanted.length > 0) yield wanted;
    after = looked;
    await nextTurn();
  }
}

/** What a part of a log is a part of; null: this is a whole one. */
export const partOf = (kept: EventStore | EmbeddedEventStore): string | null =>
  'encoded' in kept ? kept.encoded.part : null;

const valueIn = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString('utf8'));

/** Path of a personal field that lies in the log in clear; null: none does. */
export const inClear = ({ type, isJson, data, metadata }: EncodedRecord): string | null => {
  if (!isJson || !hasPersonalFields(type)) return null;
  try {
    const fields = personalFieldsOf({ type, data: valueIn(data), metadata: valueIn(metadata) });
    return fields.find(({ value }) => !isHidden(value))?.path ?? null;
  } catch {
    // No JSON: no fact, and nothing of it is known to be personal.
    return null;
  }
};
