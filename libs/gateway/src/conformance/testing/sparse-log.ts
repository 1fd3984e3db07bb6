import type { EncodedLog, EncodedRecord, EventPlace, LogState, Position } from '@afecto/event-store';
import * as E from 'fp-ts/Either';

/** EventStoreDB counts bytes, not events: no two positions are neighbours. */
const STEP = 97n;

const outer = <A extends { readonly position: Position }>(place: A): A => ({
  ...place,
  position: place.position * STEP,
});
const orNull = <A extends { readonly position: Position }>(place: A | null): A | null =>
  place === null ? null : outer(place);

const stateOver = (state: LogState): LogState => ({
  ...state,
  head: () => state.head() * STEP,
  at: (streamId, revision) => orNull<EncodedRecord>(state.at(streamId, revision)),
  findById: (eventId) => orNull<EventPlace>(state.findById(eventId)),
});

/** The same log with positions as a real server has them. */
export const sparseLog = (log: EncodedLog): EncodedLog => ({
  ...log,
  append: (decide, weight) =>
    log.append((state) => {
      const decided = decide(stateOver(state));
      if (E.isLeft(decided)) return decided;
      const { appends, answer } = decided.right;
      return E.right({ appends, answer: (places: ReadonlyArray<EventPlace>) => answer(places.map(outer)) });
    }, weight),
  state: stateOver(log.state),
  stream: (...asked) => log.stream(...asked).map(outer),
  page: ({ after, ...query }) => {
    const inner = query.direction === 'forwards' ? after / STEP : (after + STEP - 1n) / STEP;
    const { events, looked } = log.page({ ...query, after: inner });
    // Backwards the first position of all is 1, and a log that has been looked at whole ends there.
    const reached = query.direction === 'forwards' ? looked * STEP : (looked - 1n) * STEP + 1n;
    return { events: events.map(outer), looked: reached };
  },
  at: (positions) => log.at(positions.map((position) => position / STEP)).map(outer),
  outlines: (after, limit) => log.outlines(after / STEP, limit).map(outer),
});
