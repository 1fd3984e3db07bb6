/** Tells waiting subscribers of this process that a commit has happened, or that the store closes. */
export class CommitSignal {
  readonly #waiting = new Set<() => void>();
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  committed(): void {
    const woken = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of woken) wake();
  }

  close(): void {
    this.#closed = true;
    this.committed();
  }

  /** Calls `wake` once, at the next commit; the answer withdraws it. */
  onNext(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => {
      this.#waiting.delete(wake);
    };
  }
}
