import { closeSync, fsyncSync, mkdirSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type PersonalClass, toIso } from '@afecto/domain';
import * as E from 'fp-ts/Either';

/** Somebody was shown personal data (`domain.md §17.8`). */
export interface PersonalRead {
  /** The name of the API key, or the person at the command line. */
  readonly who: string;
  /** The question, and the reason where one was given. */
  readonly why: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whose data, and of which classes. */
  readonly parties: ReadonlyMap<string, ReadonlySet<PersonalClass>>;
}

/** A file that is only ever added to, outside the log: who was shown whose personal data, when, and why. */
export interface AuditTrail {
  readonly file: string;
  /** Notes a read; written with others within a tenth of a second. A read of nobody is none. */
  readonly record: (read: PersonalRead) => void;
  /** Why lines wait that could not be written; null: none do. They are tried again every second. */
  readonly failure: () => string | null;
  /** Writes what waits; on the disk when this returns. Safe to call twice. */
  readonly close: () => Promise<void>;
}

/** How long a line may wait for others, in milliseconds. */
const GATHER_MS = 100;
/** When a write is tried again that failed, in milliseconds. */
const AGAIN_MS = 1_000;
const ONLY_OWNER = 0o600;

/** Every line begins so. */
const BEGINS = '{"at":"';

/**
 * Whether reads can be added to the file: it is one, or is made here, or is no file at all but something that takes
 * lines, such as a pipe. Left: why not, and what is there was not changed.
 */
export const checkAuditTrail = (file: string): E.Either<string, null> => {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) return E.left('it is a folder');
    if (found !== undefined && !found.isFile()) return E.right(null);
    mkdirSync(dirname(file), { recursive: true });
    const descriptor = openSync(file, 'a+', ONLY_OWNER);
    try {
      const start = Buffer.alloc(BEGINS.length);
      const length = readSync(descriptor, start, 0, start.length, 0);
      const isOurs = length === 0 || start.toString('latin1') === BEGINS;
      return isOurs ? E.right(null) : E.left('it is no record of personal reads');
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return E.left(error instanceof Error ? error.message : String(error));
  }
};

const lineOf = ({ who, why, at, parties }: PersonalRead): string => {
  const read = [...parties].map(([partyId, classes]) => ({ partyId, classes: [...classes].sort() }));
  return `${JSON.stringify({ at: toIso(at), who, why, parties: read })}\n`;
};

/**
 * Opens the trail. `onFailure` hears when lines cannot be written; they are kept and tried again. Whoever shows
 * something nevertheless adds to them.
 */
export const openAuditTrail = (file: string, onFailure: (message: string) => void): AuditTrail => {
  let waiting = '';
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let failure: string | null = null;

  const writeIn = (milliseconds: number): void => {
    timer ??= setTimeout(() => {
      timer = null;
      writing = writing.then(write);
    }, milliseconds).unref();
  };

  const write = async (): Promise<void> => {
    const text = waiting;
    if (text === '') return;
    waiting = '';
    try {
      await appendFile(file, text, { mode: ONLY_OWNER });
      failure = null;
    } catch (error) {
      waiting = text + waiting;
      const message = `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`;
      if (failure === null) onFailure(message);
      failure = message;
      writeIn(AGAIN_MS);
    }
  };

  return {
    file,
    record: (read) => {
      if (read.parties.size === 0) return;
      waiting += lineOf(read);
      writeIn(GATHER_MS);
    },
    failure: () => failure,
    close: async () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      await writing;
      if (timer !== null) clearTimeout(timer);
      timer = null;
      if (waiting === '') return;
      const descriptor = openSync(file, 'a', ONLY_OWNER);
      try {
        writeSync(descriptor, waiting);
        waiting = '';
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    },
  };
};
