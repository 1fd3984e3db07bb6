import { DAY_MS, HOUR_MS, type Instant } from '@afecto/domain';
import type { Random } from '../simulator/random';
import type { Shape } from './shape';

/** Index of a table of shares that a number from 0 to 1 falls on. */
const indexAt = (shares: ReadonlyArray<number>, at: number): number => {
  let passed = 0;
  for (const [index, share] of shares.entries()) {
    passed += share;
    if (at < passed) return index;
  }
  return shares.findLastIndex((share) => share > 0);
};

/** The days of the data with the seasons of the year: busy months hold more of the shop's time. */
export class Calendar {
  readonly startsAt: Instant;
  /** The share of all orders that lies before each day; one entry more than days. */
  readonly #before: ReadonlyArray<number>;

  constructor(
    readonly endsAt: Instant,
    private readonly shape: Shape,
  ) {
    this.startsAt = (Math.floor(endsAt / DAY_MS) - shape.days + 1) * DAY_MS;
    const weights = Array.from({ length: shape.days }, (_, day) => {
      const month = new Date(this.startsAt + day * DAY_MS).getUTCMonth();
      return shape.months[month] ?? 1;
    });
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    const before = [0];
    for (const weight of weights) before.push((before.at(-1) ?? 0) + weight / all);
    this.#before = before;
  }

  /** The day, and the fraction of it, until which a share of the year's orders has come. */
  dayAt(share: number): number {
    let [low, high] = [0, this.#before.length - 2];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#before[middle] ?? 0) <= share) low = middle;
      else high = middle - 1;
    }
    const [from = 0, to = 1] = [this.#before[low], this.#before[low + 1]];
    return low + Math.min(1, (share - from) / (to - from));
  }

  /** An instant of opening near a day: its week with the weekday and the hour that the shares give. */
  openingNear(day: number, random: Random): Instant {
    const wholeDay = Math.floor(day);
    const weekday = new Date(this.startsAt + wholeDay * DAY_MS).getUTCDay();
    const wanted = indexAt(this.shape.weekdays, random.next());
    // At most three days to either side, so that a gap stays about what it was.
    const shift = ((wanted - weekday + 10) % 7) - 3;
    const hour = indexAt(this.shape.hours, random.next());
    return Math.floor(this.startsAt + (wholeDay + shift) * DAY_MS + (hour + random.next()) * HOUR_MS);
  }
}
