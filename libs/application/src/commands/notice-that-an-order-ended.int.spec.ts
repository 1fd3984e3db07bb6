import { cloudEvent, givenAfecto, onDay, OPERATOR, order } from '../testing/given-afecto';

/**
 * A notice ends with an order after it took effect (docs/decisions.md), too. Its stream tells nothing of orders: who
 * had come back could take back what did not stand any more, and was counted as saved a second time.
 */
it('a notice that an order ended cannot be taken back', async () => {
  const given = givenAfecto(200);
  const afecto = await given.open();
  try {
    const notice = { partyId: 'ana', channel: 'phone', effectiveAt: '2026-03-02T00:00:00.000Z', reasonCodes: [] };
    await given.accept(afecto, [
      cloudEvent('DefectionNoticeReceived', 50, 'ana', notice),
      order('within-the-term', 55, 'ana'),
      order('back-again', 70, 'ana'),
    ]);
    const takeBack = (day: number) =>
      afecto.commands.execute({
        name: 'ReceiveDefectionNotice',
        body: { partyId: 'ana', channel: 'phone', withdrawn: true },
        commandId: `back-${day}`,
        actor: OPERATOR,
        occurredAt: onDay(day),
      });
    expect(await takeBack(100)).toMatchObject({ left: { code: 'NoOpenNotice', path: '/withdrawn' } });
    expect(await takeBack(69)).toMatchObject({ right: { events: [{ type: 'DefectionNoticeReceived' }] } });
  } finally {
    await afecto.close();
    given.remove();
  }
});
