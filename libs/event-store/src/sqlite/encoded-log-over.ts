import * as E from 'fp-ts/Either';
import type { Decision, EncodedAppend, EncodedLog, EventIdTaken, EventPlace, LogState } from '../encoded-log';
import type { StoreUnavailable } from '../port';
import type { AppendOutcome } from './commit-queue';
import type { CommitSignal } from './commit-signal';
import type { PreparedDecision, StreamAppend } from './decision';
import { columnsOf } from './encoded-content';
import { encodedFormat } from './encoded-row';
import { isUuid } from './event-row';
import { LogPlaces } from './log-places';
import { LogReader } from './log-reader';
import { isStreamName, isTypeName } from './prepare-append';
import { toInteger } from './read-pages';

/** How often a log that another process writes is asked for news, in milliseconds. */
const POLL_MS = 50;

/** What the byte door needs of the store: whether it may append, and the one queue. */
export interface DecisionQueue {
  readonly unavailable: () => StoreUnavailable | null;
  readonly push: (decision: PreparedDecision, settle: (outcome: AppendOutcome) => void) => void;
  /** Another process writes: no signal of a commit comes. */
  readonly polls: boolean;
}

/** A decision that names what the log cannot hold is a mistake of the program: doors check before. */
const preparedOf = ({ streamId, events }: EncodedAppend): StreamAppend => {
  if (!isStreamName(streamId)) throw new RangeError(`"${streamId}" cannot name a stream`);
  return {
    streamId,
    events: events.map((event) => {
      if (!isUuid(event.id)) throw new RangeError(`"${event.id}" is no UUID in canonical lower-case form`);
      if (!isTypeName(event.type)) throw new RangeError(`"${event.type}" cannot name an event type`);
      return { id: event.id, type: event.type, ...columnsOf(event) };
    }),
  };
};

type Verdict<F, A> =
  | { readonly kind: 'none' }
  | { readonly kind: 'thrown'; readonly error: unknown }
  | { readonly kind: 'refused'; readonly error: F | EventIdTaken }
  | { readonly kind: 'appended'; readonly decision: Decision<A>; readonly places: ReadonlyArray<EventPlace> };

interface Prepared<A> {
  readonly decision: Decision<A>;
  readonly appends: ReadonlyArray<StreamAppend>;
}

/** What a decision answers once its commit has held. */
const answerOf = <F, A>(verdict: Verdict<F, A>): E.Either<F | EventIdTaken, A> => {
  switch (verdict.kind) {
    case 'thrown':
      throw verdict.error;
    case 'refused':
      return E.left(verdict.error);
    case 'appended':
      return E.right(verdict.decision.answer(verdict.places));
    case 'none':
      throw new Error('A commit has held without judging one of its decisions.');
  }
};

/** The door for bytes over the same reader, queue and signal as the port. */
export const encodedLogOver = (
  { database, file, names }: Pick<LogReader, 'database' | 'file' | 'names'>,
  commits: CommitSignal,
  { unavailable, push, polls }: DecisionQueue,
): EncodedLog => {
  const reader = new LogReader(database, file, encodedFormat, names);
  const places = new LogPlaces(database, file, names);

  const append = <F, A>(
    decide: (state: LogState) => E.Either<F, Decision<A>>,
    weight = 1,
  ): Promise<E.Either<F | EventIdTaken | StoreUnavailable, A>> =>
    new Promise((resolve, reject) => {
      const refused = unavailable();
      if (refused !== null) return resolve(E.left(refused));
      let verdict: Verdict<F, A> = { kind: 'none' };
      /** Before anything is written, so that a mistake harms nobody else in the commit. */
      const prepare = (state: LogState): Prepared<A> | null => {
        try {
          const decided = decide(state);
          if (E.isRight(decided)) return { decision: decided.right, appends: decided.right.appends.map(preparedOf) };
          verdict = { kind: 'refused', error: decided.left };
        } catch (error) {
          verdict = { kind: 'thrown', error };
        }
        return null;
      };
      const judge: PreparedDecision['judge'] = (transaction) => {
        const prepared = prepare(transaction.state);
        if (prepared === null) return;
        const appended = transaction.append(prepared.appends);
        verdict = E.isLeft(appended)
          ? { kind: 'refused', error: appended.left }
          : { kind: 'appended', decision: prepared.decision, places: appended.right };
      };
      const settle = (outcome: AppendOutcome): void => {
        if (E.isLeft(outcome)) {
          const { left } = outcome;
          if (left.code === 'StoreFailed' || left.code === 'StoreClosed') return resolve(E.left(left));
          return reject(new Error(`A decision was answered with ${left.code}, which only appends of the port are.`));
        }
        try {
          resolve(answerOf(verdict));
        } catch (error) {
          // What a decision threw is handed on as it is.
          reject(error as Error);
        }
      };
      push({ events: { length: weight }, judge }, settle);
    });

  const state: LogState = {
    head: () => BigInt(places.head()),
    lastRevision: (streamId) => places.lastRevision(streamId),
    lastType: (streamId) => places.lastType(streamId),
    hasType: (streamId, types, from, to) => places.hasType(streamId, types, from, to),
    at: (streamId, revision) => {
      const stream = reader.streamNumber(streamId);
      return stream === null ? null : (reader.stream(stream, 'forwards', revision, revision, 1)[0] ?? null);
    },
    findById: (eventId) => places.findById(eventId),
  };

  return {
    file,
    part: reader.gaps?.part ?? null,
    append,
    state,
    stream: (streamId, direction, from, to, limit) => {
      const stream = reader.streamNumber(streamId);
      return stream === null || from > to ? [] : reader.stream(stream, direction, from, to, limit);
    },
    page: ({ direction, after, limit, filter = {} }) => {
      const forwards = direction === 'forwards';
      const head = reader.head();
      const from = Math.min(Math.max(0, toInteger(after)), head + 1);
      const to = forwards ? head : 1;
      if (forwards ? from >= to : from <= to) return { events: [], looked: BigInt(from) };
      const page = reader.page({ ...filter, direction, after: from, to, limit });
      return { events: page.events, looked: BigInt(page.looked) };
    },
    at: (positions) => reader.at(positions.map(Number)),
    outlines: (after, limit) => places.outlines(toInteger(after), limit),
    eventTypes: () => places.eventTypes(),
    onNextCommit: (listener) => {
      if (commits.closed) {
        queueMicrotask(listener);
        return () => undefined;
      }
      if (!polls) return commits.onNext(listener);
      const withdraw = commits.onNext(() => {
        clearTimeout(timer);
        listener();
      });
      const timer = setTimeout(() => {
        withdraw();
        listener();
      }, POLL_MS);
      return () => {
        clearTimeout(timer);
        withdraw();
      };
    },
    closed: () => commits.closed,
  };
};
