import { HOUR_MS, toIso } from '@afecto/domain';
import { cloudEvent, givenAfecto, onDay, OPERATOR } from '../testing/given-afecto';
import { factsIn } from './facts-in';

const HOURS = 1 / 24;
const at = (hours: number): string => toIso(onDay(10) + hours * HOUR_MS);

/**
 * The promise of a request's agreed time waits for the customer with it (`domain.md §10.4`, §10.9). The command did
 * not know of the pause: it told subscribers that the promise was broken, which the profile showed as kept, and
 * refused the agent who said that it was kept.
 */
it('a promise of the agreed time of a request is settled by the time that the request has', async () => {
  const given = givenAfecto(200);
  const afecto = await given.open();
  try {
    const told = (type: string, hours: number, data: object) => cloudEvent(type, 10 + hours * HOURS, 'ana', data);
    const r1 = { requestId: 'r1' };
    const agreedDueAt = at(4);
    const opened = { ...r1, partyId: 'ana', channel: 'phone', category: 'x', class: 'deferred', openedAt: at(0) };
    const promise = { partyId: 'ana', madeBy: 'ada', dueAt: agreedDueAt };
    await given.accept(afecto, [
      told('ServiceRequestOpened', 0, { ...opened, agreedDueAt }),
      told('PromiseMade', 0, { ...promise, promiseId: 'agreed', relatedTo: 'r1' }),
      told('PromiseMade', 0, { ...promise, promiseId: 'late', relatedTo: 'r1' }),
      told('PromiseMade', 0, { ...promise, promiseId: 'other' }),
      told('ServiceRequestPaused', 1, { ...r1, reason: 'waiting_customer' }),
      told('ServiceRequestResumed', 3, r1),
    ]);
    const settle = async (promiseId: string, hours: number) => {
      await afecto.commands.execute({
        name: 'SettlePromise',
        body: { promiseId, fulfilledAt: at(hours) },
        commandId: `settle-${promiseId}`,
        actor: OPERATOR,
      });
      const { facts } = await factsIn(afecto.store, `promise-${promiseId}`);
      return facts.at(-1)?.data;
    };
    expect(await settle('agreed', 6)).toMatchObject({ outcome: 'kept' });
    expect(await settle('late', 6.1)).toMatchObject({ outcome: 'broken' });
    expect(await settle('other', 6)).toMatchObject({ outcome: 'broken' });
  } finally {
    await afecto.close();
    given.remove();
  }
});
