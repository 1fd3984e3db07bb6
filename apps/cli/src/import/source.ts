import type { Either } from 'fp-ts/Either';
import type { Readable } from 'node:stream';
import type { UnmappedClass } from './unmapped';
import type { Figure } from './figures';

/** Where the bytes come from: a file (its size gives the progress a total) or a stream such as stdin. */
export type Input = { readonly path: string } | { readonly stream: Readable };

export interface Progress {
  /** Bytes read from the input so far, before decompression. */
  readonly readBytes: number;
  /** Null when the input is a stream of unknown length. */
  readonly totalBytes: number | null;
}

export const formats = ['ndjson', 'superstore', 'online-retail'] as const;
export type Format = (typeof formats)[number];

/** What became of the input, complete once `facts` has been read to its end. */
export interface ImportReport {
  readonly format: Format;
  /** Data lines read, without the header. */
  readonly lines: number;
  readonly facts: number;
  readonly factsByType: Readonly<Record<string, number>>;
  /** Latest `time` of a fact; null when there was none. */
  readonly endsAt: string | null;
  /** The input's own figures beside those of the facts. */
  readonly figures: ReadonlyArray<Figure>;
  /** What no fact says, by class, with its sum. Nothing else is missing. */
  readonly unmapped: ReadonlyArray<UnmappedClass>;
  /** What was mapped in a way worth knowing. */
  readonly remarks: ReadonlyArray<string>;
  /** Columns that the header of a CSV file lacks: then nothing of it is mapped. */
  readonly missingColumns: ReadonlyArray<string>;
  /** Every figure agrees: input = facts + unmapped + rounding, exactly. */
  readonly agrees: boolean;
}

/**
 * A streaming mapping of one input. `facts` can be iterated once and holds the producer back while the
 * consumer works; it rejects only when the input cannot be read any further (I/O, broken gzip).
 */
export interface ImportSource<Event> {
  readonly facts: AsyncIterable<Event>;
  readonly progress: () => Progress;
  readonly report: () => ImportReport;
}

/** Money of the input and of the tenant (`domain.md §1`, Money). */
export interface CurrencyOptions {
  readonly reportingCurrency: string;
  /** Reporting currency units for one unit of the input's currency; needed when the two differ. */
  readonly exchangeRate?: number;
}

export interface ExchangeRateMissing {
  readonly code: 'ExchangeRateMissing';
  readonly message: string;
}

export type Opened<Event> = Either<ExchangeRateMissing, ImportSource<Event>>;
