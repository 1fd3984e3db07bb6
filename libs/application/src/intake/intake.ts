import {
  type Configuration,
  decodeCloudEvent,
  type FieldError,
  type Instant,
  latestOccurrence,
  type NewFact,
  toIso,
  toNewEvent,
} from '@afecto/domain';
import type { AppendError, AppendRequest, EventStore, StoreUnavailable } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import type { Quarantine, Rejected, Rejection } from './quarantine';

export interface RejectedFact extends Rejection {
  /** Place in the call, from 0. */
  readonly index: number;
  /** The sender's id when it could be read. */
  readonly id: string | null;
  readonly quarantineId: string;
}

export interface IntakeResult {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: ReadonlyArray<RejectedFact>;
  /** Everything accepted, and every original of a duplicate, lies at or before this position. */
  readonly position: bigint;
}

export interface Intake {
  /**
   * Takes facts of other systems, in CloudEvents structured form. Each is judged by itself: a refused
   * one goes to quarantine with its reason and does not stop its neighbours. Resolves after the
   * accepted ones are durable. Left: the store could not take them now; nothing of the call is
   * acknowledged and the same call may be sent again.
   */
  readonly accept: (events: ReadonlyArray<unknown>) => Promise<E.Either<StoreUnavailable, IntakeResult>>;
  /** Judges a quarantined fact again; accepted or duplicate, it leaves the quarantine. Null: no such entry. */
  readonly retry: (quarantineId: string) => Promise<E.Either<StoreUnavailable, IntakeResult> | null>;
}

export interface IntakeOptions {
  readonly store: EventStore;
  readonly quarantine: Quarantine;
  readonly now: () => Instant;
  /** In force now: says how far ahead a fact may be dated. */
  readonly configuration: () => Configuration;
}

const senderId = (event: unknown): string | null =>
  typeof event === 'object' && event !== null && 'id' in event && typeof event.id === 'string' ? event.id : null;

/** Clocks of sources differ: a fact may be dated a little ahead (`domain.md §15`, 5 minutes by default). */
const tooEarly = (fact: NewFact, latest: Instant): ReadonlyArray<FieldError> =>
  fact.occurredAt <= latest
    ? []
    : [{ path: '/time', message: `must not be later than ${toIso(latest)}; got ${toIso(fact.occurredAt)}` }];

const requestOf = (fact: NewFact): AppendRequest => {
  const { id, type, data, metadata } = toNewEvent(fact);
  return { streamId: fact.streamId, expectedRevision: 'any', events: [{ id, type, data, metadata }] };
};

const refusal = (error: AppendError): Rejection =>
  error.code === 'EventIdConflict'
    ? {
        code: 'IdempotencyConflict',
        errors: [
          { path: '/id', message: `was used by this source for another fact (position ${String(error.position)})` },
        ],
      }
    : {
        code: 'ValidationFailed',
        errors: [{ path: '', message: error.code === 'InvalidEvent' ? error.message : error.code }],
      };

export const createIntake = ({ store, quarantine, now, configuration }: IntakeOptions): Intake => {
  const accept: Intake['accept'] = async (events) => {
    const receivedAt = now();
    const latest = latestOccurrence({ now: receivedAt, configuration: configuration() });
    const refused: (Rejected & { readonly index: number })[] = [];
    const reject = (index: number, event: unknown, rejection: Rejection): void => {
      refused.push({ index, event, rejection });
    };

    const requests: AppendRequest[] = [];
    const indexes: number[] = [];
    events.forEach((event, index) => {
      const decoded = decodeCloudEvent(event);
      if (E.isLeft(decoded)) return reject(index, event, { code: 'ValidationFailed', errors: decoded.left });
      const errors = tooEarly(decoded.right, latest);
      if (errors.length > 0) return reject(index, event, { code: 'OccurredInFuture', errors });
      requests.push(requestOf(decoded.right));
      indexes.push(index);
    });

    let accepted = 0;
    let duplicates = 0;
    let position = 0n;
    // fault point: the intake is about to append
    const outcomes = await store.appendMany(requests);
    // fault point: the intake has appended
    for (const [place, outcome] of outcomes.entries()) {
      const index = indexes[place] ?? 0;
      if (E.isRight(outcome)) {
        if (outcome.right.duplicate) duplicates += 1;
        else accepted += 1;
        for (const event of outcome.right.events) if (event.position > position) position = event.position;
      } else if (outcome.left.code === 'StoreClosed' || outcome.left.code === 'StoreFailed') {
        return E.left(outcome.left);
      } else {
        reject(index, events[index], refusal(outcome.left));
      }
    }
    refused.sort((a, b) => a.index - b.index);
    const ids = quarantine.put(refused, receivedAt);
    // fault point: the intake has put aside what it refuses
    const rejected = refused.map(({ index, event, rejection }, place): RejectedFact => ({
      index,
      id: senderId(event),
      quarantineId: ids[place] ?? '',
      ...rejection,
    }));
    if (accepted + duplicates === 0) position = await store.head();
    return E.right({ accepted, duplicates, rejected, position });
  };

  return {
    accept,
    retry: async (quarantineId) => {
      const entry = quarantine.get(quarantineId);
      if (entry === null) return null;
      const result = await accept([entry.event]);
      if (E.isRight(result) && result.right.rejected.length === 0) quarantine.remove(quarantineId);
      return result;
    },
  };
};
