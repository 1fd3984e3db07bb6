import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { factTypes } from '@afecto/domain';
import type { EncodedAppend, EncodedEvent, EncodedLog, EventPlace, LogState, Position } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { checkExpected, idTaken, judgeExpected, judgeKnownIds, type Verdict } from './expected';
import { factProblem } from './fact-check';
import { hidingBy, refusedAppend, refusedHiding, refusedMetadata, refusedRemoval } from './refusals';
import type { Standing, Standings } from './standing';
import { SOFT_DELETION, undeletedMetadata } from './stream-metadata';
import { isMetastream, METADATA_TYPE, metastreamOf, originalOf, TOMBSTONE_TYPE } from './stream-names';
import type { Expected, WireAppend, WireAppended, WireError, WireLog } from './wire-log';

type Writes = Pick<WireLog, 'append' | 'deleteStream' | 'tombstoneStream'>;
type Unavailable = { readonly code: 'StoreClosed' | 'StoreFailed'; readonly message: string };
type Taken = { readonly code: 'EventIdTaken'; readonly eventId: string; readonly place: EventPlace };

const NOTHING = new Uint8Array();
/** Events looked through for facts at once, so that nobody waits for a long stream. */
const LOOKED_AT_ONCE = 10_000;

const metadataEvent = (id: string, json: string): EncodedEvent => ({
  id,
  type: METADATA_TYPE,
  isJson: true,
  data: Buffer.from(json),
  metadata: NOTHING,
});

const wireErrorOf = (error: WireError | Unavailable | Taken): WireError => {
  switch (error.code) {
    case 'StoreClosed':
    case 'StoreFailed':
      return { code: 'Unavailable', message: error.message };
    case 'EventIdTaken':
      return idTaken(error.eventId, error.place);
    default:
      return error;
  }
};

/** Metadata that brings a soft-deleted stream back: its events from `first` on are to be seen. */
const undeletion = (streamId: string, said: Uint8Array, first: number, id: string): EncodedAppend => ({
  streamId: metastreamOf(streamId),
  events: [metadataEvent(id, undeletedMetadata(said, BigInt(first)))],
});

/** What goes in beside the events of an append: the end of a soft deletion (`eventstoredb-protocol` 3.1). */
const besides = (
  { streamId, events }: WireAppend,
  standing: Standing,
  standings: Standings,
  state: LogState,
  id: string,
): ReadonlyArray<EncodedAppend> => {
  const last = events.at(-1);
  if (last === undefined) return [];
  if (isMetastream(streamId)) {
    const original = originalOf(streamId);
    if (isMetastream(original)) return [];
    const { deleted, current } = standings.of(original, state);
    return deleted === 'soft' ? [undeletion(original, last.data, current + 1, id)] : [];
  }
  if (standing.deleted !== 'soft') return [];
  const metastream = metastreamOf(streamId);
  const said = state.at(metastream, state.lastRevision(metastream))?.data ?? NOTHING;
  return [undeletion(streamId, said, standing.current + 1, id)];
};

const repeated = (last: EventPlace): WireAppended => ({
  eventNumber: BigInt(last.revision),
  position: last.position,
});

/**
 * The writing half of the log (`eventstoredb-protocol` 3.1 to 3.3), each call one decision in the
 * writer's transaction.
 *
 * @param clock milliseconds since 1970
 */
export const writesOver = (encoded: EncodedLog, standings: Standings, clock: () => number): Writes => {
  /**
   * Whether a stream holds a fact at the moment of a decision, wherever the fact came from: looked through
   * before, so that the transaction has only what has come since to look at.
   */
  const factsIn = async (streamId: string): Promise<(state: LogState) => boolean> => {
    const { state } = encoded;
    const last = encoded.closed() ? -1 : state.lastRevision(streamId);
    for (let from = 0; from <= last; from += LOOKED_AT_ONCE) {
      const to = Math.min(last, from + LOOKED_AT_ONCE - 1);
      if (state.hasType(streamId, factTypes, from, to)) return () => true;
      if (to < last) await nextTurn();
    }
    return (now) => now.hasType(streamId, factTypes, last + 1, now.lastRevision(streamId));
  };

  /** Ids are looked up one by one only when the log has found one of them taken. */
  const tryAppend = (
    request: WireAppend,
    judge: (standing: Standing, state: LogState) => Verdict,
  ): Promise<E.Either<WireError | Unavailable | Taken, WireAppended>> => {
    const { streamId, events } = request;
    const undeleteId = randomUUID();
    return encoded.append((state) => {
      const standing = standings.of(streamId, state);
      const verdict = judge(standing, state);
      if (verdict.kind === 'refused') return E.left(verdict.error);
      if (verdict.kind === 'repeat') return E.right({ appends: [], answer: () => repeated(verdict.last) });
      return E.right({
        appends: [{ streamId, events }, ...besides(request, standing, standings, state, undeleteId)],
        answer: (places) => {
          const last = places[events.length - 1];
          if (last === undefined) return { eventNumber: BigInt(standing.current), position: null };
          return { eventNumber: BigInt(last.revision), position: last.position };
        },
      });
    }, events.length);
  };

  const append: WireLog['append'] = async (request) => {
    const problem = refusedAppend(request) ?? factProblem(request.streamId, request.events, clock());
    if (problem !== null) return E.left(problem);
    const hiding = hidingBy(request);
    const holdsFact = hiding === null ? () => false : await factsIn(hiding.streamId);
    const judged = (standing: Standing, state: LogState): Verdict => {
      const denied = hiding === null ? null : refusedHiding(hiding, holdsFact(state));
      return denied === null ? judgeExpected(request, standing, state) : { kind: 'refused', error: denied };
    };
    const first = await tryAppend(request, judged);
    if (E.isRight(first) || first.left.code !== 'EventIdTaken') return E.mapLeft(wireErrorOf)(first);
    const second = await tryAppend(request, (standing, state) => {
      const verdict = judged(standing, state);
      return verdict.kind === 'append' ? judgeKnownIds(request, standing, state) : verdict;
    });
    return E.mapLeft(wireErrorOf)(second);
  };

  const remove = async (
    streamId: string,
    expected: Expected,
    appendOf: (standing: Standing) => EncodedAppend | null,
  ): Promise<E.Either<WireError, Position>> => {
    const holdsFact = await factsIn(streamId);
    const removed = await encoded.append<WireError, Position>((state) => {
      const problem = refusedRemoval(streamId, holdsFact(state));
      if (problem !== null) return E.left(problem);
      const standing = standings.of(streamId, state);
      const checked = checkExpected(streamId, expected, standing, state);
      if (E.isLeft(checked)) return checked;
      const removal = appendOf(standing);
      if (removal === null) return E.left({ code: 'WrongExpectedVersion', streamId, expected, actual: null });
      return E.right({ appends: [removal], answer: (places) => places[0]?.position ?? state.head() });
    });
    return E.mapLeft(wireErrorOf)(removed);
  };

  return {
    append,
    deleteStream: async (streamId, expected) => {
      const unwritable = refusedMetadata(streamId);
      if (unwritable !== null) return E.left(unwritable);
      const event = metadataEvent(randomUUID(), SOFT_DELETION);
      return remove(streamId, expected, ({ current, hasMetadata }) =>
        current < 0 && !hasMetadata ? null : { streamId: metastreamOf(streamId), events: [event] },
      );
    },
    tombstoneStream: (streamId, expected) => {
      const id = randomUUID();
      const event: EncodedEvent = { id, type: TOMBSTONE_TYPE, isJson: false, data: NOTHING, metadata: NOTHING };
      return remove(streamId, expected, () => ({ streamId, events: [event] }));
    },
  };
};
