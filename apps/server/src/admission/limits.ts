import { getHeapStatistics } from 'node:v8';
import { MAX_BATCH_EVENTS } from '../facts/incoming';
import { MAX_BODY_BYTES } from '../request/body';
import type { Load } from './load';

/** What the HTTP rim takes on at once. There is no way to have none. */
export interface Limits {
  /** Calls that bring facts. */
  readonly facts: Load;
  /** Commands, claims and outcomes of work items; their facts are few. */
  readonly commands: Load;
  /** Questions. Bytes: of answers that have not left yet. */
  readonly reads: Load;
  /** Questions that wait for their `minPosition`. */
  readonly waits: number;
  /** Open event streams. */
  readonly streams: number;
  /** Connections; those beyond are closed at once. */
  readonly connections: number;
  /** How long the headers of a request may take, in milliseconds. */
  readonly headersMs: number;
  /** How long a whole request may take to come in, in milliseconds. */
  readonly requestMs: number;
  /** How long a large answer may make no progress, in milliseconds. */
  readonly answerMs: number;
}

const KIB = 1_024;
const MIB = KIB * KIB;

const between = (least: number, most: number, value: number): number =>
  Math.floor(Math.min(most, Math.max(least, value)));

/**
 * Limits for a heap of so many bytes: from 192 MiB on, bodies, facts and answers at their bounds together
 * fill less than seven tenths of it, and less than a quarter from 4 GiB on. One body takes about eight
 * times its bytes while it is decoded and stored, a fact that waits for its commit about 2 KiB, a stream a
 * page of 200 events. Each bound leaves room for one call of the largest size (`interfaces.md`, Facts in:
 * 2 500 facts, 4 MiB). 10 000 facts are half a second of work: more would only make everybody wait longer.
 */
export const limitsFor = (heap: number): Limits => {
  const reads = between(128, 1_024, heap / (2 * MIB));
  return {
    facts: {
      requests: between(128, 1_024, heap / (2 * MIB)),
      facts: between(MAX_BATCH_EVENTS, 10_000, heap / (128 * KIB)),
      bytes: between(2 * MAX_BODY_BYTES, 64 * MIB, heap / 64),
    },
    commands: {
      requests: between(64, 512, heap / (4 * MIB)),
      facts: 0,
      bytes: between(MAX_BODY_BYTES, 16 * MIB, heap / 256),
    },
    reads: { requests: reads, facts: 0, bytes: between(32 * MIB, 256 * MIB, heap / 16) },
    waits: Math.floor(reads / 2),
    streams: between(8, 256, heap / (32 * MIB)),
    connections: between(512, 4_096, heap / (512 * KIB)),
    headersMs: 10_000,
    requestMs: 30_000,
    answerMs: 30_000,
  };
};

/** Of this machine: the heap that V8 allows itself, which follows the memory of the machine or of its container. */
export const limitsOfThisMachine = (): Limits => limitsFor(getHeapStatistics().heap_size_limit);
