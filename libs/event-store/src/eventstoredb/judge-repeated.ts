import * as E from 'fp-ts/Either';
import type { StoredEvent } from '../port';
import type { PreparedAppend, PreparedEvent } from '../sqlite/prepare-append';
import { sameJson } from '../sqlite/same-json';
import type { AppendOutcome } from './appending';

/** An event of this stream that has the id. */
export type KnownPlace = StoredEvent;

const isSame = ({ type, data, metadata }: PreparedEvent, stored: StoredEvent): boolean =>
  type === stored.type &&
  sameJson(data, JSON.stringify(stored.data)) &&
  sameJson(metadata, JSON.stringify(stored.metadata));

/**
 * The answer to an append of which at least one id is in the stream: the original places when all are
 * there with equal content; a conflict otherwise. `null`: none is there. An append is all or nothing,
 * so a part that is known conflicts at its first known id.
 */
export const judgeRepeated = (
  { streamId, events }: PreparedAppend,
  places: ReadonlyArray<KnownPlace | null>,
): AppendOutcome | null => {
  const conflict = (stored: StoredEvent): AppendOutcome =>
    E.left({ code: 'EventIdConflict', streamId, eventId: stored.id, position: stored.position });
  const known = places.filter((place) => place !== null);
  const [first] = known;
  if (first === undefined) return null;
  for (const [index, event] of events.entries()) {
    const stored = places[index];
    if (stored && !isSame(event, stored)) return conflict(stored);
  }
  if (known.length < events.length) return conflict(first);
  return E.right({
    streamId,
    events: known.map(({ id, revision, position }) => ({ id, revision, position })),
    duplicate: true,
  });
};
