import type { Instant } from '@afecto/domain';
import { type EventStore, isAt, type Position } from '@afecto/event-store';
import type { ReadModels } from '@afecto/read-models';
import { build, type BuildOptions } from './build';
import { ProjectionEngine, PROJECTIONS_VERSION } from './engine';
import { giveWay, pause } from './give-way';

/** Events folded in one step while following the log: short, so that queries wait little. */
const EVENTS_A_STEP = 500;
/** Read at once, because the event loop has a turn between pages, which may be a long one. */
const EVENTS_A_PAGE = 5_000;
/** How often time alone is looked at, in milliseconds of the machine's clock. */
const TICK_MS = 1_000;
const PATIENCE_MS = 100;
/** After a failed step: first wait, doubled up to the last. */
const RETRY_MS = { first: 50, last: 5_000 };

export interface Projections {
  readonly engine: ProjectionEngine;
  /**
   * Everything up to there is in every row. The engine's own position may be ahead of it: a new policy is in
   * force with the first commit, and is in the rows of all customers some commits later.
   */
  readonly position: () => Position;
  /**
   * Evaluates what time alone changes by `at`, which does not lie after the clock's now, without waiting for the
   * next look at it; resolves to the instant of which all rows are then: `at`, or an earlier one when the
   * evaluation fails or takes longer than `timeoutMs`, by default 100: at the day boundary of very many
   * customers, whoever can do with what was so before it goes on.
   */
  readonly evaluatedTo: (at: Instant, timeoutMs?: number) => Promise<Instant>;
  /** True from the moment everything that was in the log has been projected once. */
  readonly caughtUp: () => boolean;
  /** Resolves true when `position` is projected, false when it is not within `timeoutMs`. */
  readonly waitFor: (position: Position, timeoutMs: number) => Promise<boolean>;
  /** The failure that the last step ended with; null while all is well. */
  readonly failure: () => string | null;
  readonly stop: () => Promise<void>;
}

export interface ProjectionOptions extends Pick<BuildOptions, 'onProgress' | 'signal' | 'spillFile' | 'threads'> {
  readonly now: () => Instant;
  readonly onFailure?: (message: string) => void;
}

/** Of the time that projections which are behind take, so many times is left to what comes in. */
const SHARE_OF_OTHERS = 4;
/** However long a step took (a new policy is in the rows of all customers), nobody waits longer for the next one, in milliseconds. */
const MOST_GIVEN_MS = 2_000;
/** Of the time that others took beyond their share, so much is made up for in one go, in milliseconds. */
const MOST_CREDIT_MS = 100;
/** Whether the read models must be built from the log before the engine can follow it. */
export const needsBuild = async (readModels: ReadModels): Promise<boolean> => {
  const checkpoint = await readModels.checkpoint();
  return checkpoint === null || checkpoint.building !== null;
};

/** Whether the rows were written by other rules than ours. */
export const isOtherVersion = async (readModels: ReadModels): Promise<boolean> => {
  const checkpoint = await readModels.checkpoint();
  return checkpoint !== null && checkpoint.version !== PROJECTIONS_VERSION;
};

/**
 * Whether the rows are of this log: not of another one (also a copy of it with other positions), nor of
 * more of it than there is (an older copy was put back). Empty read models are of any log.
 */
export const isSameLog = async (readModels: ReadModels, store: EventStore): Promise<boolean> => {
  const checkpoint = await readModels.checkpoint();
  if (checkpoint === null) return true;
  if (checkpoint.position > (await store.head())) return false;
  for await (const [first] of store.readAll({ limit: 1 })) {
    if (first?.id !== checkpoint.origin) return false;
    return checkpoint.last === null || (await isAt(store, checkpoint.last));
  }
  return checkpoint.origin === null;
};

/** Whether the rows must be dropped and built anew: of other rules or of another log. */
export const isOutdated = async (readModels: ReadModels, store: EventStore): Promise<boolean> =>
  (await isOtherVersion(readModels)) || !(await isSameLog(readModels, store));

/**
 * Builds what is missing and then follows the log: committed facts in order, time-only changes as
 * the clock passes them. A failing step is repeated, with growing pauses, and never skipped. When the
 * signal interrupts the build, nothing is followed: `needsBuild` stays true and the next start goes on.
 */
export const startProjections = async (
  store: EventStore,
  readModels: ReadModels,
  options: ProjectionOptions,
): Promise<Projections> => {
  const { now, onFailure, ...building } = options;
  const complete = !(await needsBuild(readModels)) || (await build(store, readModels, { ...building, now: now() }));
  const engine = await ProjectionEngine.over(readModels, store);
  const ended = new AbortController();
  const waiting = new Set<{ readonly position: Position; readonly resolve: (reached: boolean) => void }>();
  let caughtUp = false;
  let failure: string | null = null;

  let projected = engine.at.position;
  const wake = (): void => {
    projected = engine.at.position;
    for (const waiter of waiting) if (waiter.position <= projected) waiter.resolve(true);
  };

  /**
   * Time that projections may take before others have their turn again. One turn of the event loop may
   * last many times a step when much comes in: whoever gave way by turns would stand still then.
   */
  let credit = 0;
  const shareTime = async (own: number): Promise<void> => {
    credit -= own;
    if (credit > 0) return;
    const gave = await giveWay(Math.min(SHARE_OF_OTHERS * own, MOST_GIVEN_MS), ended.signal);
    credit = Math.min(MOST_CREDIT_MS, gave / SHARE_OF_OTHERS - own);
  };

  const followOnce = async (): Promise<void> => {
    await engine.exclusively(() => engine.settle());
    const { position } = engine.at;
    for await (const message of store.subscribe({ after: position, pageSize: EVENTS_A_PAGE, signal: ended.signal })) {
      if (message.kind === 'caughtUp') {
        await engine.exclusively(() => engine.advanceTo(now(), message.position));
        caughtUp = true;
      } else {
        for (let from = 0; from < message.events.length; from += EVENTS_A_STEP) {
          const started = performance.now();
          await engine.exclusively(() => engine.apply(message.events.slice(from, from + EVENTS_A_STEP), now()));
          wake();
          // A full step says that there is more: what comes in goes before what is behind.
          if (message.events.length >= EVENTS_A_STEP) await shareTime(performance.now() - started);
        }
      }
      failure = null;
      wake();
      if (ended.signal.aborted) return;
    }
  };

  const retrying = async (step: () => Promise<void>): Promise<void> => {
    let wait = RETRY_MS.first;
    while (!ended.signal.aborted) {
      try {
        await step();
        wait = RETRY_MS.first;
      } catch (error) {
        // Cut off by the end: the next start does this step.
        if (ended.signal.aborted) return;
        failure = error instanceof Error ? error.message : String(error);
        onFailure?.(failure);
        await pause(wait, ended.signal);
        wait = Math.min(wait * 2, RETRY_MS.last);
      }
    }
  };

  // The engine's first commit would declare half-built read models whole.
  if (!complete) ended.abort();
  const following = retrying(followOnce);
  const ticking = retrying(async () => {
    await pause(TICK_MS, ended.signal);
    if (caughtUp && !ended.signal.aborted) await engine.exclusively(() => engine.advanceTo(now()));
  });

  return {
    engine,
    position: () => projected,
    caughtUp: () => caughtUp,
    failure: () => failure,
    waitFor: (position, timeoutMs) => {
      if (position <= projected) return Promise.resolve(true);
      return new Promise((resolve) => {
        const waiter = {
          position,
          resolve: (reached: boolean) => {
            clearTimeout(timer);
            waiting.delete(waiter);
            resolve(reached);
          },
        };
        const timer = setTimeout(() => waiter.resolve(false), timeoutMs);
        waiting.add(waiter);
      });
    },
    evaluatedTo: async (at, timeoutMs = PATIENCE_MS) => {
      const whole = await engine.wholeAt(at);
      if (whole === at || !caughtUp || ended.signal.aborted) return whole;
      const evaluation = engine.exclusively(async () => {
        if ((await engine.wholeAt(at)) < at) await engine.advanceTo(at);
      });
      const inTime = new AbortController();
      // A failure is met again by whoever looks at the clock, who tells it and tries again.
      await Promise.race([evaluation, pause(timeoutMs, inTime.signal)]).catch(() => undefined);
      inTime.abort();
      return engine.wholeAt(at);
    },
    stop: async () => {
      ended.abort();
      for (const waiter of waiting) waiter.resolve(false);
      await Promise.all([following, ticking]);
    },
  };
};
