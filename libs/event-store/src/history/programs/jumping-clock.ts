import type { Random } from '../random';

const HOUR_MS = 3_600_000;

/** A clock that somebody sets now and then: hours forward, hours back. Milliseconds since 1970. */
export const jumpingClock = (random: Random): (() => number) => {
  let offset = 0;
  return () => {
    if (random.chance(0.05)) offset += random.of([-2, -1, 1, 2]) * HOUR_MS;
    return Date.now() + offset;
  };
};
