import { randomUUID } from 'node:crypto';
import { jsonEvent, type EventData } from '@eventstore/db-client';

/** No fact of the catalogue: what is measured is the gateway, not the codecs. */
export const SAMPLE_TYPE = 'BenchNoted';

/** JSON of exactly `size` bytes. */
const padded = (members: Readonly<Record<string, string | number>>, size: number): Record<string, string | number> => {
  const bytes = JSON.stringify({ ...members, note: '' }).length;
  return { ...members, note: 'x'.repeat(size - bytes) };
};

/** 207 bytes, and 126 of metadata (`eventstoredb-protocol` 5). */
const DATA = padded({ orderId: 'order-1', amountMinor: 12_999, currency: 'EUR', channel: 'web' }, 207);
const METADATA = padded({ $correlationId: 'c-1', source: 'https://shop.example/orders' }, 126);

export const sampleBytes = { data: Buffer.from(JSON.stringify(DATA)), metadata: Buffer.from(JSON.stringify(METADATA)) };

export const sampleEvent = (): EventData =>
  jsonEvent({ id: randomUUID(), type: SAMPLE_TYPE, data: DATA, metadata: METADATA });

export const sampleEvents = (count: number): EventData[] => Array.from({ length: count }, sampleEvent);
