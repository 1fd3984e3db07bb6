import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type EventStore, openSqliteEventStore, parseStoreUrl } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import type { Settings } from './settings';

/** `message` is for the person who starts the program: what is wrong, with which file, what to do. */
export interface OpenFailure {
  readonly code: string;
  readonly message: string;
}

/** The log alone, as its one writer; its folder is made when missing. */
export const openStore = async (
  settings: Pick<Settings, 'eventStore' | 'now'>,
): Promise<E.Either<OpenFailure, EventStore>> => {
  const location = parseStoreUrl(settings.eventStore);
  if (E.isLeft(location)) return location;
  try {
    mkdirSync(dirname(location.right.file), { recursive: true });
  } catch (error) {
    return E.left({ code: 'CannotOpen', message: `folder of ${location.right.file} cannot be made: ${String(error)}` });
  }
  return openSqliteEventStore({ file: location.right.file, clock: settings.now });
};

/** The log for reading only, beside whoever writes it. */
export const openReadOnlyStore = async (
  settings: Pick<Settings, 'eventStore' | 'now'>,
): Promise<E.Either<OpenFailure, EventStore>> => {
  const location = parseStoreUrl(settings.eventStore);
  if (E.isLeft(location)) return location;
  return openSqliteEventStore({ file: location.right.file, clock: settings.now, readOnly: true });
};
