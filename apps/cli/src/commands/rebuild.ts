import { setTimeout as pause } from 'node:timers/promises';
import {
  asOneBuilder,
  type Comparison,
  EVERYBODY,
  isOffered,
  offerSuccessor,
  type OpenFailure,
  openReadOnlyStore,
  openStore,
  type Prepared,
  prepareSuccessor,
  type Shown,
  withdrawOffer,
} from '@afecto/application';
import type { PersonalClass } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import { makePresent, presentFile, removeGeneration } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { buildBars } from '../terminal/build-bars';
import { count, counted } from '../terminal/numbers';
import { done, failed, interrupted, json, type Outcome, refused, showing } from './outcome';
import { presentOf } from './present';
import { existingStore } from './store-file';

export interface Rebuilt {
  readonly facts: number;
  readonly seconds: number;
  readonly factsPerSecond: number;
  /** Null when there was nothing complete to compare with. */
  readonly comparison: Comparison | null;
  /** Whether a running server has taken them over, without a pause. */
  readonly whileRunning: boolean;
}

export interface RebuildOptions {
  readonly shown: boolean;
  readonly signal: AbortSignal;
  /** One of `projectionNames`: only its rows are compared. Default all. */
  readonly projection?: string;
}

const SUMS: ReadonlyArray<string> = ['tally', 'tally_block', 'contribution'];
/** The tables that hold each projection (`domain.md §16`): one fold makes them all, so they are switched together. */
const TABLES: Readonly<Record<string, ReadonlyArray<string>>> = {
  PR01: ['party_fact', 'world_fact'],
  PR02: ['customer', 'identifier', 'erased_party', 'referral'],
  PR03: ['identifier', 'erased_party'],
  PR04: ['customer', 'referral'],
  PR05: ['customer', ...SUMS],
  PR06: ['customer'],
  PR07: ['customer'],
  PR08: ['customer'],
  PR09: ['work_item', 'claim_count'],
  // Figures are sums over customers; what views show of one customer is folded from its facts.
  PR10: SUMS,
  PR11: SUMS,
  PR12: SUMS,
  PR13: SUMS,
  PR14: SUMS,
  PR15: SUMS,
  PR16: SUMS,
  PR17: SUMS,
  PR18: [...SUMS, 'dead_letter'],
  PR19: SUMS,
  PR20: SUMS,
};

export const projectionNames: ReadonlyArray<string> = Object.keys(TABLES);

/**
 * How long whoever has the log is given to take over what was built for it, or to end; how often it is looked
 * whether it has, and how often whether it has ended.
 */
const TAKEN_MS = 60_000;
const LOOK_MS = 50;
const LOOK_FOR_END_MS = 1_000;

/** More would be little faster, because one thread writes, and cost memory. */
const FOLDING_THREADS = 3;

const prepare = async (
  settings: CommandSettings,
  store: EventStore,
  { shown, signal, projection }: RebuildOptions,
): Promise<E.Either<OpenFailure, Prepared | null>> => {
  const bars = buildBars(shown);
  const now = await presentOf(settings, store);
  try {
    return await prepareSuccessor(
      store,
      { readModels: settings.readModels, now: () => now },
      {
        signal,
        onProgress: bars.onProgress,
        threads: FOLDING_THREADS,
        ...(projection === undefined ? {} : { tables: TABLES[projection] ?? [] }),
      },
    );
  } finally {
    bars.end();
  }
};

const rebuiltOf = ({ facts, seconds, comparison }: Prepared, whileRunning: boolean): Rebuilt => ({
  facts,
  seconds,
  factsPerSecond: Math.round(facts / seconds),
  comparison,
  whileRunning,
});

/** Nobody else keeps the live ones: they are replaced here. Right null: interrupted. */
export const rebuildAlone = async (
  settings: CommandSettings,
  store: EventStore,
  options: RebuildOptions,
): Promise<E.Either<OpenFailure, Rebuilt | null>> => {
  const prepared = await prepare(settings, store, options);
  if (E.isLeft(prepared)) return prepared;
  if (prepared.right === null) return E.right(null);
  const former = presentFile(settings.readModels);
  makePresent(settings.readModels, prepared.right.file);
  removeGeneration(former);
  return E.right(rebuiltOf(prepared.right, false));
};

/** Another process has the log. A server takes over what is built here; of another command the end is waited for. */
const rebuildBeside = async (
  settings: CommandSettings,
  holder: OpenFailure,
  options: RebuildOptions,
): Promise<E.Either<OpenFailure, Rebuilt | null>> => {
  const opened = await openReadOnlyStore(settings);
  if (E.isLeft(opened)) return opened;
  const store = opened.right;
  try {
    const prepared = await prepare(settings, store, options);
    if (E.isLeft(prepared)) return prepared;
    if (prepared.right === null) return E.right(null);
    const former = presentFile(settings.readModels);
    offerSuccessor(settings.readModels, prepared.right.file);
    const until = performance.now() + TAKEN_MS;
    let lookForEnd = performance.now();
    while (isOffered(settings.readModels) && performance.now() < until && !options.signal.aborted) {
      await pause(LOOK_MS);
      if (performance.now() < lookForEnd) continue;
      lookForEnd = performance.now() + LOOK_FOR_END_MS;
      const freed = await openStore(settings);
      if (E.isLeft(freed)) continue;
      try {
        withdrawOffer(settings.readModels);
        return await rebuildAlone(settings, freed.right, options);
      } finally {
        await freed.right.close();
      }
    }
    if (presentFile(settings.readModels) !== former) return E.right(rebuiltOf(prepared.right, true));
    withdrawOffer(settings.readModels);
    return E.left({
      code: 'NotTaken',
      message: `${holder.message}\nIt has not taken over the read models that were built. If it is a server, its log says why; if it is another command, wait for its end. They are kept: the same command goes on with them.`,
    });
  } finally {
    await store.close();
  }
};

/**
 * Builds the read models anew, one rebuild at a time, beside the present ones, which stay in use until then,
 * compares the two, and puts the new ones in their place. Right null: interrupted; the next call goes on from there.
 */
export const rebuild = async (
  settings: CommandSettings,
  options: RebuildOptions,
): Promise<E.Either<OpenFailure, Rebuilt | null>> => {
  const existing = existingStore(settings);
  if (E.isLeft(existing)) return existing;
  return asOneBuilder(settings, async () => {
    const opened = await openStore(settings);
    if (E.isLeft(opened))
      return opened.left.code === 'StoreHeld' ? rebuildBeside(settings, opened.left, options) : opened;
    try {
      return await rebuildAlone(settings, opened.right, options);
    } finally {
      await opened.right.close();
    }
  });
};

const shownRow = (row: string | null): string => row ?? '(none)';

export const comparisonText = (comparison: Comparison | null): string => {
  if (comparison === null) return 'there was nothing complete to compare with';
  if (comparison.equal)
    return `equal to the live ones, byte for byte: ${count(comparison.lines)} rows, sha-256 ${comparison.hash.slice(0, 16)}…`;
  const shown = comparison.first.map(
    ({ live, rebuilt }) => `\n  live    ${shownRow(live)}\n  rebuilt ${shownRow(rebuilt)}`,
  );
  const more = comparison.differences - comparison.first.length;
  return `DIFFERENT from the live ones in ${counted(comparison.differences, 'row')}${shown.join('')}${more > 0 ? `\n  and ${count(more)} more` : ''}`;
};

const ROWS: Shown = new Map([[EVERYBODY, new Set<PersonalClass>(['identity'])]]);

export const rebuildReadModels = async (
  settings: CommandSettings,
  options: Omit<RebuildOptions, 'shown'>,
): Promise<Outcome> => {
  const result = await rebuild(settings, { ...options, shown: !settings.json });
  if (E.isLeft(result)) return failed(result.left.message);
  if (result.right === null)
    return interrupted('Interrupted; the read models are as they were. The same command goes on where it stopped.');
  const { facts, seconds, factsPerSecond, comparison, whileRunning } = result.right;
  // Rows that differ are printed as they are, with the names in them.
  const end = comparison?.equal === false ? (text: string) => showing(ROWS, refused(text)) : done;
  if (settings.json) return end(json(result.right));
  return end(
    `${counted(facts, 'fact')} rebuilt in ${seconds.toFixed(1)} s (${count(factsPerSecond)}/s), ${comparisonText(comparison)}${whileRunning ? '\nthe running server has taken them over' : ''}`,
  );
};
