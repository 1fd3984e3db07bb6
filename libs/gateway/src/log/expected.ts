import type { EncodedEvent, EventPlace, LogState } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import type { Standing } from './standing';
import type { Expected, WireError } from './wire-log';

/** What an expected revision makes of an append (`eventstoredb-protocol` 3.1 and 3.2). */
export type Verdict =
  | { readonly kind: 'append' }
  /** The events were written before; the last of them lies here. */
  | { readonly kind: 'repeat'; readonly last: EventPlace }
  | { readonly kind: 'refused'; readonly error: WireError };

interface Attempt {
  readonly streamId: string;
  readonly expected: Expected;
  readonly events: ReadonlyArray<Pick<EncodedEvent, 'id'>>;
}

const APPEND: Verdict = { kind: 'append' };

const refused = (error: WireError): Verdict => ({ kind: 'refused', error });

const wrong = ({ streamId, expected }: Attempt, { current }: Standing): Verdict =>
  refused({
    code: 'WrongExpectedVersion',
    streamId,
    expected,
    actual: current < 0 ? null : BigInt(current),
  });

/** Strong idempotency: the i-th event must be the one right after the expected revision. */
const repeatAfter = (attempt: Attempt, standing: Standing, revision: number, state: LogState): Verdict => {
  const { streamId, expected, events } = attempt;
  let last: EventPlace | null = null;
  for (const [index, { id }] of events.entries()) {
    const place = state.findById(id);
    if (place === null || place.streamId !== streamId || place.revision !== revision + 1 + index)
      return index === 0 && expected === 'noStream' && standing.deleted === 'soft' ? APPEND : wrong(attempt, standing);
    last = place;
  }
  if (last !== null) return { kind: 'repeat', last };
  return expected === 'noStream' && standing.deleted === 'soft' ? APPEND : wrong(attempt, standing);
};

/**
 * Whether the expected revision lets the append go to the end of the stream. Ids are looked at only
 * where the revision is in the past; those of an append that goes on are judged by `judgeKnownIds`
 * when the log finds one of them taken.
 */
export const judgeExpected = (attempt: Attempt, standing: Standing, state: LogState): Verdict => {
  const { streamId, expected } = attempt;
  const { current, deleted, hasMetadata } = standing;
  if (deleted === 'tombstone') return refused({ code: 'StreamDeleted', streamId });
  if (expected === 'any') return APPEND;
  if (expected === 'streamExists') {
    if (deleted === 'soft') return refused({ code: 'StreamDeleted', streamId });
    return current < 0 && !hasMetadata ? wrong(attempt, standing) : APPEND;
  }
  const revision = expected === 'noStream' ? -1n : expected;
  if (revision === BigInt(current)) return APPEND;
  if (revision > BigInt(current)) return wrong(attempt, standing);
  return repeatAfter(attempt, standing, Number(revision), state);
};

/** An id that cannot be written because an event has it. */
export const idTaken = (eventId: string, { streamId, revision }: EventPlace): WireError => ({
  code: 'InvalidArgument',
  message: `The event id ${eventId} is taken by event ${revision} of stream "${streamId}"; ids are unique over the whole log, so send a new one.`,
});

/**
 * The verdict on an append that may go on but has an id that is in the log. Known means: in this
 * stream. For `any` and `streamExists` all known is a repeat and some known a wrong expected version;
 * at the stream's end all known, in their order, is a repeat. Ids are unique over the log, so nothing
 * known can be written a second time: where the protocol appends without looking at ids, to a stream that
 * is soft-deleted, a known id is refused as taken.
 */
export const judgeKnownIds = (attempt: Attempt, standing: Standing, state: LogState): Verdict => {
  const { streamId, expected, events } = attempt;
  const places = events.map(({ id }) => state.findById(id));
  const taken = places.find((place) => place !== null);
  if (taken == null) return APPEND;
  if (standing.deleted === 'soft') return refused(idTaken(taken.id, taken));
  const known = places.filter((place) => place !== null && place.streamId === streamId);
  const last = known.at(-1) ?? null;
  const isWeak = expected === 'any' || expected === 'streamExists';
  if (last !== null && known.length === events.length) {
    const inOrder = known.every((place, index) => (known[index - 1]?.revision ?? -1) < (place?.revision ?? -1));
    if (isWeak || inOrder) return { kind: 'repeat', last };
  }
  if (isWeak && last !== null) return wrong(attempt, standing);
  return refused(idTaken(taken.id, taken));
};

/** The same as a value for those who append nothing: delete and tombstone. */
export const checkExpected = (
  streamId: string,
  expected: Expected,
  standing: Standing,
  state: LogState,
): E.Either<WireError, void> => {
  const verdict = judgeExpected({ streamId, expected, events: [] }, standing, state);
  return verdict.kind === 'refused' ? E.left(verdict.error) : E.right(undefined);
};
