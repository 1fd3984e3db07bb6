import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Instant } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import type { Checkpoint, ReadModels } from '@afecto/read-models';
import { NO_CHANGE, PROJECTIONS_VERSION } from './engine';
import { type CustomerFolder, customerFolder } from './fold-customers';
import { intakeBatch } from './intake-batch';

const EVENTS_A_COMMIT = 5_000;
/** Few enough that the event loop, and with it a signal, has its turn several times a second. */
const CUSTOMERS_A_COMMIT = 100;
/** Threads take a second to begin and to compile what they run: for less than this it is not worth it. */
const FACTS_WORTH_THREADS = 200_000;
/** Pages of customers being folded while one is written. */
const PAGES_AHEAD = 6;

export interface BuildProgress {
  readonly step: 'ledger' | 'customers';
  readonly done: number;
  /** Null while not known. */
  readonly total: number | null;
}

export interface BuildOptions {
  readonly now: Instant;
  /** Last position taken; default the end of the log. */
  readonly until?: bigint;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BuildProgress) => void;
  /** Other threads to fold in; default this one. */
  readonly foldElsewhere?: (horizon: Instant) => CustomerFolder;
}

/**
 * Builds empty or half-built read models from the log, up to its present end: first every fact into
 * the ledger, in the order of the log, then every customer folded once from its own facts. Does the
 * same as the engine fact by fact, an order of magnitude sooner. Each commit carries where to go on:
 * an interrupted build (signal, crash) goes on from there. Resolves to false when it was interrupted.
 */
export const build = async (store: EventStore, readModels: ReadModels, options: BuildOptions): Promise<boolean> => {
  let checkpoint: Checkpoint = (await readModels.checkpoint()) ?? {
    position: 0n,
    origin: null,
    horizon: options.now,
    version: PROJECTIONS_VERSION,
    facts: 0,
    latestFactAt: Number.MIN_SAFE_INTEGER,
    building: { step: 'ledger' },
  };
  if (checkpoint.building?.step === 'ledger') {
    const done = await buildLedger(store, readModels, checkpoint, options);
    if (done === null) return false;
    checkpoint = done;
  }
  return checkpoint.building === null || buildCustomers(store, readModels, checkpoint, options);
};

const buildLedger = async (
  store: EventStore,
  readModels: ReadModels,
  from: Checkpoint,
  { signal, onProgress, until }: BuildOptions,
): Promise<Checkpoint | null> => {
  const head = until ?? (await store.head());
  let checkpoint = from;
  for await (const events of store.readAll({ after: from.position, to: head, pageSize: EVENTS_A_COMMIT })) {
    if (signal?.aborted === true) return null;
    const batch = intakeBatch(events);
    checkpoint = {
      ...checkpoint,
      position: batch.position,
      origin: checkpoint.origin ?? events[0]?.id ?? null,
      facts: checkpoint.facts + batch.ledger.length,
      latestFactAt: batch.ledger.reduce((latest, fact) => Math.max(latest, fact.occurredAt), checkpoint.latestFactAt),
    };
    await readModels.commit({ ...NO_CHANGE, ...batch, facts: batch.ledger, checkpoint });
    onProgress?.({ step: 'ledger', done: Number(batch.position), total: Number(head) });
  }
  return { ...checkpoint, building: { step: 'customers', after: '' } };
};

const buildCustomers = async (
  store: EventStore,
  readModels: ReadModels,
  from: Checkpoint,
  { now, signal, onProgress, foldElsewhere }: BuildOptions,
): Promise<boolean> => {
  const horizon = Math.max(from.horizon, now);
  const elsewhere = from.facts >= FACTS_WORTH_THREADS ? foldElsewhere?.(horizon) : undefined;
  const fold = elsewhere ?? (await customerFolder(store, readModels, horizon));
  // Some pages are folded ahead; they are committed in order, so that `after` says what is done.
  const ahead: { readonly last: string; readonly size: number; readonly changes: ReturnType<CustomerFolder> }[] = [];
  let read = from.building?.step === 'customers' ? from.building.after : '';
  let exhausted = false;
  let done = 0;
  for (;;) {
    if (signal?.aborted === true) {
      await Promise.allSettled(ahead.map(({ changes }) => changes));
      return false;
    }
    while (!exhausted && ahead.length < PAGES_AHEAD) {
      const page = await readModels.partyIds(read, CUSTOMERS_A_COMMIT);
      const last = page.at(-1);
      if (last === undefined) exhausted = true;
      else {
        read = last;
        ahead.push({ last, size: page.length, changes: fold(page) });
      }
    }
    const next = ahead.shift();
    await readModels.commit({
      ...NO_CHANGE,
      customers: next === undefined ? [] : await next.changes,
      // Facts dated ahead are the engine's business: they make everyone due once, right after the build.
      everyoneDue: next === undefined && from.latestFactAt > horizon,
      checkpoint: { ...from, horizon, building: next === undefined ? null : { step: 'customers', after: next.last } },
    });
    if (next === undefined) return true;
    done += next.size;
    onProgress?.({ step: 'customers', done, total: null });
    await nextTurn();
  }
};
