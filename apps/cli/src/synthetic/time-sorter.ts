import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type CloudEvent, compareByTime } from '../import';

/** Text of a section that waits in memory before it is laid aside, in UTF-16 units. */
const WAITING = 64 * 1_024;

/**
 * Puts facts that come in any order into that of time without holding them: each is written into the
 * file of its section of time, and the sections are read back one after another. `folder`: made when it
 * is needed, removed with `close`.
 */
export class TimeSorter {
  readonly #waiting: string[][];
  readonly #sizes: number[];
  readonly #folder: string | null;

  /** `sections` of equal length from `from` to `to`; with one alone nothing is written. */
  constructor(
    private readonly from: number,
    private readonly to: number,
    private readonly sections: number,
    inside: string,
  ) {
    this.#waiting = Array.from({ length: sections }, () => []);
    this.#sizes = new Array<number>(sections).fill(0);
    this.#folder = sections === 1 ? null : mkdtempSync(join(inside, 'afecto-synthetic-'));
  }

  add(fact: CloudEvent): void {
    const share = (Date.parse(fact.time) - this.from) / (this.to - this.from);
    const section = Math.max(0, Math.min(this.sections - 1, Math.floor(share * this.sections)));
    const text = JSON.stringify(fact);
    this.#waiting[section]?.push(text);
    const size = (this.#sizes[section] ?? 0) + text.length;
    this.#sizes[section] = size;
    if (size >= WAITING) this.#layAside(section);
  }

  /** Every fact in the order of time; once. */
  *inOrder(): Generator<CloudEvent> {
    for (let section = 0; section < this.sections; section += 1) {
      if (this.#folder !== null) this.#layAside(section);
      const lines =
        this.#folder === null ? (this.#waiting[section] ?? []) : readFileSync(this.#file(section), 'utf8').split('\n');
      const facts = lines.flatMap((line): CloudEvent[] => (line === '' ? [] : [JSON.parse(line)]));
      yield* facts.sort(compareByTime);
      if (this.#folder !== null) rmSync(this.#file(section));
    }
  }

  close(): void {
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
  }

  #file(section: number): string {
    return join(this.#folder ?? '', `${section}.ndjson`);
  }

  #layAside(section: number): void {
    if (this.#folder === null) return;
    const lines = this.#waiting[section] ?? [];
    appendFileSync(this.#file(section), lines.map((line) => `${line}\n`).join(''));
    this.#waiting[section] = [];
    this.#sizes[section] = 0;
  }
}
