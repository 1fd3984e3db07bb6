import type { Load } from './load';

/** Seconds over which the rate is averaged: long enough for a slow commit, short enough for a change of load. */
const WINDOW_SECONDS = 5;
/** Bounds of `Retry-After`, in seconds. */
const RETRY = { least: 1, most: 60 };

/**
 * How fast a queue empties, as an average that forgets with a time constant of five seconds. Only the
 * time in which something waits counts: an idle hour says nothing about the speed. Until anything has
 * left, a full queue is taken to empty in one second.
 */
export class EmptyingRate {
  #left: Load;
  #at: number;

  /**
   * @param bounds what the queue holds at most
   * @param now milliseconds that never go back
   */
  constructor(
    bounds: Load,
    readonly now: () => number,
  ) {
    this.#left = {
      requests: bounds.requests * WINDOW_SECONDS,
      facts: bounds.facts * WINDOW_SECONDS,
      bytes: bounds.bytes * WINDOW_SECONDS,
    };
    this.#at = now();
  }

  /** Time goes on; `busy` says whether something has waited since the last call. */
  tick(busy: boolean): void {
    const at = this.now();
    if (busy && at > this.#at) this.#scale(Math.exp((this.#at - at) / (WINDOW_SECONDS * 1_000)));
    this.#at = at;
  }

  left({ requests, facts, bytes }: Load): void {
    const sum = this.#left;
    this.#left = { requests: sum.requests + requests, facts: sum.facts + facts, bytes: sum.bytes + bytes };
  }

  /**
   * Whole seconds, 1 to 60, until what waits now will have left: for `Retry-After` (RFC 9110 §10.2.3),
   * which a 429 may carry (RFC 6585 §4).
   */
  secondsFor(waiting: Load): number {
    const seconds = (amount: number, left: number): number => (amount === 0 ? 0 : (amount * WINDOW_SECONDS) / left);
    const longest = Math.max(
      seconds(waiting.requests, this.#left.requests),
      seconds(waiting.facts, this.#left.facts),
      seconds(waiting.bytes, this.#left.bytes),
    );
    return Math.min(RETRY.most, Math.max(RETRY.least, Math.ceil(longest)));
  }

  #scale(factor: number): void {
    const { requests, facts, bytes } = this.#left;
    this.#left = { requests: requests * factor, facts: facts * factor, bytes: bytes * factor };
  }
}
