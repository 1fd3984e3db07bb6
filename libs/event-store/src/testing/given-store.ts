import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/Either';
import type { EmbeddedEventStore } from '../encoded-log';
import type { AppendRequest, ExpectedRevision, NewEvent, StoredEvent, SubscriptionMessage } from '../port';
import { openSqliteEventStore, type SqliteEventStoreOptions } from '../sqlite/open-sqlite-event-store';

/** An instant for clocks that stand still. */
export const AT = Date.UTC(2025, 2, 1, 12);

/** A folder for one test and how to remove it. */
export const temporaryFolder = (): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'afecto-store-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

export const expectRight = <A>(outcome: E.Either<unknown, A>): A => {
  if (E.isLeft(outcome)) throw new Error(`Expected success, got ${JSON.stringify(outcome.left, bigintAsText)}`);
  return outcome.right;
};

export const expectLeft = <L>(outcome: E.Either<L, unknown>): L => {
  if (E.isRight(outcome)) throw new Error('Expected an error, got success');
  return outcome.left;
};

const bigintAsText = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

export const openStore = (file: string, options: Partial<SqliteEventStoreOptions> = {}): EmbeddedEventStore =>
  expectRight(openSqliteEventStore({ file, clock: () => AT, ...options }));

export const arbitraryEvent = (given: Partial<NewEvent> = {}): NewEvent => ({
  id: randomUUID(),
  type: 'OrderPlaced',
  data: { orderId: 'order-1', total: { amountMinor: 1250, currency: 'GBP' } },
  metadata: { source: 'https://shop.example', occurredAt: '2025-03-01T12:00:00Z' },
  ...given,
});

export const appendTo = (
  streamId: string,
  events: ReadonlyArray<NewEvent> = [arbitraryEvent()],
  expectedRevision: ExpectedRevision = 'any',
): AppendRequest => ({ streamId, events, expectedRevision });

export const collect = async (
  pages: AsyncIterable<ReadonlyArray<StoredEvent>>,
): Promise<ReadonlyArray<StoredEvent>> => {
  const all: StoredEvent[] = [];
  for await (const page of pages) all.push(...page);
  return all;
};

export const positionsOf = (events: ReadonlyArray<StoredEvent>): ReadonlyArray<number> =>
  events.map(({ position }) => Number(position));

/** Takes messages until `enough` says so, then ends the subscription. */
export const takeUntil = async (
  messages: AsyncIterable<SubscriptionMessage>,
  enough: (events: ReadonlyArray<StoredEvent>, last: SubscriptionMessage) => boolean,
): Promise<ReadonlyArray<StoredEvent>> => {
  const events: StoredEvent[] = [];
  for await (const message of messages) {
    if (message.kind === 'events') events.push(...message.events);
    if (enough(events, message)) break;
  }
  return events;
};
