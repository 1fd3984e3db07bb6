/** One thing measured several times, with the raw limit of each time where there is one. */
export interface Figure {
  readonly unit: string;
  readonly rounds: ReadonlyArray<number>;
  /** What the machine allows without our work, in the same unit, measured between the rounds. */
  readonly raw: ReadonlyArray<number> | null;
  /** What else there is to know of this run. */
  readonly note?: string;
}

export interface MeasureOptions {
  /** Path of the server's compiled `main.js`. */
  readonly entry: string;
  readonly signal: AbortSignal;
  /** Tells what is being done. */
  readonly say: (note: string) => void;
  readonly rounds?: number;
}

/** A measurement is repeated so often. */
export const ROUNDS = 3;
