import { writeFileSync } from 'node:fs';
import { defaultConfiguration } from '@afecto/domain';
import { givenProgram } from '../testing/given-program';

/*
 * Noon in UTC stood for a day. In Auckland that is past midnight already: figures of a month were those from its second
 * day to the first of the next one.
 */

const program = givenProgram();
afterAll(() => program.remove());

const event = (type: string, id: string, time: string, data: object): object => ({
  specversion: '1.0',
  source: 'shop',
  id,
  type,
  time,
  data,
});
const ordered = (orderId: string, time: string, netMinor: number): object =>
  event('OrderPlaced', orderId, time, {
    orderId,
    partyId: 'ana',
    channel: 'web',
    lines: [{ sku: 's', productLine: 'books', qty: 1, listMinor: netMinor, netMinor }],
    totalNetMinor: netMinor,
    currency: 'GBP',
  });

describe('figures of days by their dates', () => {
  it.each([
    ['Pacific/Auckland', { '2026-01-31': 500, '2026-02-01': 70 }],
    ['UTC', { '2026-01-30': 500, '2026-01-31': 70 }],
    ['Pacific/Pago_Pago', { '2026-01-30': 500, '2026-01-31': 70 }],
  ])('are of the days of the tenant in %s', async (timeZone, revenues) => {
    const store = `sqlite:${timeZone.replace('/', '-')}.db`;
    const ask = (...args: ReadonlyArray<string>) =>
      program.ask(['--store', store, '--clock', '2026-02-20T09:00:00Z', ...args]);
    const config = { ...defaultConfiguration, version: 1, tenant: { timeZone, reportingCurrency: 'GBP' } };
    const facts = [
      event('ConfigurationActivated', 'v1', '2026-01-01T00:00:00Z', {
        version: 1,
        effectiveFrom: '2026-01-01T00:00:00Z',
        config,
      }),
      ordered('o1', '2026-01-30T13:00:00Z', 500),
      ordered('o2', '2026-01-31T12:30:00Z', 70),
    ];
    writeFileSync(program.path('facts.ndjson'), facts.map((fact) => `${JSON.stringify(fact)}\n`).join(''));
    expect(await ask('import', 'facts.ndjson')).toMatchObject({ code: 0 });
    for (const [day, revenueMinor] of Object.entries(revenues)) {
      const { stdout } = await ask('--json', 'figures', 'scorecard', '--from', day, '--to', day);
      expect(JSON.parse(stdout)).toMatchObject({ corporate: { revenueMinor } });
    }
  });
});
