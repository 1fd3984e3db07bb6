import { EmptyingRate } from './emptying-rate';
import { fits, type Load, minus, NOTHING, plus } from './load';

/** What one admitted request holds. Leaving twice is leaving once; after it nothing else has an effect. */
export interface Ticket {
  /** Takes more; false, and nothing taken, when it does not fit. */
  readonly grow: (more: Load) => boolean;
  /** So many facts it is: known only when the body has been read. Never more than was admitted. */
  readonly isOf: (facts: number) => void;
  /** The work is done: from now on it holds only its place and the bytes of its answer. */
  readonly answered: (bytes: number) => void;
  readonly leave: () => void;
}

/**
 * A bounded number of requests under way, counted in what they cost. Whoever does not fit is refused
 * at once: nobody waits in front of it, so that what it bounds is all there is.
 *
 * Nothing enters beyond the bounds. One thing may exceed them for a while: the bytes of answers, whose
 * size is known only when they are made; until they have left, nothing else enters.
 */
export class Admission {
  #underWay: Load = NOTHING;
  #refused = 0;
  readonly #rate: EmptyingRate;

  /** @param now milliseconds that never go back */
  constructor(
    readonly bounds: Load,
    now: () => number = () => performance.now(),
  ) {
    this.#rate = new EmptyingRate(bounds, now);
  }

  get underWay(): Load {
    return this.#underWay;
  }

  /** Requests refused since the start. */
  get refused(): number {
    return this.#refused;
  }

  /** Whole seconds, 1 to 60, until what is under way will be done at the measured rate. */
  get retryAfter(): number {
    this.#tick();
    return this.#rate.secondsFor(this.#underWay);
  }

  /** A ticket, which its holder must leave with; null: refused. */
  enter(load: Load): Ticket | null {
    if (!fits(plus(this.#underWay, load), this.bounds)) {
      this.#refused += 1;
      return null;
    }
    return this.#admit(load);
  }

  #admit(load: Load): Ticket {
    let held = load;
    let isDone = false;
    let hasLeft = false;
    const hold = (next: Load): void => {
      this.#tick();
      this.#underWay = plus(minus(this.#underWay, held), next);
      held = next;
    };
    this.#tick();
    this.#underWay = plus(this.#underWay, held);
    const done = (): void => {
      if (isDone) return;
      this.#tick();
      this.#rate.left(held);
      isDone = true;
    };
    return {
      grow: (more) => {
        if (hasLeft || isDone) return false;
        if (!fits(plus(this.#underWay, more), this.bounds)) {
          this.#refused += 1;
          return false;
        }
        hold(plus(held, more));
        return true;
      },
      isOf: (facts) => {
        if (!hasLeft && !isDone && facts < held.facts) hold({ ...held, facts });
      },
      answered: (bytes) => {
        if (hasLeft) return;
        done();
        hold({ requests: held.requests, facts: 0, bytes });
      },
      leave: () => {
        if (hasLeft) return;
        done();
        hold(NOTHING);
        hasLeft = true;
      },
    };
  }

  #tick(): void {
    const { requests } = this.#underWay;
    this.#rate.tick(requests > 0);
  }
}
