import { existsSync } from 'node:fs';
import type { EventStore } from '@afecto/event-store';
import { isOtherVersion, isSameLog, needsBuild } from '@afecto/projections';
import { makePresent, openSqliteReadModels, type ReadModels, removeReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import type { OpenFailure } from './open-store';
import { besideReadModels } from './settings';

/** Those of this layout and this log; null: they are neither, or damaged. */
const usable = async (file: string, store: EventStore): Promise<E.Either<OpenFailure, ReadModels | null>> => {
  const opened = openSqliteReadModels(file, { checked: true });
  if (E.isLeft(opened))
    return opened.left.code === 'CannotOpen' || opened.left.code === 'Foreign' ? opened : E.right(null);
  if (await isSameLog(opened.right, store)) return opened;
  await opened.right.close();
  return E.right(null);
};

/**
 * Read models are disposable: those of other rules, of another layout or log, or damaged ones, are dropped.
 * `onSetAside` hears of a file that is no database, and of its new name.
 */
export const openReadModels = async (
  file: string,
  store: EventStore,
  onSetAside?: (message: string) => void,
): Promise<E.Either<OpenFailure, ReadModels>> => {
  const found = await usable(file, store);
  if (E.isLeft(found)) return found;
  if (found.right !== null) {
    if (!(await isOtherVersion(found.right))) return E.right(found.right);
    await found.right.close();
  }
  const aside = removeReadModels(file);
  if (aside !== null) onSetAside?.(`${file} was no database: it is ${aside} now, and the read models are built anew`);
  return openSqliteReadModels(file);
};

const isFinished = async (readModels: ReadModels): Promise<boolean> =>
  !(await needsBuild(readModels)) && !(await isOtherVersion(readModels));

/**
 * The read models to follow the log with. Complete ones of other rules are kept until their successor
 * is built; where there are none to keep, a successor that was prepared takes their place at once.
 */
export const openLiveReadModels = async (
  file: string,
  store: EventStore,
  onSetAside?: (message: string) => void,
): Promise<E.Either<OpenFailure, ReadModels>> => {
  const live = await usable(file, store);
  if (E.isLeft(live)) return live;
  if (live.right !== null) {
    if (!(await needsBuild(live.right))) return E.right(live.right);
    await live.right.close();
  }
  const prepared = besideReadModels(file, 'rebuild');
  const successor = existsSync(prepared) ? await usable(prepared, store) : E.right(null);
  if (E.isRight(successor) && successor.right !== null) {
    const isReady = await isFinished(successor.right);
    await successor.right.close();
    if (isReady) {
      removeReadModels(file);
      return openSqliteReadModels(makePresent(file, prepared));
    }
  }
  return openReadModels(file, store, onSetAside);
};
