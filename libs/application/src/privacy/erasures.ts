import { setTimeout as pause } from 'node:timers/promises';
import { membersOf, normaliseIdentifier, rootOf } from '@afecto/domain';
import { findInFiles, type PendingErasure, type SealedEventStore } from '@afecto/privacy';
import type { Projections } from '@afecto/projections';
import { presentFile, type ReadModels, removeGeneration } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import type { Quarantine } from '../intake/quarantine';
import type { Settings } from '../system/settings';
import { successorFile } from '../system/successor';
import { withdrawOffer } from '../system/succession';
import { personalTextsOf } from './personal-texts';

/** How often is looked for erasures that others have begun, in milliseconds. */
const LOOK_MS = 250;
/** How long projections may take to reach an erasure before it is tried again, in milliseconds. */
const PROJECTED_WITHIN_MS = 30_000;
/** Readers of a former state end within so many milliseconds, or the erasure is gone on with later. */
const SHRED_PAUSE_MS = 50;
const SHRED_ATTEMPTS = 100;

export interface ErasureSources {
  readonly store: SealedEventStore;
  readonly readModels: ReadModels;
  readonly projections: Projections;
  readonly quarantine: Quarantine;
  readonly settings: Pick<Settings, 'readModels' | 'quarantine'>;
}

/** Finishes what the destruction of keys has begun (`domain.md §17.3`). */
export interface Erasures {
  /**
   * Notes what is personal of a party before its keys go, so that it can be looked for in the files when
   * they are gone; in memory alone. Returns how to forget it again.
   */
  readonly remember: (partyId: string) => Promise<() => void>;
  /** Resolves when no erasure is unfinished; rejects when one cannot be finished now. */
  readonly finish: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/**
 * Follows every erasure to its end: the event is in the log, the keys of everything that was merged into
 * the party are destroyed, its customer is folded from what is left, and no file holds a copy. Each step
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
  const remembered = new Map<string, ReadonlyArray<string>>();
  let queue: Promise<void> = Promise.resolve();

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

  const finishOne = async ({ streamId, events, partyIds, eventId }: PendingErasure): Promise<void> => {
    const appended = await store.append({ streamId, expectedRevision: 'any', events });
    if (E.isLeft(appended)) throw new Error('message' in appended.left ? appended.left.message : appended.left.code);
    const position = appended.right.events.at(-1)?.position ?? 0n;
    if (!(await projections.waitFor(position, PROJECTED_WITHIN_MS)))
      throw new Error(`the projections are behind: ${projections.failure() ?? 'busy'}`);
    // An erasure that was told by others names one party; what was merged into it goes with it.
    const members = membersOfAll(partyIds);
    keys.erase(members);
    await engine.exclusively(async () => {
      // A successor that is being built has read what is erased now: it is begun anew.
      withdrawOffer(settings.readModels);
      removeGeneration(successorFile(settings.readModels));
      await engine.forgetPersonalData(members);
    });
    quarantine.forget(members);
    const values = partyIds.map((partyId) => remembered.get(partyId) ?? null);
    const known = values.flatMap((texts) => texts ?? []);
    await shred(values.includes(null));
    if (known.length > 0 && (await findInFiles(copiesIn(), known)).length > 0) await shred(true);
    keys.finish([eventId]);
  };

  const finishAll = async (): Promise<void> => {
    for (const pending of keys.pendingErasures()) {
      if (signal.aborted) return;
      await finishOne(pending);
    }
  };

  /** One after the other, whoever asks. */
  const finish = (): Promise<void> => {
    const run = queue.then(finishAll);
    queue = run.catch(() => undefined);
    return run;
  };

  const running = (async () => {
    while (!signal.aborted) {
      try {
        await finish();
      } catch (error) {
        if (!signal.aborted) onFailure?.(error instanceof Error ? error.message : String(error));
      }
      await pause(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  })();

  return {
    remember: async (partyId) => {
      const members = membersOfAll([partyId]);
      const texts = await personalTextsOf(members, readModels, store);
      const identifiers = (['email', 'phone', 'national_id'] as const).flatMap((scheme) =>
        texts.map((value) => normaliseIdentifier({ scheme, value }).value),
      );
      for (const member of members) remembered.set(member, [...new Set([...texts, ...identifiers])]);
      return () => {
        for (const member of members) remembered.delete(member);
      };
    },
    finish,
    stop: async () => {
      ended.abort();
      await running;
      await queue;
    },
  };
};
