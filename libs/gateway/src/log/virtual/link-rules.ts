import type { EncodedLog, EncodedRecord, EventOutline } from '@afecto/event-store';
import { v5 } from 'uuid';
import { wireRecordOf } from '../record-source';
import { streamMetadataOf } from '../stream-metadata';
import {
  categoryOf,
  categoryStream,
  isCategoryStream,
  isMetastream,
  LINK_TYPE,
  METADATA_TYPE,
  originalOf,
  TOMBSTONE_TYPE,
  typeStream,
} from '../stream-names';
import { TOMBSTONE, type WireRecord } from '../wire-log';

/** Namespace of the ids of computed links; never changes, so that an acknowledgement finds its link. */
const LINK_NAMESPACE = '0b1f4b0e-2f0a-4d53-9c6e-6a1d5a4e7c21';
/** Under this type deletions are found: `$et-$deleted`. */
const DELETED = '$deleted';
/** What the server's own projections write as their version. */
const PROJECTION_VERSION = '1:-1:1:4';

/** The stream that an event deletes, softly or for ever; null for every other event. */
const deletedBy = (type: string, streamId: string, content: () => EncodedRecord | undefined): string | null => {
  if (type === TOMBSTONE_TYPE) return streamId;
  if (type !== METADATA_TYPE || !isMetastream(streamId)) return null;
  const record = content();
  const isDeletion = record !== undefined && streamMetadataOf(record.isJson, record.data).truncateBefore === TOMBSTONE;
  return isDeletion ? originalOf(streamId) : null;
};

/**
 * The computed streams that link to an event (`eventstoredb-protocol` 3.7): its category's, and its
 * type's unless it is a link itself. A deletion counts for the stream it deletes.
 */
export const virtualStreamsOf = (
  { type, streamId, position }: EventOutline,
  encoded: Pick<EncodedLog, 'at'>,
): ReadonlyArray<string> => {
  const deleted = deletedBy(type, streamId, () => encoded.at([position])[0]);
  const category = categoryOf(deleted ?? streamId);
  const streams = category === null ? [] : [categoryStream(category)];
  if (type !== LINK_TYPE) streams.push(typeStream(deleted === null ? type : DELETED));
  return streams;
};

/** The link number `number` of a computed stream, made from the event it points to. */
export const linkTo = (source: EncodedRecord, virtualStream: string, number: number): WireRecord => {
  const { id, type, streamId, position, recordedAt } = source;
  const deleted = deletedBy(type, streamId, () => source);
  const origin = deleted ?? streamId;
  const metadata = {
    $v: PROJECTION_VERSION,
    $c: Number(position),
    $p: Number(position),
    ...(isCategoryStream(virtualStream) ? { $o: origin, ...(deleted === null ? {} : { [DELETED]: -1 }) } : {}),
    $causedBy: id,
  };
  return {
    id: v5(`${virtualStream}:${position}`, LINK_NAMESPACE),
    type: LINK_TYPE,
    isJson: false,
    // A link in a category is passed through to its target.
    data: type === LINK_TYPE ? source.data : Buffer.from(`${wireRecordOf(source).eventNumber}@${streamId}`),
    metadata: Buffer.from(JSON.stringify(metadata)),
    streamId: virtualStream,
    eventNumber: BigInt(number),
    position,
    recordedAt,
  };
};
