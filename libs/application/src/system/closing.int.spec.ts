/**
 * The log was closed before the projections were told to stop. Whatever they were folding then asked a
 * log that was closed, and a server that had much to fold said at its end, after nothing had gone wrong,
 * that a step of the projections had failed.
 */
import { givenAfecto, order, right } from '../testing/given-afecto';
import { openAfecto } from './open';

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
