import { setImmediate as nextTurn } from 'node:timers/promises';

/** How parts are worked on. */
export interface PartWork<A> {
  /** In this thread. */
  readonly here: (part: number) => Promise<A>;
  /** In other threads, so many parts at a time; null: there are none. */
  readonly away: { readonly work: (part: number) => Promise<A>; readonly atOnce: number } | null;
}

/** Of what is done and waits for its turn, for each part that is worked on away: bounds memory. */
const AHEAD = 4;

interface Begun<A> {
  readonly done: Promise<A>;
  isDone: boolean;
}

/**
 * Works on parts `from`..`to` − 1 some ahead, and gives what comes of each in order. Other threads work while
 * the caller has one; who would wait for them works meanwhile. A part that fails before its turn is heard of in its
 * turn. When it is left early, it waits for those under way.
 */
export async function* partsAhead<A>(
  from: number,
  to: number,
  { here, away }: PartWork<A>,
): AsyncGenerator<readonly [part: number, done: A], void, void> {
  const ahead: Begun<A>[] = [];
  let next = from;
  let underWay = 0;
  const begin = (work: (part: number) => Promise<A>): Begun<A> => {
    const begun: Begun<A> = { done: work(next++), isDone: false };
    const ended = (): void => {
      begun.isDone = true;
    };
    begun.done.then(ended, ended);
    ahead.push(begun);
    return begun;
  };
  const beginAway = (): void => {
    if (away === null) return;
    while (next < to && underWay < away.atOnce && ahead.length < AHEAD * away.atOnce) {
      underWay += 1;
      const ended = (): void => {
        underWay -= 1;
      };
      begin(away.work).done.then(ended, ended);
    }
  };
  try {
    for (let part = from; part < to; part++) {
      beginAway();
      while (ahead[0]?.isDone !== true && next < to && ahead.length < AHEAD * (away?.atOnce ?? 1)) {
        await Promise.allSettled([begin(here).done]);
        // Answers of other threads are heard between turns.
        await nextTurn();
        beginAway();
      }
      const first = ahead.shift();
      if (first === undefined) throw new Error(`part ${part} was not begun`);
      yield [part, await first.done];
    }
  } finally {
    await Promise.allSettled(ahead.map(({ done }) => done));
  }
}
