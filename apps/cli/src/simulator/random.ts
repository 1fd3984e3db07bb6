import { hash32 } from '../import/opaque-id';

/**
 * Random numbers that repeat: mulberry32 (Tommy Ettinger, 2017, public domain), 32 bits of state. One
 * generator a subject, so that what happens to one customer does not move the others.
 */
export class Random {
  #state: number;

  constructor(seed: number, subject: string) {
    this.#state = (hash32(subject) ^ Math.imul(seed, 0x9e3779b1)) >>> 0;
  }

  /** 0 ≤ x < 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** from ≤ x < to. */
  between(from: number, to: number): number {
    return from + (to - from) * this.next();
  }

  /** Whole number, from ≤ x ≤ to. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.whole(0, choices.length - 1)] ?? choices[0];
  }
}
