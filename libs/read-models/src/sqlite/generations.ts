import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { whoseFile } from './whose-file';

/*
 * Read models are replaced as a whole, while others read them. SQLite keeps the log of a file under the
 * file's name and removes it under that name, so a name is never used again: each generation has its
 * own, and a small file says which one is present.
 */

const pointerOf = (file: string): string => `${file}.present`;

const isGenerationOf = (file: string, name: string): boolean =>
  name.startsWith(`${basename(file)}.`) && /^[0-9a-f]{16}$/.test(name.slice(basename(file).length + 1));

/** The file in which the read models named `file` are: `file` itself until they were first replaced. */
export const presentFile = (file: string): string => {
  try {
    const name = readFileSync(pointerOf(file), 'utf8').trim();
    const generation = join(dirname(file), name);
    return isGenerationOf(file, name) && existsSync(generation) ? generation : file;
  } catch {
    return file;
  }
};

const writePointer = (file: string, name: string): void => {
  const draft = `${pointerOf(file)}.draft`;
  const descriptor = openSync(draft, 'w');
  try {
    writeSync(descriptor, `${name}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, pointerOf(file));
};

/** Removes one generation with what SQLite keeps beside it. */
export const removeGeneration = (generation: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${generation}${suffix}`, { force: true });
};

/**
 * Makes a finished file, which nobody has open, the present generation of `file`; returns its new name.
 * A crash in between leaves one of the two present, whole.
 */
export const makePresent = (file: string, finished: string): string => {
  const generation = `${file}.${randomBytes(8).toString('hex')}`;
  renameSync(finished, generation);
  writePointer(file, basename(generation));
  return generation;
};

/** Gives a file another name, beside its own; returns it. */
const setAside = (file: string): string => {
  for (let number = 1; ; number++) {
    const name = `${file}.set-aside-${number}`;
    if (existsSync(name)) continue;
    renameSync(file, name);
    return name;
  }
};

/**
 * Removes the read models named `file`: they are built again from the log. What is no database may be what is left
 * of them, or somebody's whose name was given by mistake: it is set aside. Returns the name it has then, or null.
 */
export const removeReadModels = (file: string): string | null => {
  const present = presentFile(file);
  const aside = whoseFile(present) === 'nobody' ? setAside(present) : null;
  rmSync(pointerOf(file), { force: true });
  removeGeneration(present);
  if (present !== file) removeGeneration(file);
  return aside;
};
