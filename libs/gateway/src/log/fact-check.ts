import { decodeStored, documentFaults, eventIdOf, factTypes, isFactType, listedSubjectsFault } from '@afecto/domain';
import type { EncodedEvent } from '@afecto/event-store';
import { isFactStream } from './stream-names';
import type { WireError } from './wire-log';

const invalid = (index: number, path: string, problem: string): WireError => ({
  code: 'InvalidArgument',
  message: `Event ${index}, ${path}: ${problem}.`,
});

const parsed = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
};

/** What is wrong with an event that says by its type that it is a fact of ours. */
const wrongFact = (streamId: string, event: EncodedEvent, index: number, now: number): WireError | null => {
  if (!event.isJson)
    return invalid(index, '/contentType', 'is application/octet-stream; a fact must be application/json');
  const data = parsed(event.data);
  if (data === undefined) return invalid(index, '/data', 'is no JSON; a fact must be JSON');
  const metadata = parsed(event.metadata);
  if (metadata === undefined) return invalid(index, '/metadata', 'is no JSON; a fact must have its metadata there');
  const { id, type } = event;
  const decoded = decodeStored({ id, type, streamId, recordedAt: now, data, metadata });
  if (decoded._tag === 'Left') {
    const [first] = decoded.left;
    return invalid(index, first?.path ?? '/data', first?.message ?? 'does not decode');
  }
  const [fault] = documentFaults(decoded.right);
  if (fault !== undefined) return invalid(index, fault.path, fault.message);
  const unlisted = listedSubjectsFault(decoded.right.type, decoded.right.data, decoded.right.subjects);
  if (unlisted !== null) return invalid(index, `/metadata${unlisted.path}`, unlisted.message);
  const expected = eventIdOf(decoded.right.source, decoded.right.id);
  if (id === expected) return null;
  return invalid(
    index,
    '/id',
    `is ${id}; the id of a fact follows from its metadata's source and id, which make ${expected}`,
  );
};

/**
 * What keeps these events out of this stream; null when nothing does. Facts of the catalogue pass the
 * same codecs as everywhere else (`domain.md §14`), and streams of the catalogue take nothing but
 * facts; all other streams are free.
 *
 * @param now milliseconds since 1970
 */
export const factProblem = (streamId: string, events: ReadonlyArray<EncodedEvent>, now: number): WireError | null => {
  const isOurs = isFactStream(streamId);
  for (const [index, event] of events.entries()) {
    if (isFactType(event.type)) {
      const wrong = wrongFact(streamId, event, index, now);
      if (wrong !== null) return wrong;
    } else if (isOurs) {
      const allowed = `stream "${streamId}" is kept for the ${factTypes.length} facts of the catalogue (${factTypes[0]}, …)`;
      return invalid(index, '/type', `is ${event.type}; ${allowed}, other events belong in another stream`);
    }
  }
  return null;
};
