/** Parts that are being worked on while one is taken. */
const PARTS_AHEAD = 6;

/**
 * Works on parts `from`..`to` − 1 some ahead, and gives what comes of each in order. One that fails before its
 * turn is heard of in its turn. When it is left early, it waits for those under way.
 */
export async function* partsAhead<A>(
  from: number,
  to: number,
  work: (part: number) => Promise<A>,
): AsyncGenerator<readonly [part: number, done: A], void, void> {
  const ahead: Promise<A>[] = [];
  let next = from;
  try {
    for (let part = from; part < to; part++) {
      while (next < to && ahead.length < PARTS_AHEAD) {
        const begun = work(next++);
        begun.catch(() => undefined);
        ahead.push(begun);
      }
      const first = ahead.shift();
      if (first === undefined) throw new Error(`part ${part} was not begun`);
      yield [part, await first];
    }
  } finally {
    await Promise.allSettled(ahead);
  }
}
