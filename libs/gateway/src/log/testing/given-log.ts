import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedEventStore, type EncodedEvent, openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import {
  type Expected,
  type Pages,
  type ResolvedRecord,
  type SubscriptionStep,
  type WireLog,
  wireLogOver,
  type WireLogOptions,
} from '../index';

/** An instant for clocks that stand still. */
export const AT = Date.UTC(2025, 2, 1, 12);

export interface GivenLog {
  readonly folder: string;
  readonly store: EmbeddedEventStore;
  readonly log: WireLog;
  /** Moves the clock by milliseconds. */
  readonly pass: (milliseconds: number) => void;
  readonly close: () => Promise<void>;
}

export const expectRight = <A>(outcome: E.Either<unknown, A>): A => {
  if (E.isLeft(outcome))
    throw new Error(
      `Expected success, got ${JSON.stringify(outcome.left, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))}`,
    );
  return outcome.right;
};

export const expectLeft = <L>(outcome: E.Either<L, unknown>): L => {
  if (E.isRight(outcome)) throw new Error('Expected an error, got success');
  return outcome.left;
};

/** A log in a folder of its own, with a clock that only moves when told. */
export const givenLog = (options: Partial<WireLogOptions> = {}): GivenLog => {
  const folder = mkdtempSync(join(tmpdir(), 'afecto-log-'));
  let now = AT;
  const store = expectRight(openSqliteEventStore({ file: join(folder, 'log.db'), clock: () => now }));
  return {
    folder,
    store,
    log: wireLogOver(store.encoded, { clock: () => now, ...options }),
    pass: (milliseconds) => {
      now += milliseconds;
    },
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** A JSON event of another application. */
export const arbitraryEvent = (given: Partial<EncodedEvent> = {}): EncodedEvent => ({
  id: randomUUID(),
  type: 'Noted',
  isJson: true,
  data: Buffer.from('{"note":1}'),
  metadata: Buffer.from('{}'),
  ...given,
});

export const events = (count: number, given: Partial<EncodedEvent> = {}): ReadonlyArray<EncodedEvent> =>
  Array.from({ length: count }, () => arbitraryEvent(given));

/** Appends events that must be accepted. */
export const written = async (
  log: WireLog,
  streamId: string,
  count = 1,
  expected: Expected = 'any',
): Promise<ReadonlyArray<EncodedEvent>> => {
  const batch = events(count);
  expectRight(await log.append({ streamId, expected, events: batch }));
  return batch;
};

export const setMetadata = async (log: WireLog, streamId: string, json: string): Promise<void> => {
  const event = arbitraryEvent({ type: '$metadata', data: Buffer.from(json) });
  expectRight(await log.append({ streamId: `$$${streamId}`, expected: 'any', events: [event] }));
};

export const collect = async (pages: Pages): Promise<ReadonlyArray<ResolvedRecord>> => {
  const all: ResolvedRecord[] = [];
  for await (const page of pages) all.push(...page);
  return all;
};

/** Event numbers of a whole stream read forwards, or the code of the error. */
export const numbersOf = async (log: WireLog, streamId: string): Promise<ReadonlyArray<bigint> | string> => {
  const read = log.readStream({ streamId, direction: 'forwards', from: 'start', limit: Infinity, resolveLinks: false });
  if (E.isLeft(read)) return read.left.code;
  return (await collect(read.right)).map(({ event }) => event?.eventNumber ?? -1n);
};

/** Takes steps until `enough` says so. */
export const takeUntil = async (
  steps: AsyncIterable<SubscriptionStep>,
  enough: (taken: ReadonlyArray<SubscriptionStep>) => boolean,
): Promise<ReadonlyArray<SubscriptionStep>> => {
  const taken: SubscriptionStep[] = [];
  for await (const step of steps) {
    taken.push(step);
    if (enough(taken)) break;
  }
  return taken;
};

/** Event numbers in the order of delivery. */
export const deliveredNumbers = (steps: ReadonlyArray<SubscriptionStep>): ReadonlyArray<bigint> =>
  steps.flatMap((step) =>
    step.kind === 'events' ? step.events.map(({ event, link }) => (link ?? event)?.eventNumber ?? -1n) : [],
  );
