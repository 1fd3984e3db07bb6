/** What every measurement of this program is given. */
export interface BenchRun {
  readonly signal: AbortSignal;
  /** Tells what is being done. */
  readonly say: (note: string) => void;
  /** Size of a synthetic history; null: the line's own. */
  readonly facts: number | null;
  readonly parties: number | null;
}
