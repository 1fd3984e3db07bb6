import { Readiness } from './readiness';

const never = new Promise<never>(() => undefined);

/** A log that does not answer in time, and projections that do, or do not, go on meanwhile. */
const whileProjecting = (...positions: ReadonlyArray<bigint>): Promise<string | null> => {
  const left = [...positions];
  let last = 0n;
  return new Readiness({
    store: { head: () => never },
    projections: { position: () => (last = left.shift() ?? last), caughtUp: () => true },
  }).obstacle();
};

describe('readiness while the log gives no answer in time', () => {
  /**
   * A flood on a log on a server kept the question for its end waiting behind appends for longer than 1.5 seconds: a
   * server that took facts in and projected them was called not ready, and a balancer would have sent it nothing.
   */
  it('is given when projections go on with what comes from it, and else refused', async () => {
    expect(await Promise.all([whileProjecting(7n, 9n), whileProjecting(7n, 7n)])).toEqual([
      null,
      'the event store does not answer',
    ]);
  });
});
