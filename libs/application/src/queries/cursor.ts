/** Where a page of an answer ends, as a text that is given out and comes back. */
export const encodeCursor = (parts: ReadonlyArray<string | number>): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url');

export const decodeCursor = (cursor: string): ReadonlyArray<unknown> => {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
};

/** Whether a cursor is one that these answers gave out. */
export const isCursor = (cursor: string): boolean => decodeCursor(cursor).length > 0;
