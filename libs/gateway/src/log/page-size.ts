import type { WireRecord } from './wire-log';

const SMALLEST = 8;
const FIRST = 64;
/** A client's window takes about 150 small events: it must not run dry while the next page is read. */
const LARGEST = 128;
/** What a page should weigh at most when the next events are like the last ones. */
const PAGE_BYTES = 2 * 1_024 * 1_024;

/** How many events to read at once: many small ones or few large ones, so that a page stays light. */
export class PageSize {
  #size = FIRST;

  get(left = Infinity): number {
    return Math.min(left, this.#size);
  }

  /** Learns from a page that has been read. */
  read(page: ReadonlyArray<Pick<WireRecord, 'data' | 'metadata'>>): void {
    if (page.length === 0) return;
    let bytes = 1;
    for (const { data, metadata } of page) bytes += data.length + metadata.length;
    const fitting = Math.floor((PAGE_BYTES * page.length) / bytes);
    this.#size = Math.max(SMALLEST, Math.min(LARGEST, 4 * this.#size, fitting));
  }
}
