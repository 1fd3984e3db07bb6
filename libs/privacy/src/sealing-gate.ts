/** Whose appends wait, and until when. */
interface Closed {
  readonly partyIds: ReadonlySet<string>;
  readonly opened: Promise<void>;
}

/**
 * Keeps what is sealed under a key apart from the decision to destroy it: while somebody decides, nothing is
 * under way that was sealed before, and nothing more of these parties is sealed. Of one process; in memory.
 */
export class SealingGate {
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #closed = new Set<Closed>();

  /** Whether it is closed for anybody. Every append asks this first. */
  get isClosed(): boolean {
    return this.#closed.size > 0;
  }

  /** Takes note of an append whose events are sealed. */
  pass<A>(append: Promise<A>): Promise<A> {
    this.#underWay.add(append);
    const ended = (): void => {
      this.#underWay.delete(append);
    };
    append.then(ended, ended);
    return append;
  }

  /**
   * Resolves when a step has ended that keeps one of these parties waiting; null: none does. To be asked again
   * then, and right before sealing. Null stands for everybody.
   */
  waitOf(partyIds: ReadonlySet<string> | null): Promise<void> | null {
    for (const closed of this.#closed)
      if (partyIds === null || [...partyIds].some((partyId) => closed.partyIds.has(partyId))) return closed.opened;
    return null;
  }

  /**
   * Closes for these parties, waits for the end of every append that is under way, and runs the step; opens
   * when it has ended, whether well or not.
   */
  async closedFor<A>(partyIds: Iterable<string>, step: () => Promise<A>): Promise<A> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const closed: Closed = { partyIds: new Set(partyIds), opened: promise };
    this.#closed.add(closed);
    try {
      await Promise.allSettled(this.#underWay);
      return await step();
    } finally {
      this.#closed.delete(closed);
      resolve();
    }
  }
}
