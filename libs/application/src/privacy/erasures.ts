import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { type FactOf, isErasureOfAll, membersOf, rootOf } from '@afecto/domain';
import type { NewEvent } from '@afecto/event-store';
import { findInFiles, type PendingErasure, type SealedEventStore, type UnfinishedErasure } from '@afecto/privacy';
import type { Projections } from '@afecto/projections';
import { presentFile, type ReadModels, removeGeneration } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import type { Quarantine } from '../intake/quarantine';
import type { Settings } from '../system/settings';
import { successorFile } from '../system/successor';
import { withdrawOffer } from '../system/succession';
import { type Remembered, rememberedOf } from './personal-texts';
import { erasureOf, isTold, toldOf, untoldErasures } from './told-erasures';

/** How often is looked for erasures that others have begun, in milliseconds. */
const LOOK_MS = 250;
/** How long projections may take to reach an erasure before it is tried again, in milliseconds. */
const PROJECTED_WITHIN_MS = 30_000;
/** Readers of a former state end within so many milliseconds, or the erasure is gone on with later. */
const SHRED_PAUSE_MS = 50;
const SHRED_ATTEMPTS = 100;
/** Erasures that are followed up together at most; a crash may leave many. */
const FOLLOWED_AT_ONCE = 1_000;
/** Parties whose customers are folded anew in one step; in between projections go on. */
const FORGOTTEN_A_STEP = 100;
/** Looking for more values than these takes longer than writing the files anew. */
const MOST_LOOKED_FOR = 200;

const excluding = (all: ReadonlyArray<string>, others: ReadonlyArray<string>): ReadonlyArray<string> => {
  const excluded = new Set(others);
  return all.filter((one) => !excluded.has(one));
};

export interface ErasureSources {
  readonly store: SealedEventStore;
  readonly readModels: ReadModels;
  readonly projections: Projections;
  readonly quarantine: Quarantine;
  readonly settings: Pick<Settings, 'readModels' | 'quarantine'>;
}

/** Begins erasures, and follows them up to the rows. */
export type ErasureStep = <A>(begin: () => Promise<A>) => Promise<A>;

/** Erasures that the rows have forgotten, and the files not yet. */
interface Uncleared {
  readonly eventIds: ReadonlyArray<string>;
  readonly whole: ReadonlyArray<string>;
}

const NOTHING_UNCLEARED: Uncleared = { eventIds: [], whole: [] };

/** Finishes what the destruction of keys has begun (`domain.md §17.3`). */
export interface Erasures {
  /**
   * Notes what is personal of a party before its keys go, so that it can be looked for in the files when
   * they are gone; in memory alone. Returns how to forget it again.
   */
  readonly remember: (partyId: string) => Promise<() => void>;
  /** Resolves when no erasure is unfinished; rejects when one cannot be finished now. */
  readonly finish: () => Promise<void>;
  /**
   * Runs what begins many by steps. At the end of each its erasures are told and the rows forget them, and none
   * else is followed up meanwhile; files are cleared once, after all of them, and then they are finished.
   */
  readonly finishTogether: <A>(run: (step: ErasureStep) => Promise<A>) => Promise<A>;
  readonly stop: () => Promise<void>;
}

/**
 * Follows every erasure to its end: the event is in the log, everything that was merged into the party is
 * erased by events of its own, its customer is folded from what is left, and no file holds a copy. Each step
 * may be done again, so a crash anywhere is gone on from by the next start.
 */
export const startErasures = (
  { store, readModels, projections, quarantine, settings }: ErasureSources,
  onFailure?: (message: string) => void,
): Erasures => {
  const { keys } = store;
  const { engine } = projections;
  const ended = new AbortController();
  const { signal } = ended;
  const remembered = new Map<string, Remembered>();
  let queue: Promise<void> = Promise.resolve();
  /** Place of the last erasure that was followed up to the rows. */
  let followed = 0;
  let uncleared = NOTHING_UNCLEARED;
  /** Whether what an older program left untold has been told. */
  let isCompleted = false;
  /** Runs under way that will have the files cleared. */
  let runs = 0;

  const membersOfAll = (partyIds: ReadonlyArray<string>): ReadonlyArray<string> => {
    const { links } = engine.world;
    return [...new Set(partyIds.flatMap((partyId) => [partyId, ...membersOf(links, rootOf(links, partyId))]))];
  };

  const shred = async (thorough: boolean): Promise<void> => {
    for (let attempt = 0; attempt < SHRED_ATTEMPTS; attempt++) {
      if (await readModels.shred(thorough && attempt === 0)) return;
      await pause(SHRED_PAUSE_MS);
    }
    throw new Error('a reader holds on to an earlier state of the read models; the erasure goes on when it ends');
  };

  const copiesIn = (): ReadonlyArray<string> =>
    [presentFile(settings.readModels), settings.quarantine].flatMap((file) => [file, `${file}-wal`]);

  /** Resolves to the place of the last event. */
  const append = async ({ streamId, events }: Pick<PendingErasure, 'streamId' | 'events'>): Promise<bigint> => {
    const appended = await store.append({ streamId, expectedRevision: 'any', events });
    if (E.isLeft(appended)) throw new Error('message' in appended.left ? appended.left.message : appended.left.code);
    return appended.right.events.at(-1)?.position ?? 0n;
  };

  const projected = async (position: bigint): Promise<void> => {
    if (!(await projections.waitFor(position, PROJECTED_WITHIN_MS)))
      throw new Error(`the projections are behind: ${projections.failure() ?? 'busy'}`);
  };

  /** The event is in the log, and what it says of others is known. */
  const told = async (pending: PendingErasure): Promise<void> => projected(await append(pending));

  /** Up to when the free text of all of these parties is gone. */
  const takenUntil = (partyIds: ReadonlyArray<string>): number =>
    Math.max(...partyIds.map((partyId) => keys.ringOf(partyId)?.erased.get('content') ?? Number.NEGATIVE_INFINITY));

  const erasuresIn = async ({ events }: PendingErasure): Promise<ReadonlyArray<FactOf<'PersonalDataErased'>>> => {
    const stored = await Promise.all(events.map(({ id }) => store.findById(id)));
    return stored.flatMap((event) => (event === null ? [] : (erasureOf(event) ?? [])));
  };

  /**
   * An erasure that others tell of names one party. What is merged into it goes with it, each by an event of its
   * own, so that the log says of whom keys are destroyed whoever is separated later. Appending destroys them, and
   * leaves an unfinished erasure that is followed up in its turn.
   */
  const tellOfMembers = async (pending: PendingErasure): Promise<void> => {
    const { partyIds, contentOnly, streamId } = pending;
    const others = (of: ReadonlyArray<string>): ReadonlyArray<string> =>
      excluding(membersOfAll(of), partyIds).filter((member) => !keys.isErased(member));
    const whole = others(excluding(partyIds, contentOnly));
    const until = takenUntil(contentOnly);
    const ofContent = excluding(others(contentOnly), whole).filter((member) => takenUntil([member]) < until);
    if (whole.length + ofContent.length === 0) return;
    const facts = await erasuresIn(pending);
    const toldOfAll = (members: ReadonlyArray<string>, isOfAll: boolean): ReadonlyArray<NewEvent> => {
      const fact = facts.find((one) => isErasureOfAll(one.data) === isOfAll && !isTold(one));
      return fact === undefined ? [] : members.map((member) => toldOf(fact, member, keys));
    };
    const events = [...toldOfAll(whole, true), ...toldOfAll(ofContent, false)];
    if (events.length > 0) await append({ streamId, events });
  };

  /** In short steps, each of which may be done again; whoever waits for projections has its turn in between. */
  const forgetRows = async (whole: ReadonlyArray<string>, contentOnly: ReadonlyArray<string>): Promise<void> => {
    await engine.exclusively(async () => {
      // A successor that is being built has read what is erased now: it is begun anew.
      withdrawOffer(settings.readModels);
      removeGeneration(successorFile(settings.readModels));
    });
    for (let from = 0; from < whole.length && !signal.aborted; from += FORGOTTEN_A_STEP) {
      const some = whole.slice(from, from + FORGOTTEN_A_STEP);
      await engine.exclusively(() => engine.forgetPersonalData(some));
      await nextTurn();
    }
    for (let from = 0; from < contentOnly.length && !signal.aborted; from += FORGOTTEN_A_STEP) {
      const some = contentOnly.slice(from, from + FORGOTTEN_A_STEP);
      await engine.exclusively(() => engine.forgetPersonalData([], some));
      await nextTurn();
    }
  };

  const followUp = async (batch: ReadonlyArray<UnfinishedErasure>): Promise<void> => {
    for (const pending of batch) {
      if (signal.aborted) return;
      await told(pending);
      await tellOfMembers(pending);
    }
    const whole = membersOfAll(batch.flatMap(({ partyIds, contentOnly }) => excluding(partyIds, contentOnly)));
    const contentOnly = excluding(membersOfAll(batch.flatMap((pending) => pending.contentOnly)), whole);
    await forgetRows(whole, contentOnly);
    quarantine.forget([...whole.filter((partyId) => keys.isErased(partyId)), ...contentOnly]);
    if (signal.aborted) return;
    followed = batch.at(-1)?.place ?? followed;
    const eventIds = batch.map(({ eventId }) => eventId);
    uncleared = { eventIds: [...uncleared.eventIds, ...eventIds], whole: [...uncleared.whole, ...whole] };
  };

  const followUpAll = async (): Promise<void> => {
    for (;;) {
      const fresh = keys.pendingErasures(followed, FOLLOWED_AT_ONCE);
      if (fresh.length === 0 || signal.aborted) return;
      await followUp(fresh);
    }
  };

  /** Once a start: nothing is left untold by this program. */
  const complete = async (): Promise<void> => {
    if (isCompleted) return;
    if (keys.erasedKeys().length > 0) {
      await projected(await store.head());
      for await (const { erasure, partyIds } of untoldErasures(store, readModels, engine.world.links)) {
        if (signal.aborted) return;
        const events = partyIds.map((partyId) => toldOf(erasure, partyId, keys));
        await append({ streamId: erasure.streamId, events });
      }
      await followUpAll();
    }
    isCompleted = true;
  };

  /** Copies of many go together: files are cleared, and looked through, once for all of them. */
  const clearFiles = async (): Promise<void> => {
    const { eventIds, whole } = uncleared;
    if (signal.aborted || eventIds.length === 0) return;
    // Free text is in no row, so that nothing of it can be left between rows.
    const values = whole.map((partyId) => remembered.get(partyId) ?? null);
    const known = [...new Set(values.flatMap((each) => each?.texts ?? []))];
    quarantine.forgetTexts([...new Set(values.flatMap((each) => each?.telling ?? []))]);
    const isUnknown = values.includes(null) || known.length > MOST_LOOKED_FOR;
    await shred(isUnknown);
    if (!isUnknown && known.length > 0 && (await findInFiles(copiesIn(), known)).length > 0) await shred(true);
    keys.finish(eventIds);
    uncleared = NOTHING_UNCLEARED;
  };

  /** One after the other, whoever asks. */
  const inTurn = <A>(step: () => Promise<A>): Promise<A> => {
    const run = queue.then(step);
    queue = run.then(
      () => undefined,
      () => undefined,
    );
    return run;
  };

  const step: ErasureStep = (begin) =>
    inTurn(async () => {
      const begun = await begin();
      await followUpAll();
      return begun;
    });

  const finishAll = async (): Promise<void> => {
    await followUpAll();
    await complete();
    await clearFiles();
  };

  const finish = (): Promise<void> => inTurn(finishAll);

  /** What others have begun is finished at once; what a run has begun waits for its end. */
  const look = async (): Promise<void> => {
    if (runs === 0 || keys.pendingErasures(followed, 1).length > 0) await finishAll();
  };

  const running = (async () => {
    while (!signal.aborted) {
      try {
        await inTurn(look);
      } catch (error) {
        if (!signal.aborted) onFailure?.(error instanceof Error ? error.message : String(error));
      }
      await pause(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  })();

  return {
    remember: async (partyId) => {
      const members = membersOfAll([partyId]);
      const known = await rememberedOf(members, readModels, store);
      for (const member of members) remembered.set(member, known);
      return () => {
        for (const member of members) remembered.delete(member);
      };
    },
    finish,
    finishTogether: async (run) => {
      runs += 1;
      const begun = await run(step).finally(() => {
        runs -= 1;
      });
      await finish();
      return begun;
    },
    stop: async () => {
      ended.abort();
      await running;
      await queue;
    },
  };
};
