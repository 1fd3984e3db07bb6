/**
 * The log was closed before the projections were told to stop. Whatever they were folding then asked a
 * log that was closed, and a server that had much to fold said at its end, after nothing had gone wrong,
 * that a step of the projections had failed.
 */
import { givenAfecto, onDay, order, right } from '../testing/given-afecto';
import { openAfecto } from './open';

describe('a clock that was set back', () => {
  /* Claims were decided at one instant and shown at a later one, at which their lease was over already. */
  it('goes on from where the read models were evaluated to, or is told of when that is more than five minutes', async () => {
    const given = givenAfecto(10);
    const failures: string[] = [];
    const opened = async () =>
      right(await openAfecto(given.settings, { onFailure: (message) => void failures.push(message) }));
    const minutes = (count: number) => count / (24 * 60);
    const first = await opened();
    await given.accept(first, [order('o1', 1, 'p1')]);
    given.clock(10 + minutes(10));
    const evaluated = await first.projections.evaluatedTo(first.settings.now(), 10_000);
    expect(evaluated).toBe(onDay(10 + minutes(10)));
    await first.close();
    given.clock(10 + minutes(6));
    const again = await opened();
    expect(again.settings.now()).toBe(evaluated);
    await again.close();
    expect(failures).toEqual([]);
    given.clock(10 + minutes(4));
    await (await opened()).close();
    expect(failures).toEqual([expect.stringContaining('the clock is behind')]);
    given.remove();
  });
});

describe('Afecto that is closed', () => {
  it('while its projections are far behind, tells of no failure, and the next start goes on', async () => {
    const given = givenAfecto(200);
    const failures: string[] = [];
    const onFailure = (message: string): void => void failures.push(message);
    const afecto = right(await openAfecto(given.settings, { onFailure }));
    // Each is dated before those of its customer that came before: the customer is folded anew, from the log.
    const calls = Array.from({ length: 2 }, (_, call) =>
      Array.from({ length: 500 }, (_, index) => order(`o${call}-${index}`, 100 - call - index / 500, `p${index % 50}`)),
    );
    for (const taken of await Promise.all(calls.map((call) => afecto.intake.accept(call)))) right(taken);
    await afecto.close();

    const again = right(await openAfecto(given.settings, { onFailure }));
    expect(await again.projections.waitFor(1_000n, 60_000)).toBe(true);
    await again.close();
    expect(failures).toEqual([]);
    given.remove();
  });
});
