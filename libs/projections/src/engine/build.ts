import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Instant, membersOf, type ReferredOrder, rootOf } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import { asItIs, isSealedStore, type Opening, openingWith } from '@afecto/privacy';
import type { Checkpoint, DeadLetter, IdentifierRow, NewCustomer, PartyLedgers, ReadModels } from '@afecto/read-models';
import { TallyKeys } from '../tally/tally-of';
import { partsAhead } from '../threads/parts-ahead';
import { ledgerSource, unreadableFacts } from './customer-facts';
import { failingLetterOf, heldFromOf, lettersOf } from './dead-letters';
import { NO_CHANGE, PROJECTIONS_VERSION } from './engine';
import type { PartQuestion } from './fold-customers';
import { type FoldPool, foldPool } from './fold-pool';
import { LogTaken } from './log-taken';
import { ledgerFactOfText } from './ledger-entry';
import { Referrals } from './referrals';
import { resolveCustomer } from './resolve-customer';
import { partOf, partsFor, Spill } from './spill';
import { CurrentWorld } from './world';

/** Read at once. */
const EVENTS_A_PAGE = 2_000;
/** A commit takes the customers of several parts, until there are so many. */
const CUSTOMERS_A_COMMIT = 2_000;
/** Of those that are folded one by one. */
const PARTIES_A_PAGE = 200;

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
  /** Events that are folded together: memory follows it. Default 2 000. */
  readonly eventsAPart?: number;
  /** Threads that fold at most, the caller's among them; default one for each core. */
  readonly threads?: number;
}

/**
 * Builds empty or half-built read models from the log, up to its present end: reads it once, in order, and puts
 * every fact aside by customer; folds every customer from its own facts, and writes it and its ledger; makes the
 * indexes; and then folds whoever needs the ledger of others. Does the same as the engine fact by fact, an order
 * of magnitude sooner. Each commit carries where to go on: an interrupted build (signal, crash) goes on from
 * there. Resolves to false when it was interrupted.
 */
export const build = async (store: EventStore, readModels: ReadModels, options: BuildOptions): Promise<boolean> => {
  const stored = await readModels.checkpoint();
  if (stored?.building === null) return true;
  const [from, to] =
    stored?.building.step === 'customers' ? [stored, stored.position] : [null, options.until ?? (await store.head())];
  const parts = from?.building?.step === 'customers' ? from.building.parts : partsFor(Number(to), options.eventsAPart);
  const building: Building = { store, readModels, options };
  const spill = new Spill(options.spillFile ?? join(tmpdir(), `afecto-build-${randomUUID()}`), parts);
  try {
    const isFolded = from?.building?.step === 'customers' && from.building.done === parts;
    const folded = isFolded ? from : await foldParts(building, spill, from, to);
    // Sorting takes the memory that folding had.
    spill.close();
    return folded !== null && (await finish(building, folded));
  } finally {
    spill.close();
  }
};

interface Building {
  readonly store: EventStore;
  readonly readModels: ReadModels;
  readonly options: BuildOptions;
}

const keptOf = (store: EventStore): EventStore => (isSealedStore(store) ? store.kept : store);
const openingOf = (store: EventStore): Opening => (isSealedStore(store) ? openingWith(store.keys) : asItIs);

interface Reading {
  readonly spill: Spill;
  readonly pool: FoldPool;
  /** Where the folding of parts stands; null: it has not begun. */
  readonly from: Checkpoint | null;
  /** Last position read. */
  readonly to: bigint;
}

/** The log laid aside. */
interface Laid {
  readonly checkpoint: Checkpoint;
  readonly spill: Spill;
  readonly referrals: Referrals;
}

/**
 * Lays aside what the parts need that are still to be folded. What does not belong to one party is committed at
 * the end; before it, when there is much: nothing of that comes to another end when it is taken in once more.
 * Null: interrupted.
 */
const readLog = async (
  { store, readModels, options: { now, signal, onProgress } }: Building,
  { spill, pool, from, to }: Reading,
): Promise<Laid | null> => {
  const done = from?.building?.step === 'customers' ? from.building.done : 0;
  const referrals = new Referrals();
  const taken = new LogTaken(now, openingOf(store));
  let laid = 0;
  // What is laid aside stays as the log keeps it: no personal value is written to the spill in clear.
  for await (const page of keptOf(store).readTexts({ to, pageSize: EVENTS_A_PAGE })) {
    if (signal?.aborted === true) return null;
    const facts = page.map(ledgerFactOfText);
    for (const [index, fact] of facts.entries()) {
      const text = page[index];
      if (text === undefined || fact === null) continue;
      spill.addFor(fact.subjects, text, done);
      referrals.take(text, fact.subjects);
      laid += 1;
    }
    pool.expect(laid);
    if (from === null) {
      taken.take(page, facts);
      if (taken.isMuch) await readModels.commit(taken.some());
    }
    onProgress?.({ step: 'ledger', done: Number(page.at(-1)?.position ?? 0n), total: Number(to) });
  }
  if (from !== null) return { checkpoint: from, spill, referrals };
  const all = taken.all({ step: 'customers', parts: spill.parts, done });
  await readModels.commit(all);
  return { checkpoint: all.checkpoint, spill, referrals };
};

/** Reads the log, and folds and writes it part by part; null: interrupted. */
const foldParts = async (
  building: Building,
  spill: Spill,
  from: Checkpoint | null,
  to: bigint,
): Promise<Checkpoint | null> => {
  const pool = foldPool(openingOf(building.store), building.options.threads);
  try {
    const laid = await readLog(building, { spill, pool, from, to });
    return laid === null ? null : await foldLaid(building, laid, pool);
  } finally {
    await pool.close();
  }
};

const foldLaid = async (
  { store, readModels, options }: Building,
  { checkpoint: from, spill, referrals }: Laid,
  pool: FoldPool,
): Promise<Checkpoint | null> => {
  const { now, signal, onProgress } = options;
  const horizon = Math.max(from.horizon, now);
  const world = new CurrentWorld(readModels, store);
  await world.reload(horizon);
  const first = from.building?.step === 'customers' ? from.building.done : 0;
  const referrers = Map.groupBy(referrals.referrers, (referrerId) => partOf(referrerId, spill.parts));
  const question = (part: number): PartQuestion => {
    const referredOrders = new Map<string, ReadonlyArray<ReferredOrder> | null>();
    for (const referrerId of referrers.get(part) ?? [])
      referredOrders.set(referrerId, referrals.ordersFor(referrerId, world.links));
    return { part, spilled: spill.part(part), referredOrders };
  };
  const work = pool.begin(
    {
      file: spill.file,
      parts: spill.parts,
      horizon,
      worldFacts: world.facts,
      keyFiles: isSealedStore(store) ? store.keyFiles : null,
    },
    question,
  );
  let checkpoint = from;
  let added: NewCustomer[] = [];
  let identifiers: IdentifierRow[] = [];
  let ledgers: PartyLedgers[] = [];
  let done = 0;
  // They are committed in order, so that `done` says where to go on.
  for await (const [part, folded] of partsAhead(first, spill.parts, work)) {
    added.push(...folded.customers);
    identifiers.push(...folded.identifiers);
    ledgers.push(folded.ledgers);
    if (signal?.aborted === true) return null;
    if (added.length < CUSTOMERS_A_COMMIT && part < spill.parts - 1) continue;
    checkpoint = { ...from, horizon, building: { step: 'customers', parts: spill.parts, done: part + 1 } };
    await readModels.commit({ ...NO_CHANGE, ledgers, added, identifiers, checkpoint });
    done += added.length;
    onProgress?.({ step: 'customers', done, total: null });
    added = [];
    identifiers = [];
    ledgers = [];
    await nextTurn();
  }
  return checkpoint;
};

/** All parts are folded: indexes, one a turn; then who is missing; and then what counts over all of them. */
const finish = async (building: Building, folded: Checkpoint): Promise<boolean> => {
  const { readModels, options } = building;
  const { now, signal } = options;
  while (await readModels.makeIndex()) {
    await nextTurn();
    if (signal?.aborted === true) return false;
  }
  const checkpoint = { ...folded, horizon: Math.max(folded.horizon, now) };
  if (!(await foldTheRest(building, checkpoint))) return false;
  await readModels.commit({ ...NO_CHANGE, checkpoint: { ...checkpoint, building: null } });
  return true;
};

/** Customers that no part could fold, from the ledger. Whoever has a row by now was folded before an interruption. */
const foldTheRest = async (
  { store, readModels, options: { signal } }: Building,
  checkpoint: Checkpoint,
): Promise<boolean> => {
  const world = new CurrentWorld(readModels, store);
  await world.reload(checkpoint.horizon);
  for (let after: string | null = null; ;) {
    const page: ReadonlyArray<string> = await readModels.partiesWithoutRow(after, PARTIES_A_PAGE);
    const added: NewCustomer[] = [];
    const deadLetters: DeadLetter[] = [];
    for (const partyId of page) {
      if (rootOf(world.links, partyId) !== partyId) continue;
      const resolved = await foldWithOthers(partyId, world, readModels, store, checkpoint.horizon);
      if (resolved.customer !== null) added.push(resolved.customer);
      deadLetters.push(...resolved.deadLetters);
    }
    if (signal?.aborted === true) return false;
    if (page.length === 0) return true;
    await readModels.commit({ ...NO_CHANGE, added, deadLetters, checkpoint });
    after = page.at(-1) ?? null;
    await nextTurn();
  }
};

interface FoldedWithOthers {
  readonly customer: NewCustomer | null;
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
  return { customer: judged?.change ?? null, deadLetters };
};
