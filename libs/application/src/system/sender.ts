import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore } from '@afecto/event-store';
import type { ReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';

/** Events appended in one call. */
const EVENTS_A_CALL = 500;
/** Calls at the end at most: what projections that have far to go say meanwhile waits for the next start. */
const LAST_CALLS = 20;
/** How often is looked for more when nothing waits, in milliseconds. */
const LOOK_MS = 20;
/** After a failure: first wait, doubled up to the last. */
const RETRY_MS = { first: 50, last: 5_000 };

/**
 * Appends what waits to be told, in order, and forgets it when it is in the log. A crash in between
 * appends it once more under the same ids, which changes nothing. Resolves to how many were sent;
 * rejects when the store cannot take them now.
 */
export const sendOutgoing = async (
  store: EventStore,
  readModels: ReadModels,
  mostCalls = Number.POSITIVE_INFINITY,
): Promise<number> => {
  let sent = 0;
  for (let calls = 0; calls < mostCalls; calls++) {
    const waiting = await readModels.outgoing(EVENTS_A_CALL);
    if (waiting.length === 0) return sent;
    // fault point: the sender is about to append
    const outcomes = await store.appendMany(
      waiting.map(({ streamId, event }) => ({ streamId, expectedRevision: 'any', events: [event] })),
    );
    for (const outcome of outcomes) {
      // With another body it is in the log all the same: another process has told it, in its words. And where
      // nothing can be told any more, the others must not wait for it.
      if (E.isRight(outcome) || outcome.left.code === 'EventIdConflict' || outcome.left.code === 'StreamDeleted')
        continue;
      throw new Error('message' in outcome.left ? outcome.left.message : outcome.left.code);
    }
    // fault point: the sender has appended and not forgotten
    await readModels.sent(waiting.map(({ event: { id } }) => id));
    // fault point: the sender has forgotten what it has sent
    sent += waiting.length;
  }
  return sent;
};

export interface Sender {
  /** Sends what waits, and waits for it; a store that did not answer last is not asked again. */
  readonly stop: () => Promise<void>;
}

/** Sends what the projections have to tell as long as it runs; a failure is repeated, never skipped. */
export const startSender = (
  store: EventStore,
  readModels: ReadModels,
  onFailure?: (message: string) => void,
): Sender => {
  const ended = new AbortController();
  const { signal } = ended;
  const rest = (milliseconds: number): Promise<void> =>
    pause(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
  const running = (async () => {
    let wait = RETRY_MS.first;
    for (;;) {
      const isLast = signal.aborted;
      try {
        await sendOutgoing(store, readModels, isLast ? LAST_CALLS : undefined);
        if (isLast) return;
        wait = RETRY_MS.first;
        await rest(LOOK_MS);
      } catch (error) {
        if (signal.aborted) return;
        onFailure?.(error instanceof Error ? error.message : String(error));
        await rest(wait);
        if (signal.aborted) return;
        wait = Math.min(wait * 2, RETRY_MS.last);
      }
    }
  })();
  return {
    stop: async () => {
      ended.abort();
      await running;
    },
  };
};
