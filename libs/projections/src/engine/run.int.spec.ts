import { setImmediate as nextTurn } from 'node:timers/promises';
import { DAY_MS, defaultConfiguration, toIso, toNewEvent } from '@afecto/domain';
import { ordered, said } from '../tally/given-customers';
import { startProjections } from './run';
import { inMemory, logOf, NOW, right } from './testing/given-log';

/**
 * The first commit of a new policy names its place in the log; the customers that it is about follow in
 * commits of a hundred, with a turn for others between them. An answer in such a turn said that it held
 * the policy (`position`, `minPosition`), and held the rows of the one before for most customers.
 */
describe('the position of projections', () => {
  it('is named when every customer is judged by all that lies before it', async () => {
    const customers = Array.from({ length: 350 }, (_, index) => `p${index}`);
    const store = await logOf(customers.map((partyId) => ordered(partyId, 20, `order-${partyId}`)));
    const readModels = inMemory();
    const projections = await startProjections(store, readModels, { now: () => NOW });
    const config = { ...defaultConfiguration, version: 1 };
    const activated = said('ConfigurationActivated', 0, {
      version: 1,
      effectiveFrom: toIso(NOW - DAY_MS),
      config,
    });
    const { events } = right(
      await store.append({ streamId: activated.streamId, expectedRevision: 'any', events: [toNewEvent(activated)] }),
    );
    const position = events[0]?.position ?? 0n;

    let turnsBetween = 0;
    while (projections.position() < position) {
      if (projections.engine.at.position === position) turnsBetween += 1;
      await nextTurn();
    }
    expect(turnsBetween).toBeGreaterThan(1);
    expect(await readModels.dueCustomers(NOW, 1)).toEqual([]);
    expect(await projections.waitFor(position, 0)).toBe(true);
    await projections.stop();
    await readModels.close();
    await store.close();
  });
});
