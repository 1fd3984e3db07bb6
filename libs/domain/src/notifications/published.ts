import * as E from 'fp-ts/Either';
import type * as t from 'io-ts';
import { id, instant, integer, reference } from '../facts/codec';
import { decodeLenient } from '../facts/decode';
import type { CloudEvent } from '../facts/published';
import { recordedInstantOf, type StoredFactEvent } from '../facts/stored';
import { list, record } from '../facts/structure';
import { isNotificationType } from './notification';

const metadataCodec = record(
  {
    schemaVersion: integer(1, 10_000),
    occurredAt: instant,
    subjects: list(id, 0, 1),
    source: reference,
    id: reference,
    claim: reference,
    causedBy: list(reference, 0, 10_000),
    configVersion: integer(0, Number.MAX_SAFE_INTEGER),
  },
  { supersedes: list(reference, 1, 10_000) },
);
type Metadata = t.TypeOf<typeof metadataCodec>;

const attributesOf = ({ claim, causedBy, configVersion, supersedes }: Metadata): Readonly<Record<string, unknown>> => ({
  derived: true,
  claim,
  configversion: configVersion,
  ...(causedBy.length === 0 ? {} : { causedby: causedBy.join() }),
  ...(supersedes === undefined ? {} : { supersedes: supersedes.join() }),
});

/** A notification of the log as a CloudEvent; null for every other event, also one that only has its name. */
export const notificationToCloudEvent = (event: StoredFactEvent & { readonly position: bigint }): CloudEvent | null => {
  if (!isNotificationType(event.type)) return null;
  const decoded = decodeLenient(metadataCodec, event.metadata);
  if (E.isLeft(decoded)) return null;
  const metadata = decoded.right;
  return {
    specversion: '1.0',
    id: metadata.id,
    source: metadata.source,
    type: event.type,
    time: metadata.occurredAt,
    datacontenttype: 'application/json',
    ...(metadata.subjects.length === 0 ? {} : { subject: metadata.subjects.join() }),
    streamid: event.streamId,
    schemaversion: metadata.schemaVersion,
    actorkind: 'system',
    actorid: metadata.source,
    ...attributesOf(metadata),
    sequence: event.position.toString(),
    recordedtime: new Date(recordedInstantOf(event)).toISOString(),
    data: event.data,
  };
};
