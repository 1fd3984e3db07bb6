/**
 * A question that many ask at the same time. Whoever asks is answered by a run that begins after that, and
 * one run answers all who asked before it began; runs follow one another.
 */
export class SharedQuestion<A> {
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<A> | null = null;

  constructor(readonly run: () => Promise<A>) {}

  ask(): Promise<A> {
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = null;
        const running = this.run();
        this.#running = running;
        return running;
      });
    return this.#next;
  }
}
