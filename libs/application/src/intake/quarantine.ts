import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ERASED, type FieldError, isFactType, isRecord } from '@afecto/domain';
import { hasPersonalFields } from '@afecto/privacy';
import * as E from 'fp-ts/Either';

/** Why facts are refused; the last four for the reason of the command that would have decided them. */
export const rejectionCodes = [
  'ValidationFailed',
  'IdempotencyConflict',
  'OccurredInFuture',
  'Forbidden',
  'LegalHold',
  'ConfigInvalid',
  'StaleReview',
] as const;

/** Why a fact was not accepted. */
export interface Rejection {
  readonly code: (typeof rejectionCodes)[number];
  readonly errors: ReadonlyArray<FieldError>;
}

export interface Rejected {
  readonly event: unknown;
  readonly rejection: Rejection;
}

export interface QuarantinedFact extends Rejection {
  /** 32 hex digits of the fact's own bytes: the same fact refused again is one entry. */
  readonly quarantineId: string;
  readonly receivedAt: number;
  readonly event: unknown;
}

/**
 * Facts that were refused, with the reason, until somebody mends and retries them. A file of its own,
 * outside the log, so that it can be emptied; durable before the answer goes out.
 */
export interface Quarantine {
  readonly file: string;
  /** Keeps all of them, or none when it fails; the ids come in the order of the entries. */
  readonly put: (entries: ReadonlyArray<Rejected>, receivedAt: number) => ReadonlyArray<string>;
  readonly get: (quarantineId: string) => QuarantinedFact | null;
  readonly list: (page: { readonly after?: string; readonly limit: number }) => ReadonlyArray<QuarantinedFact>;
  readonly count: () => number;
  readonly remove: (quarantineId: string) => void;
  /** Removes every entry that names one of these parties, and leaves nothing of it in the files. */
  readonly forget: (partyIds: ReadonlyArray<string>) => void;
  /** Takes these texts out of every entry, whoever it names, and leaves nothing of them in the files. */
  readonly forgetTexts: (texts: ReadonlyArray<string>) => void;
  readonly close: () => void;
}

/** The file cannot be used: `message` names it. */
export interface OpenQuarantineError {
  readonly code: 'CannotOpen' | 'Foreign';
  readonly message: string;
}

/** "AFQU": marks the file as ours (`PRAGMA application_id`). Those of before it was marked have the one table. */
const APPLICATION_ID = 0x41465155;

/** How long another process may have the file, in milliseconds. */
const BUSY_MS = 10_000;

const SCHEMA = `
PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
CREATE TABLE IF NOT EXISTS quarantined (
  id TEXT PRIMARY KEY, received_at INTEGER NOT NULL, code TEXT NOT NULL, errors TEXT NOT NULL, event TEXT NOT NULL
) WITHOUT ROWID;
`;

const isOurs = (database: DatabaseSync): boolean => {
  const application = Number(database.prepare('PRAGMA application_id').get()?.['application_id'] ?? 0);
  if (application !== 0) return application === APPLICATION_ID;
  return database
    .prepare('SELECT name FROM sqlite_schema')
    .all()
    .every(({ name }) => name === 'quarantined');
};

const fromRow = (row: Record<string, unknown>): QuarantinedFact => ({
  quarantineId: String(row['id']),
  receivedAt: Number(row['received_at']),
  code: rejectionCode(row['code']),
  errors: JSON.parse(String(row['errors'])),
  event: JSON.parse(String(row['event'])),
});

const rejectionCode = (text: unknown): Rejection['code'] =>
  rejectionCodes.find((code) => code === text) ?? 'ValidationFailed';

/** What a text says that is JSON itself, as some senders wrap it; null for every other text. */
const wrapped = (text: string): unknown => {
  if (!/^\s*["[{]/.test(text)) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/**
 * Whether one of the texts in a refused fact, of which nothing else is known, is of a kind. Texts that are JSON may be
 * nested as deep as they like, so what is still to be looked at is kept in a list and not on the call stack.
 */
const mentions = (event: unknown, isMeant: (text: string) => boolean): boolean => {
  const waiting = [event];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') {
      if (isMeant(value)) return true;
      waiting.push(wrapped(value));
    } else if (typeof value === 'object' && value !== null)
      for (const member of Object.values(value)) waiting.push(member);
  }
  return false;
};

/** The fact without the texts that tell of somebody, wherever they stand; the rest of it is left for whoever mends it. */
const withoutTexts = (value: unknown, tells: (text: string) => boolean): unknown => {
  if (typeof value === 'string') return mentions(value, tells) ? ERASED : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => withoutTexts(member, tells));
  return Object.keys(value).some(tells)
    ? ERASED
    : Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutTexts(member, tells)]));
};

/** What the sender's program says of itself; a customer may be called like it. */
const OF_THE_SENDER: ReadonlySet<string> = new Set(['specversion', 'source', 'type', 'time', 'datacontenttype']);

const factWithoutTexts = (event: unknown, tells: (text: string) => boolean): unknown =>
  isRecord(event)
    ? Object.fromEntries(
        Object.entries(event).map(([key, value]) => [key, OF_THE_SENDER.has(key) ? value : withoutTexts(value, tells)]),
      )
    : withoutTexts(event, tells);

const LETTER_BEFORE = /[\p{L}\p{N}]$/u;
const LETTER_BEHIND = /^[\p{L}\p{N}]/u;

/** Whether a text has one of these in it, as words of its own, in capitals or not. */
const holdsWords = (words: ReadonlyArray<string>): ((text: string) => boolean) => {
  const looked = words.map((each) => each.normalize('NFC').toLowerCase());
  return (text) => {
    const within = text.normalize('NFC').toLowerCase();
    return looked.some((each) => {
      for (let at = within.indexOf(each); at >= 0; at = within.indexOf(each, at + 1))
        if (
          !LETTER_BEFORE.test(within.slice(Math.max(0, at - 2), at)) &&
          !LETTER_BEHIND.test(within.slice(at + each.length, at + each.length + 2))
        )
          return true;
      return false;
    });
  };
};

/** Whether what the fact says may be personal: of a type that we do not know it may. */
export const mayBePersonal = (event: object): boolean => {
  const type = 'type' in event ? event.type : undefined;
  return typeof type !== 'string' || !isFactType(type) || hasPersonalFields(type);
};

/** A refused fact about somebody who is erased, without what it says where that may be personal. */
export const withoutErased = (event: unknown, isErased: (partyId: string) => boolean): unknown =>
  typeof event === 'object' && event !== null && 'data' in event && mayBePersonal(event) && mentions(event, isErased)
    ? { ...event, data: ERASED }
    : event;

const openFile = (file: string): E.Either<OpenQuarantineError, DatabaseSync> => {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const database = new DatabaseSync(file, { timeout: BUSY_MS });
    try {
      if (!isOurs(database)) {
        database.close();
        return E.left({
          code: 'Foreign',
          message: `${file} is no Afecto quarantine, and is left as it is; name another file`,
        });
      }
      database.exec(SCHEMA);
      // Also a write: a file that cannot be written is found now, and not when a fact is to be put aside.
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      return E.right(database);
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    return E.left({ code: 'CannotOpen', message: `the quarantine ${file} cannot be opened: ${String(error)}` });
  }
};

/** Opens or makes the quarantine file. */
export const openQuarantine = (file: string): E.Either<OpenQuarantineError, Quarantine> =>
  E.map((database: DatabaseSync) => quarantineIn(database, file))(openFile(file));

const quarantineIn = (database: DatabaseSync, file: string): Quarantine => {
  const put = database.prepare(
    `INSERT INTO quarantined (id, received_at, code, errors, event) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET code = excluded.code, errors = excluded.errors`,
  );
  const get = database.prepare('SELECT * FROM quarantined WHERE id = ?');
  const list = database.prepare('SELECT * FROM quarantined WHERE id > ? ORDER BY id LIMIT +?');
  const count = database.prepare('SELECT count(*) AS n FROM quarantined');
  const remove = database.prepare('DELETE FROM quarantined WHERE id = ?');
  const replace = database.prepare('UPDATE quarantined SET errors = ?, event = ? WHERE id = ?');
  return {
    file,
    put: (entries, receivedAt) => {
      if (entries.length === 0) return [];
      database.exec('BEGIN IMMEDIATE');
      try {
        const ids = entries.map(({ event, rejection: { code, errors } }) => {
          const json = JSON.stringify(event) ?? 'null';
          const quarantineId = createHash('sha256').update(json).digest('hex').slice(0, 32);
          put.run(quarantineId, receivedAt, code, JSON.stringify(errors), json);
          return quarantineId;
        });
        database.exec('COMMIT');
        return ids;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
    get: (quarantineId) => {
      const row = get.get(quarantineId);
      return row === undefined ? null : fromRow(row);
    },
    list: ({ after, limit }) => list.all(after ?? '', limit).map(fromRow),
    count: () => Number(count.get()?.['n'] ?? 0),
    remove: (quarantineId) => {
      remove.run(quarantineId);
    },
    forget: (partyIds) => {
      const about = new Set(partyIds);
      const named: string[] = [];
      for (const row of database.prepare('SELECT * FROM quarantined').iterate()) {
        const { quarantineId, event } = fromRow(row);
        if (mentions(event, (partyId) => about.has(partyId))) named.push(quarantineId);
      }
      for (const quarantineId of named) remove.run(quarantineId);
      if (named.length > 0) database.exec('VACUUM');
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    },
    forgetTexts: (texts) => {
      if (texts.length === 0) return;
      const tells = holdsWords(texts);
      const isUntold = ({ path, message }: FieldError): boolean => !tells(path) && !tells(message);
      const told: (readonly [string, string, string])[] = [];
      for (const row of database.prepare('SELECT * FROM quarantined').iterate()) {
        const { quarantineId, event, errors } = fromRow(row);
        const left = JSON.stringify(factWithoutTexts(event, tells));
        if (left !== row['event'] || !errors.every(isUntold))
          told.push([JSON.stringify(errors.filter(isUntold)), left, quarantineId]);
      }
      for (const [errors, event, quarantineId] of told) replace.run(errors, event, quarantineId);
      if (told.length === 0) return;
      database.exec('VACUUM');
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    },
    close: () => database.close(),
  };
};
