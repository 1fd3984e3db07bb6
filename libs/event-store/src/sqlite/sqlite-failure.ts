/** Primary result codes of SQLite (sqlite.org/rescode.html) that this adapter tells apart. */
const BUSY = 5;
const CORRUPT = 11;
const CANNOT_OPEN = 14;
const CONSTRAINT = 19;
const NOT_A_DATABASE = 26;
/** Extended code of IOERR: the file ends before the page does. */
const SHORT_READ = 522;

/**
 * SQLite's extended result code of a thrown error, or `null` when the error is not SQLite's. Judged by
 * its shape: an error of the runtime is no instance of the `Error` of another realm.
 */
const resultCode = (error: unknown): number | null =>
  typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode
    : null;

const primary = (error: unknown): number | null => {
  const code = resultCode(error);
  return code === null ? null : code & 0xff;
};

/** Another connection has the lock. */
export const isBusy = (error: unknown): boolean => primary(error) === BUSY;

/** The file, or one that SQLite keeps beside it, can be neither opened nor made. */
export const isUnopenable = (error: unknown): boolean => primary(error) === CANNOT_OPEN;

/** A row has a key that another row has. */
export const isDoubled = (error: unknown): boolean => primary(error) === CONSTRAINT;

/** The content of the file is not what SQLite wrote. */
export const isDamage = (error: unknown): boolean =>
  primary(error) === CORRUPT || primary(error) === NOT_A_DATABASE || resultCode(error) === SHORT_READ;

export const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
