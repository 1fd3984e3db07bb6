import { createHash } from 'node:crypto';
import type { EncodedRecord } from '@afecto/event-store';
import { isMarkedAsOwn } from '../leaf/own-events';
import { LeafEncoder } from '../leaf/leaf-bytes';
import { exportLine, type LeafPlace } from './export-line';
import type { ExportManifest } from './manifest';

/** What a manifest says of the events. */
export type Counted = Pick<ExportManifest, 'events' | 'facts' | 'streams' | 'types' | 'first' | 'last'>;

/** Counts events as a manifest has them; memory grows with the number of streams. */
export class EventCount {
  readonly #types = new Map<string, number>();
  readonly #streams = new Set<string>();
  #events = 0;
  #facts = 0;
  #first: bigint | null = null;
  #last: bigint | null = null;

  constructor(readonly isFact: (type: string) => boolean) {}

  get events(): number {
    return this.#events;
  }

  add({ type, streamId, position }: EncodedRecord): void {
    this.#events += 1;
    if (this.isFact(type)) this.#facts += 1;
    this.#types.set(type, (this.#types.get(type) ?? 0) + 1);
    this.#streams.add(streamId);
    this.#first ??= position;
    this.#last = position;
  }

  counted(): Counted {
    return {
      events: this.#events,
      facts: this.#facts,
      streams: this.#streams.size,
      types: Object.fromEntries([...this.#types].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      first: this.#first?.toString() ?? null,
      last: this.#last?.toString() ?? null,
    };
  }
}

/** Makes the lines of an export and counts and hashes what it has made. */
export class ExportSummary {
  readonly #encoder = new LeafEncoder();
  readonly #hash = createHash('sha256');
  readonly count: EventCount;
  #bytes = 0;

  constructor(isFact: (type: string) => boolean) {
    this.count = new EventCount(isFact);
  }

  /** The leaf of the event; null for a server's own events, which are none. */
  leafOf(record: EncodedRecord, index: number): LeafPlace | null {
    return isMarkedAsOwn(record) ? null : { index, hash: this.#encoder.hash(record) };
  }

  /** The next line, with its newline, as it goes into the file. */
  line(record: EncodedRecord, leaf: LeafPlace | null): Buffer {
    const bytes = Buffer.from(`${exportLine({ record, leaf })}\n`);
    this.count.add(record);
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    return bytes;
  }

  /** Length and hash of the file; once. */
  file(name: string): ExportManifest['files'][number] {
    return { name, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}
