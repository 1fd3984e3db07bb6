import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/Either';
import type {
  Appended,
  AppendError,
  AppendRequest,
  EventStore,
  ExpectedRevision,
  NewEvent,
  StoredEvent,
  StoreUnavailable,
  SubscriptionMessage,
} from '../port';
import { holds } from './verdict';

export type Outcome = E.Either<AppendError | StoreUnavailable, Appended>;

/** A prefix that no stream of any log begins with. */
export const freshPrefix = (): string => `conformance-${randomUUID()}`;

let serial = 0;

/** An event that no other equals: another id, other data. */
export const anEvent = (given: Partial<NewEvent> = {}): NewEvent => {
  serial += 1;
  return {
    id: randomUUID(),
    type: 'ConformanceEvent',
    data: { serial, total: { amountMinor: 1_250, currency: 'GBP' } },
    metadata: { source: 'https://conformance.example', occurredAt: '2025-03-01T12:00:00Z' },
    ...given,
  };
};

export const events = (count: number, given: Partial<NewEvent> = {}): ReadonlyArray<NewEvent> =>
  Array.from({ length: count }, () => anEvent(given));

export const anAppend = (
  streamId: string,
  given: ReadonlyArray<NewEvent> = [anEvent()],
  expectedRevision: ExpectedRevision = 'any',
): AppendRequest => ({ streamId, events: given, expectedRevision });

/** The answer to an append that has to be accepted. */
export const accepted = (outcome: Outcome): Appended => {
  holds('an accepted append', E.isRight(outcome), E.isLeft(outcome) ? outcome.left : outcome.right);
  if (E.isLeft(outcome)) throw new Error('unreachable: the check above has thrown');
  return outcome.right;
};

export const refused = (outcome: Outcome): AppendError | StoreUnavailable => {
  holds('a refused append', E.isLeft(outcome), E.isLeft(outcome) ? outcome.left : outcome.right);
  if (E.isRight(outcome)) throw new Error('unreachable: the check above has thrown');
  return outcome.left;
};

export const appendTo = async (
  store: EventStore,
  streamId: string,
  given: ReadonlyArray<NewEvent> = [anEvent()],
  expectedRevision: ExpectedRevision = 'any',
): Promise<Appended> => accepted(await store.append(anAppend(streamId, given, expectedRevision)));

export const collect = async (
  pages: AsyncIterable<ReadonlyArray<StoredEvent>>,
): Promise<ReadonlyArray<StoredEvent>> => {
  const all: StoredEvent[] = [];
  for await (const page of pages) all.push(...page);
  return all;
};

export const streamOf = (store: EventStore, streamId: string): Promise<ReadonlyArray<StoredEvent>> =>
  collect(store.readStream(streamId));

export const idsOf = (given: ReadonlyArray<{ readonly id: string }>): ReadonlyArray<string> =>
  given.map(({ id }) => id);

/** Takes messages until `enough` says so, then ends the subscription. */
export const takeUntil = async (
  messages: AsyncIterable<SubscriptionMessage>,
  enough: (seen: ReadonlyArray<StoredEvent>, last: SubscriptionMessage) => boolean | Promise<boolean>,
): Promise<ReadonlyArray<StoredEvent>> => {
  const seen: StoredEvent[] = [];
  for await (const message of messages) {
    if (message.kind === 'events') seen.push(...message.events);
    if (await enough(seen, message)) break;
  }
  return seen;
};
