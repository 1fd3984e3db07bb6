/** How long the adapter waits for a server, in milliseconds. */
export interface EventStoreDbTimings {
  /** An append without an answer for so long has an unknown outcome. Default 10 000, the protocol's own deadline. */
  readonly appendMs: number;
  /** A read without a message for so long is taken for dead. Default 10 000. */
  readonly silenceMs: number;
  /** A live subscription without a message for so long is compared with the head of the log. Default 2 000. */
  readonly heartbeatMs: number;
  /** From the first attempt; then the call answers that the server cannot be reached. Default 30 000. */
  readonly giveUpMs: number;
  /** Pause after the first failed attempt; doubled after each, up to 2 s. Default 50. */
  readonly pauseMs: number;
}

export const DEFAULT_TIMINGS: EventStoreDbTimings = {
  appendMs: 10_000,
  silenceMs: 10_000,
  heartbeatMs: 2_000,
  giveUpMs: 30_000,
  pauseMs: 50,
};

const LONGEST_PAUSE_MS = 2_000;

/** Pause before attempt number `failures` + 1. */
export const pauseAfter = ({ pauseMs }: EventStoreDbTimings, failures: number): number =>
  Math.min(LONGEST_PAUSE_MS, pauseMs * 2 ** Math.min(failures - 1, 10));
