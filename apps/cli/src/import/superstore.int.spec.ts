import { decodeCloudEvent } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import type { CloudEvent } from './cloud-event';
import { inputOf, readAll } from './csv-sample';
import { openSuperstore, superstorePath } from './superstore';
import type { ImportReport } from './source';

const HEADER =
  '"Row ID","Order ID","Order Date","Ship Date","Ship Mode","Customer ID","Customer Name","Segment","Country","City","State","Postal Code","Region","Product ID","Category","Sub-Category","Product Name","Sales","Quantity","Discount","Profit"';
const tail =
  ',"Consumer","United States","Henderson","Kentucky",42420,"South","FUR-BO-1","Furniture","Bookcases","A ""fine"" case, black",';

describe('the whole Superstore file', () => {
  let facts: ReadonlyArray<CloudEvent> = [];
  let report: ImportReport;

  beforeAll(async () => {
    ({ facts, report } = await readAll(openSuperstore({ path: superstorePath() }, { reportingCurrency: 'USD' })));
  });

  it('has 9 994 lines, 793 customers, 5 009 orders and sales of 2 297 200.8603', () => {
    expect(Object.fromEntries(report.figures.map(({ name, input }) => [name, input]))).toEqual({
      lines: 9_994,
      customers: 793,
      orders: 5_009,
      sales: 22_972_008_603,
    });
  });

  it('agrees with its facts: sales to the cent but for the rounding of lines, which is shown', () => {
    expect(report.agrees).toBe(true);
    expect(report.unmapped).toEqual([]);
    const totalMinor = facts.reduce(
      (sum, fact) => sum + (fact.type === 'OrderPlaced' ? fact.data.totalNetMinor : 0),
      0,
    );
    expect(totalMinor).toBe(229_720_107);
    expect(report.figures.find(({ name }) => name === 'sales')?.rounding).toBe(22_972_008_603 - totalMinor * 100);
  });

  it('every fact is one that the system takes', () => {
    expect(facts.filter((fact) => E.isLeft(decodeCloudEvent(fact)))).toEqual([]);
  });

  it('comes in the order of time, each customer registered with the first order', () => {
    const times = facts.map(({ time }) => time);
    expect(times).toEqual([...times].sort());
    const seen = new Set<string>();
    for (const fact of facts) {
      if (fact.type === 'PartyRegistered') seen.add(fact.data.partyId);
      else expect(seen.has(fact.subject ?? '')).toBe(true);
    }
  });

  it('delivers no order before it is placed', () => {
    const placed = new Map<string, string>();
    for (const fact of facts) {
      if (fact.type === 'OrderPlaced') placed.set(fact.data.orderId, fact.time);
      if (fact.type === 'OrderFulfilled')
        expect(fact.data.deliveredAt > (placed.get(fact.data.orderId) ?? '9')).toBe(true);
    }
  });

  it('shows nothing of names or customer ids outside the registration', () => {
    const others = facts.filter(({ type }) => type !== 'PartyRegistered').map((fact) => JSON.stringify(fact));
    expect(others.some((text) => text.includes('Claire Gute') || text.includes('CG-12520'))).toBe(false);
  });
});

describe('lines of Superstore', () => {
  const read = (...rows: ReadonlyArray<string>) =>
    readAll(openSuperstore(inputOf([HEADER, ...rows].join('\n')), { reportingCurrency: 'USD' }));

  it('gives net, list price and cost of each line, and the promise of the ship mode', async () => {
    const { facts } = await read(
      `1,"CA-1",2017-01-02,2017-01-06,"First Class","CG-1","Ann, Lee"${tail}80.005,2,0.2,-20.005`,
      `2,"CA-1",2017-01-02,2017-01-06,"First Class","CG-1","Ann, Lee"${tail}10,1,0,4`,
    );
    const [order] = facts.filter((fact) => fact.type === 'OrderPlaced');
    expect(order?.data).toMatchObject({
      lines: [
        { sku: 'FUR-BO-1', productLine: 'Bookcases', qty: 2, netMinor: 8_001, listMinor: 10_001, costMinor: 10_001 },
        { netMinor: 1_000, listMinor: 1_000, costMinor: 600 },
      ],
      totalNetMinor: 9_001,
      promisedAt: '2017-01-05T23:59:59.999Z',
    });
  });

  it('lists what is no order line, and an order that two customers claim', async () => {
    const { report } = await read(
      `1,"CA-1",2017-01-02,2017-01-06,"First Class","CG-1","Ann"${tail}80,2,0.2,10`,
      `2,"CA-1",2017-01-02,2017-01-06,"First Class","XX-2","Bob"${tail}5,1,0,1`,
      `3,"CA-3",2017-01-02,2017-01-01,"First Class","CG-1","Ann"${tail}5,1,0,1`,
      `4,"CA-4",2017-01-02,2017-01-03,"By Pigeon","CG-1","Ann"${tail}5,1,0,1`,
    );
    expect(report.unmapped.map(({ code, lines, amount }) => [code, lines, amount])).toEqual([
      ['unreadable', 2, 0],
      ['contradiction', 1, 50_000],
    ]);
  });
});
