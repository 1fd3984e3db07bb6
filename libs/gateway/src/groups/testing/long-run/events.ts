import { createHash } from 'node:crypto';
import type { JSONEventData } from '@eventstore/db-client';

/** Streams of the long run begin so; each has one writer. */
export const STREAM_PREFIX = 'run-';
export const GROUP = 'competitors';

/** The same UUID for the same event, however often it is sent. */
const idOf = (stream: string, number: number): string => {
  const digits = createHash('sha256').update(`${stream}/${number}`).digest('hex');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
};

/** Events `from` to `to` (exclusive) of a stream, numbered as their revisions. */
export const eventsOf = (stream: string, from: number, to: number): JSONEventData[] =>
  Array.from({ length: to - from }, (_, index) => ({
    id: idOf(stream, from + index),
    contentType: 'application/json',
    type: 'LongRunNoted',
    data: { number: from + index },
    metadata: {},
  }));
