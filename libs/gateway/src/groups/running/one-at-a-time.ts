/** Runs actions one after the other, in the order asked; a failed one does not stop the next. */
export class OneAtATime {
  private last: Promise<unknown> = Promise.resolve();

  run<A>(action: () => Promise<A>): Promise<A> {
    const result = this.last.then(action, action);
    this.last = result.catch(() => undefined);
    return result;
  }
}
