/** Latest latencies kept for a consumer with extra statistics. */
const WINDOW = 1_000;

/** Counts items and their rate between two looks. */
export class Throughput {
  private count = 0;
  private countAtLook = 0;

  constructor(private lookedAt: number) {}

  add(): void {
    this.count += 1;
  }

  /** Items in all, since the last look, and per second since then (0: no time has passed). */
  look(now: number): { readonly total: number; readonly sinceLast: number; readonly perSecond: number } {
    const sinceLast = this.count - this.countAtLook;
    const elapsed = now - this.lookedAt;
    this.countAtLook = this.count;
    this.lookedAt = now;
    return { total: this.count, sinceLast, perSecond: elapsed > 0 ? Math.round((sinceLast * 1_000) / elapsed) : 0 };
  }
}

export interface Measurement {
  readonly key: string;
  /** Milliseconds from delivery to acknowledgement. */
  readonly value: number;
}

const QUANTILES: ReadonlyArray<readonly [string, number]> = [
  ['Median', 0.5],
  ['Fastest', 0],
  ['Quintile 1', 0.2],
  ['Quintile 2', 0.4],
  ['Quintile 3', 0.6],
  ['Quintile 4', 0.8],
  ['Quintile 5', 1],
  ['90%', 0.9],
  ['95%', 0.95],
  ['99%', 0.99],
  ['99.5%', 0.995],
  ['99.9%', 0.999],
  ['Highest', 1],
];

/** How long a consumer takes for a message: the extra statistics of a group. */
export class Latencies {
  private readonly window: number[] = [];
  private next = 0;

  add(milliseconds: number): void {
    this.window[this.next] = milliseconds;
    this.next = (this.next + 1) % WINDOW;
  }

  /** Named as the official clients know them; all 0 before the first acknowledgement. */
  measurements(): ReadonlyArray<Measurement> {
    const sorted = [...this.window].sort((left, right) => left - right);
    const at = (quantile: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] ?? 0;
    const mean = sorted.reduce((sum, value) => sum + value, 0) / Math.max(1, sorted.length);
    return [
      { key: 'Mean', value: Math.round(mean) },
      ...QUANTILES.map(([key, quantile]) => ({ key, value: Math.round(at(quantile)) })),
    ];
  }
}
