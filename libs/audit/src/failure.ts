/** The words of an error, whichever realm it comes from. */
export const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);

/** The code of a failed call to the system, such as `ENOENT`; null: it is another error. */
export const codeOf = (error: unknown): string | null =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : null;

/** Whether SQLite could not read or write a file. */
export const isOfSqlite = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'errcode' in error;
