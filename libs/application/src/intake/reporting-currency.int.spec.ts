import { defaultConfiguration, toIso } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import { type Afecto, openIntakeOnly } from '../system/open';
import { cloudEvent, type GivenAfecto, givenAfecto, onDay, OPERATOR, right } from '../testing/given-afecto';

const order = (orderId: string, days: number, currency: string, reportingAmountMinor?: number): object =>
  cloudEvent(
    'OrderPlaced',
    days,
    'p1',
    {
      orderId,
      partyId: 'p1',
      channel: 'web',
      lines: [{ sku: 'sku-1', productLine: 'books', qty: 1, listMinor: 1_000_000, netMinor: 1_000_000 }],
      totalNetMinor: 1_000_000,
      currency,
      ...(reportingAmountMinor === undefined ? {} : { reportingAmountMinor }),
    },
    orderId,
  );
const activation = (version: number, days: number, reportingCurrency: string): object => {
  const config = { ...defaultConfiguration, version, tenant: { timeZone: 'UTC', reportingCurrency } };
  const data = { version, effectiveFrom: toIso(onDay(days)), config };
  const { subject: _, ...event } = Object(
    cloudEvent('ConfigurationActivated', days, '-', data, `v${version}`),
  ) as Record<string, unknown>;
  return event;
};

/*
 * The command refuses an order in another currency that does not state its total in the reporting one. Told as a fact it
 * came in and was added up as if it were of that: 10 000 yen were 100 euros of revenue, tier and lifetime value.
 */
describe('an order in another currency, told as a fact', () => {
  let given: GivenAfecto;
  let afecto: Afecto;
  beforeEach(async () => {
    given = givenAfecto(10);
    afecto = await given.open();
  });
  afterEach(async () => {
    await afecto.close();
    given.remove();
  });

  const told = async (...events: ReadonlyArray<object>) => {
    const result = right(await afecto.intake.accept(events));
    await afecto.projections.waitFor(result.position, 10_000);
    return result;
  };
  const missing = (reporting: string, currency: string) => ({
    code: 'ValidationFailed',
    errors: [
      {
        path: '/data/reportingAmountMinor',
        message: `is missing; must be the total in ${reporting}, in which is reported: the order is in ${currency}`,
      },
    ],
  });

  it('waits in quarantine until it states its total in the reporting currency', async () => {
    await told(activation(1, 1, 'EUR'));
    expect(
      await told(order('o1', 2, 'EUR'), order('o2', 3, 'JPY'), order('o3', 4, 'JPY', 6_000), order('o4', 5, 'GBP')),
    ).toMatchObject({
      accepted: 2,
      rejected: [
        { index: 1, id: 'o2', ...missing('EUR', 'JPY') },
        { index: 3, id: 'o4', ...missing('EUR', 'GBP') },
      ],
    });
    expect(afecto.quarantine.count()).toBe(2);
    expect(await told(order('o2', 3, 'JPY', 6_000))).toMatchObject({ accepted: 1, rejected: [] });
  });

  it('is judged by the currency of its day, and of before the first configuration by that of now', async () => {
    await told(activation(1, 2, 'EUR'), activation(2, 5, 'USD'));
    expect(
      await told(order('o1', 1, 'USD'), order('o2', 1, 'EUR'), order('o3', 3, 'EUR'), order('o4', 6, 'EUR')),
    ).toMatchObject({
      accepted: 2,
      rejected: [
        { id: 'o2', ...missing('USD', 'EUR') },
        { id: 'o4', ...missing('USD', 'EUR') },
      ],
    });
  });

  /*
   * The currency was asked of the projections, which have a configuration some milliseconds after it is answered: an
   * order sent with it in one call, or right after it, came in at its face value, and one sent a moment later did not.
   */
  it('is judged by a configuration that came just before it, in the same call too', async () => {
    const result = right(
      await afecto.intake.accept([order('o0', 1, 'JPY'), activation(1, 1, 'EUR'), order('o1', 2, 'JPY')]),
    );
    expect(result).toMatchObject({ accepted: 2, rejected: [{ index: 2, id: 'o1', ...missing('EUR', 'JPY') }] });
    expect(right(await afecto.intake.accept([activation(2, 3, 'JPY')]))).toMatchObject({ accepted: 1 });
    expect(right(await afecto.intake.accept([order('o2', 4, 'JPY'), order('o3', 4, 'EUR')]))).toMatchObject({
      accepted: 1,
      rejected: [{ id: 'o3', ...missing('JPY', 'EUR') }],
    });
  });

  /*
   * The command went by the currency of now: an order of the days of the other one was taken without its worth and
   * added up at its face, and one in the currency of its day was refused.
   */
  it('is judged likewise when it is placed by a command', async () => {
    await told(activation(1, 2, 'EUR'), activation(2, 5, 'USD'));
    const place = (days: number, currency: string) =>
      afecto.commands.execute({
        name: 'PlaceOrder',
        body: {
          partyId: 'p1',
          channel: 'web',
          lines: [{ sku: 'sku-1', productLine: 'books', qty: 1, listMinor: 100, netMinor: 100 }],
          totalNetMinor: 100,
          currency,
        },
        commandId: `${currency}-${days}`,
        actor: OPERATOR,
        occurredAt: onDay(days),
      });
    await told(order('o1', 6, 'USD'));
    const mismatch = (reportingCurrency: string) => ({
      left: { code: 'CurrencyMismatch', details: { reportingCurrency } },
    });
    expect(await place(1, 'EUR')).toMatchObject(mismatch('USD'));
    expect(await place(3, 'USD')).toMatchObject(mismatch('EUR'));
    expect(await place(6, 'EUR')).toMatchObject(mismatch('USD'));
    for (const [days, currency] of [
      [1, 'USD'],
      [3, 'EUR'],
      [6, 'USD'],
    ] as const)
      expect(await place(days, currency)).toMatchObject({ right: { events: [{ type: 'OrderPlaced' }] } });
  });

  it('comes in as it is where nobody has configured a currency, and is a duplicate from then on', async () => {
    expect(await told(order('o1', 1, 'JPY'))).toMatchObject({ accepted: 1, rejected: [] });
    await told(activation(1, 2, 'EUR'));
    expect(await told(order('o1', 1, 'JPY'))).toMatchObject({ duplicates: 1, rejected: [] });
  });

  it('waits likewise when a file is imported', async () => {
    await told(activation(1, 1, 'EUR'));
    await afecto.close();
    const opened = await openIntakeOnly(given.settings);
    if (E.isLeft(opened)) throw new Error(opened.left.message);
    expect(right(await opened.right.intake.accept([order('o1', 2, 'JPY'), order('o2', 2, 'EUR')]))).toMatchObject({
      accepted: 1,
      rejected: [{ id: 'o1', ...missing('EUR', 'JPY') }],
    });
    await opened.right.close();
    afecto = await given.open();
  });
});
