import { randomUUID } from 'node:crypto';
import type { NewEvent } from '../port';

/** An order of ordinary size: about 350 bytes of data and 250 of metadata. */
export const sampleEvent = (number: number): NewEvent => ({
  id: randomUUID(),
  type: `SampleEvent${number % 20}`,
  data: {
    partyId: `party-${number % 5_000}`,
    orderId: `order-${number}`,
    total: { amountMinor: 12_999 + number, currency: 'GBP' },
    lines: [
      { sku: `A-${number % 97}`, quantity: 2, category: 'furniture', amountMinor: 9_999 },
      { sku: `B-${number % 89}`, quantity: 1, category: 'office supplies', amountMinor: 3_000 },
    ],
    channel: 'web',
    promisedBy: '2025-03-05T12:00:00.000Z',
  },
  metadata: {
    occurredAt: '2025-03-01T12:00:00.000Z',
    source: 'https://shop.example/orders',
    id: `order-${number}`,
    subjects: [`party-${number % 5_000}`],
    actor: { kind: 'customer', id: `party-${number % 5_000}` },
    schemaVersion: 1,
  },
});

/** One of 1 000 streams, so that streams grow as they do in use. */
export const sampleStream = (number: number): string => `order-${number % 1_000}`;
