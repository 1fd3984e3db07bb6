/**
 * The log cannot be trusted: a damaged page, a missing position, an event whose checksum does not
 * match. Thrown by reads, because no part of the answer may pass for the whole.
 */
export class StoreDamagedError extends Error {
  override readonly name = 'StoreDamagedError';
  constructor(
    readonly file: string,
    detail: string,
  ) {
    super(`The event store ${file} is damaged: ${detail}. Restore it from a copy; nothing was changed.`);
  }
}

/** What every store says of an append to a stream that was deleted for ever. */
export const streamDeletedMessage = (streamId: string): string =>
  `stream ${streamId} was deleted for ever by a client of the log and takes nothing more`;

/** A read was asked of a store that has been closed, or the store was closed in the middle of it. */
export class StoreClosedError extends Error {
  override readonly name = 'StoreClosedError';
  constructor(readonly file: string) {
    super(`The event store ${file} is closed.`);
  }
}
