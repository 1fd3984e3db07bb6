import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Instant, membersOf, type QueueId, type ReferredOrder } from '@afecto/domain';
import type { EventStore, EventText } from '@afecto/event-store';
import { asItIs, isSealedStore, type Opening, openingWith } from '@afecto/privacy';
import type {
  Batch,
  Checkpoint,
  CustomerChange,
  DeadLetter,
  IdentifierRow,
  LedgerFact,
  ReadModels,
} from '@afecto/read-models';
import { TallyKeys } from '../tally/tally-of';
import { ledgerSource, unreadableFacts } from './customer-facts';
import { failingLetterOf, heldFromOf, lettersOf } from './dead-letters';
import { lastOf, NO_CHANGE, PROJECTIONS_VERSION } from './engine';
import type { FoldedPart } from './fold-customers';
import { foldPool } from './fold-pool';
import { type IntakeBatch, intakeBatch } from './intake-batch';
import { ledgerFactOfText, passedOver, storedEventOf } from './ledger-entry';
import { isLookedInto } from './read-fact';
import { Referrals } from './referrals';
import { resolveCustomer } from './resolve-customer';
import { partOf, partsFor, Spill } from './spill';
import { CurrentWorld } from './world';

/** Read at once; each commit takes several pages. */
const EVENTS_A_PAGE = 2_000;
/**
 * The rows of a commit lie all over the file: the more of them, the fewer pages are written again. Of a log that
 * is longer a commit takes more, some 50 MiB at most.
 */
const eventsACommit = (events: bigint): number => Math.max(50_000, Math.min(250_000, Number(events) / 40));
/** Parts being folded while one is written. */
const PARTS_AHEAD = 6;
/** A commit takes the customers of several parts, until there are so many. */
const CUSTOMERS_A_COMMIT = 2_000;

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
  /** Where facts are laid aside by customer, about as much as the log; removed at the end. Default the temporary folder. */
  readonly spillFile?: string;
  /** Events that are folded together: memory follows it. Default 8 000. */
  readonly eventsAPart?: number;
  /** Folding threads at most; default one for each core. */
  readonly threads?: number;
}

/**
 * Builds empty or half-built read models from the log, up to its present end: reads it once, in order,
 * puts every fact into the ledger and aside by customer; then folds every customer once from its own
 * facts. Does the same as the engine fact by fact, an order of magnitude sooner. Each commit carries
 * where to go on: an interrupted build (signal, crash) goes on from there. Resolves to false when it
 * was interrupted.
 */
export const build = async (store: EventStore, readModels: ReadModels, options: BuildOptions): Promise<boolean> => {
  const from: Checkpoint = (await readModels.checkpoint()) ?? {
    position: 0n,
    origin: null,
    last: null,
    horizon: options.now,
    version: PROJECTIONS_VERSION,
    facts: 0,
    latestFactAt: Number.MIN_SAFE_INTEGER,
    building: { step: 'ledger' },
  };
  if (from.building === null) return true;
  const to = from.building.step === 'ledger' ? (options.until ?? (await store.head())) : from.position;
  const parts = from.building.step === 'ledger' ? partsFor(Number(to), options.eventsAPart) : from.building.parts;
  const spill = new Spill(options.spillFile ?? join(tmpdir(), `afecto-build-${randomUUID()}`), parts);
  try {
    const referrals = new Referrals();
    if (from.building.step === 'customers' && from.building.done === parts)
      return await finish(readModels, from, options);
    const read = await readLog(store, readModels, { from, to, spill, referrals }, options);
    const built = read !== null && (await buildCustomers(store, readModels, { from: read, spill, referrals }, options));
    // Sorting takes the memory that folding had.
    spill.close();
    return built && (await finish(readModels, { ...read, horizon: Math.max(read.horizon, options.now) }, options));
  } finally {
    spill.close();
  }
};

const keptOf = (store: EventStore): EventStore => (isSealedStore(store) ? store.kept : store);
const openingOf = (store: EventStore): Opening => (isSealedStore(store) ? openingWith(store.keys) : asItIs);

interface Reading {
  readonly from: Checkpoint;
  /** Last position read. */
  readonly to: bigint;
  readonly spill: Spill;
  readonly referrals: Referrals;
}

/** Everything up to the checkpoint is in the ledger already; it is laid aside only for parts that are still to be folded. */
const readLog = async (
  store: EventStore,
  readModels: ReadModels,
  { from, to, spill, referrals }: Reading,
  { signal, onProgress }: BuildOptions,
): Promise<Checkpoint | null> => {
  const folded = from.building?.step === 'customers' ? from.building.done : 0;
  let checkpoint = from;
  let ledger: LedgerFact[] = [];
  let lookedInto: IntakeBatch[] = [];
  let deadLetters: DeadLetter[] = [];
  const commit = async (): Promise<void> => {
    if (checkpoint.position === from.position) return;
    await readModels.commit({ ...NO_CHANGE, ...together(lookedInto), facts: ledger, deadLetters, checkpoint });
    ledger = [];
    lookedInto = [];
    deadLetters = [];
  };
  const opening = openingOf(store);
  // What is laid aside stays as the log keeps it: no personal value is written to the spill in clear.
  for await (const page of keptOf(store).readTexts({ to, pageSize: EVENTS_A_PAGE })) {
    if (signal?.aborted === true) return null;
    const facts = page.map(ledgerFactOfText);
    const toLookInto: EventText[] = [];
    for (const [index, fact] of facts.entries()) {
      const text = page[index];
      if (text === undefined) continue;
      const isFresh = text.position > from.position;
      if (fact === null) {
        const unreadable = isFresh ? passedOver(text) : null;
        if (unreadable !== null) deadLetters.push(...lettersOf(unreadable, PROJECTIONS_VERSION));
        continue;
      }
      for (const part of new Set(fact.subjects.map((subject) => partOf(subject, spill.parts))))
        if (part >= folded) spill.add(part, text);
      referrals.take(text, fact.subjects);
      // Who somebody is, is read with the facts of its part: here its keys would be looked up once more.
      if (isFresh && isLookedInto(text) && (text.type !== 'PartyIdentified' || fact.subjects.length === 0))
        toLookInto.push(text);
    }
    const fresh = page.filter(({ position }) => position > from.position);
    if (fresh.length > 0) {
      checkpoint = advanced(checkpoint, fresh, facts);
      for (const fact of facts) if (fact !== null && fact.position > from.position) ledger.push(fact);
      opening.refresh();
      lookedInto.push(intakeBatch(toLookInto.map((text) => opening.event(storedEventOf(text)))));
      if (ledger.length >= eventsACommit(to)) await commit();
    }
    onProgress?.({ step: 'ledger', done: Number(page.at(-1)?.position ?? 0n), total: Number(to) });
  }
  await commit();
  return { ...checkpoint, building: { step: 'customers', parts: spill.parts, done: folded } };
};

const advanced = (
  checkpoint: Checkpoint,
  page: ReadonlyArray<EventText>,
  facts: ReadonlyArray<LedgerFact | null>,
): Checkpoint => {
  let { facts: count, latestFactAt } = checkpoint;
  for (const fact of facts) {
    if (fact === null || fact.position <= checkpoint.position) continue;
    count += 1;
    if (fact.occurredAt > latestFactAt) latestFactAt = fact.occurredAt;
  }
  return {
    ...checkpoint,
    position: page.at(-1)?.position ?? checkpoint.position,
    origin: checkpoint.origin ?? page[0]?.id ?? null,
    last: lastOf(page) ?? checkpoint.last,
    facts: count,
    latestFactAt,
  };
};

/** What several runs of events bring, in one batch. */
const together = (
  batches: ReadonlyArray<IntakeBatch>,
): Pick<Batch, 'identifiers' | 'referrals' | 'claims' | 'erased'> => {
  const claims = new Map<QueueId, number>();
  for (const batch of batches)
    for (const [queue, count] of batch.claims) claims.set(queue, (claims.get(queue) ?? 0) + count);
  return {
    identifiers: batches.flatMap(({ identifiers }) => identifiers),
    referrals: batches.flatMap(({ referrals }) => referrals),
    erased: batches.flatMap(({ erased }) => erased),
    claims,
  };
};

const buildCustomers = async (
  store: EventStore,
  readModels: ReadModels,
  { from, spill, referrals }: Omit<Reading, 'to'>,
  { now, signal, onProgress, threads }: BuildOptions,
): Promise<boolean> => {
  const horizon = Math.max(from.horizon, now);
  const world = new CurrentWorld(readModels, store);
  await world.reload(horizon);
  const pool = foldPool(
    {
      file: spill.file,
      parts: spill.parts,
      horizon,
      worldFacts: world.facts,
      keyFiles: isSealedStore(store) ? store.keyFiles : null,
    },
    openingOf(store),
    from.facts,
    threads,
  );
  const first = from.building?.step === 'customers' ? from.building.done : 0;
  const referrers = Map.groupBy(referrals.referrers, (referrerId) => partOf(referrerId, spill.parts));
  const fold = async (part: number): Promise<FoldedPart> => {
    const orders = new Map<string, ReadonlyArray<ReferredOrder>>();
    for (const referrerId of referrers.get(part) ?? [])
      orders.set(referrerId, await referrals.ordersFor(referrerId, world.links, readModels, store));
    return pool.fold(part, spill.part(part), orders);
  };
  // Some parts are folded ahead; they are committed in order, so that `done` says where to go on.
  const ahead: Promise<FoldedPart>[] = [];
  let asked = first;
  let customers: CustomerChange[] = [];
  let identifiers: IdentifierRow[] = [];
  let deadLetters: DeadLetter[] = [];
  let done = 0;
  try {
    for (let part = first; part < spill.parts; part++) {
      while (asked < spill.parts && ahead.length < PARTS_AHEAD) ahead.push(fold(asked++));
      const folded = await ahead.shift();
      if (folded === undefined) throw new Error(`part ${part} was not asked for`);
      customers.push(...folded.changes);
      identifiers.push(...folded.identifiers);
      for (const partyId of folded.others) {
        const resolved = await foldWithOthers(partyId, world, readModels, store, horizon);
        if (resolved.change !== null) customers.push(resolved.change);
        deadLetters.push(...resolved.deadLetters);
      }
      if (signal?.aborted === true) return false;
      if (customers.length < CUSTOMERS_A_COMMIT && part < spill.parts - 1) continue;
      const building = { step: 'customers' as const, parts: spill.parts, done: part + 1 };
      const checkpoint = { ...from, horizon, building };
      await readModels.commit({ ...NO_CHANGE, customers, identifiers, deadLetters, checkpoint });
      done += customers.length;
      onProgress?.({ step: 'customers', done, total: null });
      customers = [];
      identifiers = [];
      deadLetters = [];
      await nextTurn();
    }
    return true;
  } finally {
    await Promise.allSettled(ahead);
    await pool.close();
  }
};

/** All customers are there: indexes, one a turn, and then what counts over all of them. */
const finish = async (readModels: ReadModels, from: Checkpoint, { signal }: BuildOptions): Promise<boolean> => {
  while (await readModels.makeIndex()) {
    await nextTurn();
    if (signal?.aborted === true) return false;
  }
  await readModels.commit({ ...NO_CHANGE, checkpoint: { ...from, building: null } });
  return true;
};

interface FoldedWithOthers {
  readonly change: CustomerChange | null;
  /** What its members are held back by. */
  readonly deadLetters: ReadonlyArray<DeadLetter>;
}

/** A customer whose fold needs what the ledger says of other parties, of what is still to come, or of what is wrong. */
const foldWithOthers = async (
  partyId: string,
  world: CurrentWorld,
  readModels: ReadModels,
  store: EventStore,
  horizon: Instant,
): Promise<FoldedWithOthers> => {
  const members = new Set(membersOf(world.links, partyId));
  const unreadable = (await unreadableFacts([...members], readModels, store))
    .flatMap((event) => lettersOf(event, PROJECTIONS_VERSION))
    .filter((letter) => letter.partyId !== null && members.has(letter.partyId));
  const before = heldFromOf(unreadable);
  const source = ledgerSource(readModels, store, async () => before);
  const { judged, failing } = await resolveCustomer(partyId, world, source, { horizon, before, keys: new TallyKeys() });
  const deadLetters =
    failing === null ? unreadable : [...unreadable, failingLetterOf(failing, partyId, PROJECTIONS_VERSION)];
  return { change: judged?.change ?? null, deadLetters };
};
