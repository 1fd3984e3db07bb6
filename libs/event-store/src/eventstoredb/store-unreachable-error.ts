/** The server could not be reached in time, or answered what it must not answer. The read has no result. */
export class StoreUnreachableError extends Error {
  override readonly name = 'StoreUnreachableError';
}
