import { Latencies, Throughput, type Measurement } from './measurements';
import type { Candidate } from './strategy';

/** Who connected, and how much it takes at once. */
export interface ConsumerOptions {
  readonly id: string;
  /** Messages in flight at most; at least 1. */
  readonly bufferSize: number;
}

export interface ConsumerSnapshot {
  readonly id: string;
  readonly availableSlots: number;
  readonly inFlight: number;
  readonly totalItems: number;
  readonly countSinceLastMeasurement: number;
  readonly averagePerSecond: number;
  /** Empty without extra statistics. */
  readonly measurements: ReadonlyArray<Measurement>;
}

/** A connected consumer: its slots and its figures. */
export class Consumer implements Candidate {
  readonly id: string;
  private readonly bufferSize: number;
  private readonly throughput: Throughput;
  private readonly latencies: Latencies | null;
  private taken = 0;

  constructor({ id, bufferSize }: ConsumerOptions, extraStatistics: boolean, now: number) {
    this.id = id;
    this.bufferSize = bufferSize;
    this.throughput = new Throughput(now);
    this.latencies = extraStatistics ? new Latencies() : null;
  }

  readonly hasSlot = (): boolean => this.taken < this.bufferSize;

  take(): void {
    this.taken += 1;
    this.throughput.add();
  }

  release(): void {
    this.taken -= 1;
  }

  processed(milliseconds: number): void {
    this.latencies?.add(milliseconds);
  }

  snapshot(now: number): ConsumerSnapshot {
    const { total, sinceLast, perSecond } = this.throughput.look(now);
    return {
      id: this.id,
      availableSlots: this.bufferSize - this.taken,
      inFlight: this.taken,
      totalItems: total,
      countSinceLastMeasurement: sinceLast,
      averagePerSecond: perSecond,
      measurements: this.latencies?.measurements() ?? [],
    };
  }
}
