import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Fact } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import type { DeadLetter, ReadModels } from '@afecto/read-models';
import type { BuildProgress } from '../../engine/build';
import { ledgerSource } from '../../engine/customer-facts';
import { isLink, ledgerFactOfText, type PlacedFact, placedFact } from '../../engine/ledger-entry';
import { partsAhead } from '../../threads/parts-ahead';
import { partOf, partsFor, Spill } from '../../engine/spill';
import { partyHistoryOf, stateIn } from '../party-history';
import { comparisonPool } from './comparison-pool';
import { PartyGroups } from './groups';
import { type ComparedLog, type Failed, failedOf } from './part-comparer';
import { type Side, worldOfSide } from './side';
import { type Migrations, type Moved, type QueueCounts, type Summary, summaryOf, Tallied } from './summary';

const EVENTS_A_PAGE = 2_000;
const LETTERS_A_PAGE = 1_000;

export interface CompareOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BuildProgress) => void;
  /** Where facts are laid aside by customer, about as much as the log; removed at the end. */
  readonly spillFile: string;
  /** Events that are folded together: memory follows it. Default 2 000. */
  readonly eventsAPart?: number;
  /** Customers that stand otherwise on the two sides, in no particular order. */
  readonly onMoved: (moved: ReadonlyArray<Moved>) => void;
}

export interface CustomersCompared {
  /** Who is a customer on either side. */
  readonly customers: number;
  readonly moved: number;
  readonly migrations: Migrations;
  readonly queues: ReadonlyArray<QueueCounts>;
  /** Who could not be folded on both sides, and is in none of the counts. */
  readonly failed: ReadonlyArray<Failed>;
}

/**
 * Every customer on two sides: at two instants, or under two configurations. Reads the log once, in
 * order, up to where the read models are, and lays it aside by customer; then folds part by part, on all
 * cores. Memory stays flat and neither the log nor the read models are written. Null: interrupted.
 */
export const compareCustomers = async (
  store: EventStore,
  readModels: ReadModels,
  { before, after }: { readonly before: Side; readonly after: Side },
  options: CompareOptions,
): Promise<CustomersCompared | null> => {
  const checkpoint = await readModels.checkpoint();
  const to = checkpoint?.position ?? 0n;
  const world = (await store.eventsAt(await readModels.worldFacts())).flatMap((event) => placedFact(event) ?? []);
  const worldFacts = world.map(({ fact }) => fact);
  const spill = new Spill(options.spillFile, partsFor(Number(to), options.eventsAPart));
  try {
    const groups = new PartyGroups(worldFacts.filter(isLink));
    if (!(await layAside({ store, readModels, spill, groups, to, before, after }, options))) return null;
    const log: ComparedLog = {
      file: spill.file,
      parts: spill.parts,
      before,
      after,
      worldFacts,
      held: await heldParties(readModels),
    };
    return await compareParts({ store, readModels, spill, groups, world, log, facts: checkpoint?.facts ?? 0 }, options);
  } finally {
    spill.close();
  }
};

/** Everyone with a dead letter of its own. */
const heldParties = async (readModels: ReadModels): Promise<ReadonlySet<string>> => {
  const held = new Set<string>();
  let after: DeadLetter | undefined;
  for (;;) {
    const page: ReadonlyArray<DeadLetter> = await readModels.deadLetters({
      limit: LETTERS_A_PAGE,
      ...(after === undefined ? {} : { after }),
    });
    for (const { partyId } of page) if (partyId !== null) held.add(partyId);
    after = page.at(-1);
    if (after === undefined) return held;
  }
};

interface Laying {
  readonly store: EventStore;
  readonly readModels: ReadModels;
  readonly spill: Spill;
  readonly groups: PartyGroups;
  /** Last position read. */
  readonly to: bigint;
  readonly before: Side;
  readonly after: Side;
}

/** False: interrupted. */
const layAside = async (
  { store, readModels, spill, groups, to, before, after }: Laying,
  { signal, onProgress }: CompareOptions,
): Promise<boolean> => {
  const until = Math.max(before.asOf, after.asOf);
  for await (const page of store.readTexts({ to, pageSize: EVENTS_A_PAGE })) {
    if (signal?.aborted === true) return false;
    for (const text of page) {
      const fact = ledgerFactOfText(text);
      if (fact === null || fact.world || fact.occurredAt > until) continue;
      const heads = fact.subjects.map((subject) => groups.headOf(subject));
      // An order converts the referrals of whoever referred its buyer, or a party that was one with it.
      if (text.type === 'OrderPlaced')
        for (const referrer of await readModels.referrersOf(heads.flatMap((head) => groups.membersOf(head))))
          heads.push(groups.headOf(referrer));
      for (const part of new Set(heads.map((head) => partOf(head, spill.parts)))) spill.add(part, text);
    }
    onProgress?.({ step: 'ledger', done: Number(page.at(-1)?.position ?? 0n), total: Number(to) });
  }
  return true;
};

interface Comparing {
  readonly store: EventStore;
  readonly readModels: ReadModels;
  readonly spill: Spill;
  readonly groups: PartyGroups;
  readonly world: ReadonlyArray<PlacedFact>;
  readonly log: ComparedLog;
  readonly facts: number;
}

const compareParts = async (
  { store, readModels, spill, groups, world, log, facts }: Comparing,
  { signal, onProgress, onMoved }: CompareOptions,
): Promise<CustomersCompared | null> => {
  const tallied = new Tallied();
  const failed: Failed[] = [];
  const pool = comparisonPool(log, facts, (part) => ({ part, spilled: spill.part(part) }));
  try {
    for await (const [, compared] of partsAhead(0, spill.parts, pool.work)) {
      tallied.merge(compared.tallied);
      const moved = [...compared.moved];
      failed.push(...compared.failed);
      for (const head of compared.left)
        try {
          const members = groups.membersOf(head);
          for (const { partyId, before, after } of await fromLedger(members, log, world, store, readModels))
            if (tallied.add(before, after)) moved.push({ partyId, before, after });
        } catch (error) {
          failed.push(failedOf(head, error));
        }
      onMoved(moved);
      onProgress?.({ step: 'customers', done: tallied.customers, total: null });
      await nextTurn();
      if (signal?.aborted === true) return null;
    }
    const { customers, moved, queues } = tallied;
    const of = (respect: keyof Migrations) => tallied.migrations(respect);
    return {
      customers,
      moved,
      migrations: { zone: of('zone'), tier: of('tier'), phase: of('phase'), action: of('action') },
      queues,
      failed,
    };
  } finally {
    await pool.close();
  }
};

/** Customers of a group one by one from the ledger, which knows what waits behind a dead letter. */
const fromLedger = async (
  members: ReadonlyArray<string>,
  log: ComparedLog,
  world: ReadonlyArray<PlacedFact>,
  store: EventStore,
  readModels: ReadModels,
): Promise<ReadonlyArray<Moved>> => {
  const source = ledgerSource(readModels, store);
  const on = async (side: Side): Promise<ReadonlyMap<string, Summary>> => {
    const found = new Map<string, Summary>();
    const facts: ReadonlyArray<Fact> = log.worldFacts;
    const { regime } = worldOfSide(side, facts);
    const knownAt = side.knownAt ?? Number.MAX_SAFE_INTEGER;
    const known = world.filter(({ fact }) => fact.recordedAt <= knownAt);
    for (const member of members) {
      const history = await partyHistoryOf(member, known, source, { until: side.asOf, knownAt });
      const state = history === null ? null : stateIn(history, regime, side.asOf);
      if (state !== null) found.set(state.evidence.partyId, summaryOf(state));
    }
    return found;
  };
  const [before, after] = [await on(log.before), await on(log.after)];
  return [...new Set([...before.keys(), ...after.keys()])].map((partyId) => ({
    partyId,
    before: before.get(partyId) ?? null,
    after: after.get(partyId) ?? null,
  }));
};
