import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { nameAside, OutputError } from './output-file';

/** A folder under another name until it is complete. */
export interface UnfinishedFolder {
  /** Where it lies meanwhile. */
  readonly path: string;
  /** Gives it its name, durably. Throws `OutputError`. */
  readonly finish: () => Promise<void>;
  /** Removes it, unless it has its name. */
  readonly abandon: () => Promise<void>;
}

/** Why nothing can be put there; null: it can. */
export const whyTaken = (folder: string): string | null => {
  if (!existsSync(folder)) return null;
  if (!statSync(folder).isDirectory()) return `${folder} is a file, not a folder.`;
  return readdirSync(folder).length === 0 ? null : `${folder} is not empty: name another folder.`;
};

const sync = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r');
  await handle.sync();
  await handle.close();
};

/** Begins a folder. Throws `OutputError`. */
export const unfinishedFolder = async (folder: string): Promise<UnfinishedFolder> => {
  const path = nameAside(folder.replace(/\/+$/, ''));
  const tried = async (action: () => Promise<void>): Promise<void> => {
    try {
      await action();
    } catch (error) {
      throw error instanceof OutputError ? error : new OutputError(folder, error);
    }
  };
  await tried(async () => {
    await mkdir(dirname(path), { recursive: true });
    await mkdir(path);
  });
  return {
    path,
    finish: () =>
      tried(async () => {
        await sync(path);
        await rename(path, folder);
        await sync(dirname(folder));
      }),
    abandon: () => rm(path, { recursive: true, force: true }),
  };
};
