import type { EncodedRecord } from './encoded-log';

/** Type of the event that a client's deletion of a stream for ever leaves as its last. */
export const TOMBSTONE_TYPE = '$streamDeleted';

const DOLLAR = 0x24;

/** Whether an event is of the log that all stores share, and not a server's own: metadata, links, deletions. */
export const isVisible = ({ type, streamId }: Pick<EncodedRecord, 'type' | 'streamId'>): boolean =>
  type.charCodeAt(0) !== DOLLAR && streamId.charCodeAt(0) !== DOLLAR;

/** Records as `readRecords` gives them. */
export async function* visibleRecords(
  pages: AsyncIterable<ReadonlyArray<EncodedRecord>>,
): AsyncGenerator<ReadonlyArray<EncodedRecord>, void, void> {
  for await (const page of pages) {
    const visible = page.every(isVisible) ? page : page.filter(isVisible);
    if (visible.length > 0) yield visible;
  }
}
