import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseStoreUrl } from '@afecto/event-store';
import { erasedListFile } from '@afecto/privacy';
import * as E from 'fp-ts/Either';
import { keyFilesOf, personalReadsOf, type Settings, signingKeyOf } from './settings';

/** The file that a path leads to, also when it is not there yet: by whatever links and relative names. */
export const fileReached = (path: string): string => {
  if (existsSync(path)) return realpathSync(path);
  const folder = dirname(resolve(path));
  return folder === resolve(path) ? folder : join(fileReached(folder), basename(path));
};

/** Every file that the settings name, and the variable by which they do. */
const placesOf = (settings: Settings): ReadonlyArray<readonly [name: string, path: string]> => {
  const log = parseStoreUrl(settings.eventStore);
  const { keyStore, masterKey } = keyFilesOf(settings);
  return [
    ...(E.isRight(log) && log.right.engine === 'sqlite' ? [['AFECTO_EVENT_STORE', log.right.file] as const] : []),
    ['AFECTO_READ_MODELS', settings.readModels],
    ['AFECTO_QUARANTINE', settings.quarantine],
    ['AFECTO_KEY_STORE', keyStore],
    ['AFECTO_KEY_STORE', erasedListFile(keyStore)],
    ['AFECTO_MASTER_KEY_FILE', masterKey],
    ['AFECTO_SIGNING_KEY', signingKeyOf(settings)],
    ['AFECTO_PERSONAL_READS', personalReadsOf(settings)],
  ];
};

/**
 * Two settings that name one file: the first to use it would find nothing, or something that is not its own, in the
 * place of the other's. Null: each has a file of its own.
 */
export const sharedPlace = (settings: Settings): string | null => {
  const known = new Map<string, string>();
  for (const [name, path] of placesOf(settings)) {
    const file = fileReached(path);
    const other = known.get(file);
    if (other !== undefined)
      return `${other} and ${name} both lead to "${file}": each needs a file of its own; nothing was touched`;
    known.set(file, name);
  }
  return null;
};
