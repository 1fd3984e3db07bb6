import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Instant, QueueId } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import type { Batch, Checkpoint, CustomerChange, ReadModels } from '@afecto/read-models';
import { lastOf, NO_CHANGE, PROJECTIONS_VERSION } from './engine';
import { type CustomerFolder, customerFolder } from './fold-customers';
import { type IntakeBatch, intakeBatch } from './intake-batch';

/** Read at once; each commit takes several pages. */
const EVENTS_A_PAGE = 5_000;
/** The rows of a commit lie all over the file: the more of them, the fewer pages are written again. */
const EVENTS_A_COMMIT = 50_000;
/** Few enough that the event loop, and with it a signal, has its turn several times a second. */
const CUSTOMERS_A_PAGE = 100;
const PAGES_A_COMMIT = 8;
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
    last: null,
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
  let taken: IntakeBatch[] = [];
  let events = 0;
  const commit = async (): Promise<void> => {
    if (taken.length === 0) return;
    await readModels.commit({ ...NO_CHANGE, ...together(taken), checkpoint });
    taken = [];
    events = 0;
  };
  for await (const page of store.readAll({ after: from.position, to: head, pageSize: EVENTS_A_PAGE })) {
    if (signal?.aborted === true) return null;
    const batch = intakeBatch(page);
    checkpoint = {
      ...checkpoint,
      position: batch.position,
      origin: checkpoint.origin ?? page[0]?.id ?? null,
      last: lastOf(page) ?? checkpoint.last,
      facts: checkpoint.facts + batch.ledger.length,
      latestFactAt: batch.ledger.reduce((latest, fact) => Math.max(latest, fact.occurredAt), checkpoint.latestFactAt),
    };
    // The facts themselves are of no use here, and a commit of them would be memory.
    taken.push({ ...batch, placed: [] });
    events += page.length;
    if (events >= EVENTS_A_COMMIT) await commit();
    onProgress?.({ step: 'ledger', done: Number(batch.position), total: Number(head) });
  }
  await commit();
  return { ...checkpoint, building: { step: 'customers', after: '' } };
};

/** What several runs of events bring, in one batch. */
const together = (
  batches: ReadonlyArray<IntakeBatch>,
): Pick<Batch, 'facts' | 'identifiers' | 'referrals' | 'claims'> => {
  const claims = new Map<QueueId, number>();
  for (const batch of batches)
    for (const [queue, count] of batch.claims) claims.set(queue, (claims.get(queue) ?? 0) + count);
  return {
    facts: batches.flatMap(({ ledger }) => ledger),
    identifiers: batches.flatMap(({ identifiers }) => identifiers),
    referrals: batches.flatMap(({ referrals }) => referrals),
    claims,
  };
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
  let folded: CustomerChange[] = [];
  let pages = 0;
  let done = 0;
  for (;;) {
    if (signal?.aborted === true) {
      await Promise.allSettled(ahead.map(({ changes }) => changes));
      return false;
    }
    while (!exhausted && ahead.length < PAGES_AHEAD) {
      const page = await readModels.partyIds(read, CUSTOMERS_A_PAGE);
      const last = page.at(-1);
      if (last === undefined) exhausted = true;
      else {
        read = last;
        ahead.push({ last, size: page.length, changes: fold(page) });
      }
    }
    const next = ahead.shift();
    if (next !== undefined) {
      folded.push(...(await next.changes));
      pages += 1;
    }
    if (next === undefined || pages === PAGES_A_COMMIT) {
      await readModels.commit({
        ...NO_CHANGE,
        customers: folded,
        // Facts dated ahead are the engine's business: they make everyone due once, right after the build.
        everyoneDue: next === undefined && from.latestFactAt > horizon,
        checkpoint: { ...from, horizon, building: next === undefined ? null : { step: 'customers', after: next.last } },
      });
      folded = [];
      pages = 0;
    }
    if (next === undefined) return true;
    done += next.size;
    onProgress?.({ step: 'customers', done, total: null });
    await nextTurn();
  }
};
