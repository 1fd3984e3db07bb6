import { randomUUID } from 'node:crypto';
import type { EncodedEvent } from '@afecto/event-store';

const NO_METADATA = new Uint8Array();

/** A JSON event with a new id. `json`: the value as text. */
export const jsonEvent = (type: string, json: string): EncodedEvent => ({
  id: randomUUID(),
  type,
  isJson: true,
  data: Buffer.from(json, 'utf8'),
  metadata: NO_METADATA,
});

/** A `$metadata` event: what belongs into `$$stream`. */
export const metadataEvent = (metadata: Readonly<Record<string, number>>): EncodedEvent =>
  jsonEvent('$metadata', JSON.stringify(metadata));

export const metastreamOf = (streamId: string): string => `$$${streamId}`;

/** The JSON value in these bytes; undefined when they hold none. */
export const parsedJson = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
};
