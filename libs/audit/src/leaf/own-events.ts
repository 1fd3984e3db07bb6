import type { EncodedRecord } from '@afecto/event-store';

const DOLLAR = '$';

/** Whether an event is the bookkeeping of a server, which is no leaf of the tree: links, metadata, deletions. */
export const isMarkedAsOwn = ({ type, streamId }: Pick<EncodedRecord, 'type' | 'streamId'>): boolean =>
  type.startsWith(DOLLAR) || streamId.startsWith(DOLLAR);
