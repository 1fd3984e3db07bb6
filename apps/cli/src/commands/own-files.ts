import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { besideReadModels, keyFilesOf, personalReadsOf, type Settings, signingKeyOf } from '@afecto/application';
import { parseStoreUrl, withoutCredentials } from '@afecto/event-store';
import { isDatabaseFile } from '@afecto/read-models';
import * as E from 'fp-ts/Either';

/** Everything whose name begins like one of ours: write-ahead logs, generations, lists. */
const filesOf = (name: string): ReadonlyArray<string> => {
  const folder = dirname(name);
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.startsWith(basename(name)))
        .map((file) => join(folder, file))
        .filter((file) => statSync(file).isFile())
    : [];
};

/** The files that are there of the log, of what is made from it, and of its keys and records. */
export const ownFiles = (settings: Settings): ReadonlyArray<string> => {
  const location = parseStoreUrl(settings.eventStore);
  const log = E.isRight(location) && location.right.engine === 'sqlite' ? [location.right.file] : [];
  const { keyStore, masterKey } = keyFilesOf(settings);
  const { readModels, quarantine } = settings;
  const kept = [readModels, quarantine, keyStore, masterKey, personalReadsOf(settings), signingKeyOf(settings)];
  const beside = (['log-copy', 'ids', 'build', 'rebuild', 'tree'] as const).map((what) =>
    besideReadModels(readModels, what),
  );
  return [...new Set([...log, ...kept, ...beside].flatMap(filesOf))];
};

/**
 * Why nothing may be written in the place of this file: it is ours, whatever path leads to it, or a database, which
 * may be another log. Null: it may.
 */
export const whyKept = (file: string, settings: Settings): string | null => {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined || !found.isFile()) return null;
  const isFound = (own: string): boolean => {
    const { dev, ino } = statSync(own);
    return dev === found.dev && ino === found.ino;
  };
  if (ownFiles(settings).some(isFound))
    return `${file} is a file of the event store ${withoutCredentials(settings.eventStore)}, and nothing is written over it; name another file`;
  return isDatabaseFile(file) ? `${file} is a database, and nothing is written over it; name another file` : null;
};
