import { setTimeout as delay } from 'node:timers/promises';
import * as E from 'fp-ts/Either';
import type { ResolvedRecord, SubscriptionStep, WireError, WireLog } from '../../log/wire-log';
import { originalOf } from '../core/message';
import { ALL, type GroupDefinition } from '../definition';

/** Milliseconds before a subscription that the log has ended is opened again. */
const RETRY_AFTER = 1_000;
/** Events a filter looks at between two of its reports. */
const LOOKED_AT_BETWEEN_REPORTS = 1_000;

/** Place of an event in its source: position in `$all`, else the event number. */
export const placeIn =
  ({ streamId }: GroupDefinition) =>
  (record: ResolvedRecord): bigint =>
    streamId === ALL ? originalOf(record).position : originalOf(record).eventNumber;

/** The place after which a group without a checkpoint begins; null: at the beginning. */
export const startOf = ({ settings, endAtCreation }: GroupDefinition): bigint | null => {
  const { startFrom } = settings;
  if (startFrom === 'start') return null;
  if (startFrom === 'end') return endAtCreation;
  return startFrom === 0n ? null : startFrom - 1n;
};

const open = (
  log: WireLog,
  { streamId, filter, settings }: GroupDefinition,
  place: bigint | null,
  signal: AbortSignal,
): E.Either<WireError, AsyncIterable<SubscriptionStep>> => {
  const query = { after: place ?? ('start' as const), resolveLinks: settings.resolveLinks, signal };
  return streamId === ALL
    ? E.right(log.subscribeAll({ ...query, filter, checkpointEvery: LOOKED_AT_BETWEEN_REPORTS }))
    : log.subscribeStream({ ...query, streamId });
};

/** Waits, and returns at once when the signal is given. */
const pause = async (signal: AbortSignal): Promise<void> => {
  try {
    await delay(RETRY_AFTER, undefined, { signal });
  } catch {
    // Aborted: the caller looks at the signal.
  }
};

export interface SourceListener {
  /** Takes a page; resolves when there is room for the next, which holds the log back. */
  readonly events: (events: ReadonlyArray<ResolvedRecord>) => Promise<void>;
  readonly passed: (place: bigint) => void;
  readonly caughtUp: () => void;
}

/**
 * Follows the source of a group until the signal is given; `after` tells how far the group is. An
 * unavailable log is asked again; a tombstoned stream has nothing more to say.
 */
export const followSource = async (
  log: WireLog,
  definition: GroupDefinition,
  after: () => bigint | null,
  listener: SourceListener,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    const steps = open(log, definition, after(), signal);
    if (E.isLeft(steps)) {
      if (steps.left.code === 'StreamDeleted') return;
      await pause(signal);
      continue;
    }
    for await (const step of steps.right) {
      if (signal.aborted) return;
      if (step.kind === 'events') await listener.events(step.events);
      else if (step.kind === 'checkpoint') listener.passed(step.position);
      else if (step.kind === 'caughtUp') listener.caughtUp();
      else if (step.error.code === 'StreamDeleted') return;
    }
    if (!signal.aborted) await pause(signal);
  }
};
