import { decodeCloudEvent } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import type { CloudEvent } from './cloud-event';
import { inputOf, readAll } from './csv-sample';
import { formatReport } from './format-report';
import { openOnlineRetail } from './online-retail';
import { kindOf, productLineOf } from './online-retail-lines';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const row = (invoice: string, stock: string, quantity: number, minute: number, price: string, customer = '17850') =>
  `${invoice},${stock},A THING,${quantity},2010-12-01T08:${String(minute).padStart(2, '0')}:00Z,${price},${customer},United Kingdom`;

const read = (...rows: ReadonlyArray<string>) =>
  readAll(openOnlineRetail(inputOf([HEADER, ...rows, ''].join('\r\n')), { reportingCurrency: 'GBP' }));

const of = <T extends CloudEvent['type']>(facts: ReadonlyArray<CloudEvent>, type: T) =>
  facts.filter((fact): fact is Extract<CloudEvent, { type: T }> => fact.type === type);

describe('the Online Retail import', () => {
  it('makes one order of an invoice, its customer registered first, and every fact is one the system takes', async () => {
    const { facts, report } = await read(row('1', '85123A', 6, 26, '2.55'), row('1', 'POST', 1, 26, '18'));
    expect(facts.map(({ type }) => type)).toEqual(['PartyRegistered', 'OrderPlaced']);
    expect(facts.filter((fact) => E.isLeft(decodeCloudEvent(fact)))).toEqual([]);
    expect(of(facts, 'OrderPlaced')[0]).toMatchObject({
      time: '2010-12-01T08:26:00.000Z',
      subject: facts[0]?.subject,
      data: {
        orderId: '1',
        totalNetMinor: 3_330,
        currency: 'GBP',
        lines: [
          { sku: '85123A', productLine: 'family-85', qty: 6, netMinor: 1_530, listMinor: 1_530 },
          { sku: 'POST', productLine: 'service', qty: 1, netMinor: 1_800, listMinor: 1_800 },
        ],
      },
    });
    expect(report.agrees).toBe(true);
  });

  it('party ids show nothing of the customer number', async () => {
    const { facts } = await read(row('1', '85123A', 6, 26, '2.55'));
    expect(facts[0]?.subject).toMatch(/^or-[0-9a-f]{12}$/);
    expect(JSON.stringify(facts[1])).not.toContain('17850');
  });

  it('reads quoted fields with commas, quotes and line breaks, and counts their lines rightly', async () => {
    const { report, facts } = await read(
      '1,22111,"A ""GRAND"" LAMP,\nRED",2,2010-12-01T08:00:00Z,1.5,1,United Kingdom',
      'no,row',
    );
    expect(of(facts, 'OrderPlaced')[0]?.data.totalNetMinor).toBe(300);
    expect(report.unmapped).toEqual([
      expect.objectContaining({ code: 'unreadable', lines: 1, examples: [{ line: 4, text: 'no,row' }] }),
    ]);
  });

  it.each(['\n', '\r\n', '\r'])('line ends may be mixed: a header that ends with %j', async (end) => {
    const rows = [1, 2, 3].map((invoice) => row(String(invoice), '22111', 2, 0, '2.5'));
    const mixed = `${HEADER}${end}${rows[0]}\n${rows[1]}\r\n${rows[2]}\r`;
    const { facts, report } = await readAll(openOnlineRetail(inputOf(mixed), { reportingCurrency: 'GBP' }));
    expect(of(facts, 'OrderPlaced')).toHaveLength(3);
    expect(report).toMatchObject({ lines: 3, unmapped: [] });
  });

  // A quote that is never closed opens a field that may hold line ends: the rest of the file was one record of it.
  it.each([
    ['nothing closes it', '22111'],
    ['a quoted field below it closes it', '"22111"'],
    ['another stray quote closes it, with as many fields as a record has', '22111"'],
  ])('a stray quote costs one line, which is named: %s', async (_, stockBelow) => {
    const { facts, report } = await read(
      row('1', '22111', 2, 0, '2.5'),
      '',
      row('2', '"22111', 2, 0, '2.5'),
      row('3', '22111', 2, 0, '2.5'),
      row('4', stockBelow, 2, 0, '2.5'),
    );
    expect(of(facts, 'OrderPlaced').map(({ data }) => data.orderId)).toEqual(['1', '3', '4']);
    expect(report).toMatchObject({ lines: 4, unmapped: [{ code: 'unreadable', lines: 1, examples: [{ line: 4 }] }] });
  });

  // The second line's opening quote was a letter that ended the first one's field: one record of as many fields as the
  // header has, the order of the one with the customer and the amounts of the other.
  it('two neighbouring lines with a stray quote each are two broken lines, and no order', async () => {
    const { facts, report } = await read(
      row('1', '22111', 2, 0, '2.5'),
      row('2', '22633', 6, 28, '1.85').replace('A THING', '"HAND WARMER'),
      row('3', '84879', 32, 34, '1.69', '13047').replace('A THING', '"ASSORTED BIRD'),
      row('4', '22960', 6, 34, '4.25'),
    );
    expect(of(facts, 'OrderPlaced').map(({ data }) => data.orderId)).toEqual(['1', '4']);
    expect(report).toMatchObject({
      lines: 4,
      unmapped: [{ code: 'unreadable', lines: 2, examples: [{ line: 3 }, { line: 4 }] }],
    });
  });

  it('a line with more fields than the header is listed, and so is one that is not UTF-8', async () => {
    const lines = [HEADER, `${row('1', '22111', 2, 0, '2.5')},more`, row('2', 'caf\u00e9', 2, 0, '2.5'), ''];
    const { report } = await readAll(
      openOnlineRetail(inputOf(Buffer.from(lines.join('\n'), 'latin1')), { reportingCurrency: 'GBP' }),
    );
    expect(report.unmapped).toEqual([
      expect.objectContaining({
        code: 'unreadable',
        lines: 2,
        examples: [
          { line: 2, text: expect.stringContaining('1,22111') },
          { line: 3, text: 'lines that are not UTF-8' },
        ],
      }),
    ]);
  });

  it('a cancellation takes back the goods from the order that it undoes', async () => {
    const { facts, report } = await read(
      row('1', '22111', 6, 0, '2.5'),
      row('1', '22112', 1, 0, '4'),
      row('C2', '22111', -4, 10, '2.5'),
    );
    expect(of(facts, 'OrderReversed')).toEqual([
      expect.objectContaining({
        id: 'reversal-C2-1',
        data: {
          orderId: '1',
          kind: 'returned',
          amountMinor: 1_000,
          lines: [{ sku: '22111', productLine: 'family-22', qty: 4, netMinor: 1_000 }],
          reason: 'cancellation-of-goods',
        },
      }),
    ]);
    expect(report.unmapped).toEqual([]);
  });

  it('a cancellation of everything cancels the order', async () => {
    const { facts } = await read(row('1', '22111', 6, 0, '2.5'), row('C2', '22111', -6, 10, '2.5'));
    expect(of(facts, 'OrderReversed')[0]?.data).toMatchObject({ kind: 'cancelled', amountMinor: 1_500 });
  });

  it('a cancellation is split over orders, the newest first, and never takes what was taken before', async () => {
    const { facts, report } = await read(
      row('1', '22111', 3, 0, '2'),
      row('2', '22111', 2, 5, '2'),
      row('C3', '22111', -1, 10, '2'),
      row('C4', '22111', -4, 15, '2'),
    );
    expect(of(facts, 'OrderReversed').map(({ id, data }) => [id, data.amountMinor])).toEqual([
      ['reversal-C3-2', 200],
      ['reversal-C4-2', 200],
      ['reversal-C4-1', 600],
    ]);
    expect(report.unmapped).toEqual([]);
    expect(report.agrees).toBe(true);
  });

  it('an amount without goods is taken from the newest order with more than that left, and undoes none', async () => {
    const { facts } = await read(
      row('1', '22111', 3, 0, '2'),
      row('2', '22111', 2, 5, '2'),
      row('C3', 'D', -1, 10, '4'),
    );
    expect(of(facts, 'OrderReversed').map(({ data }) => data)).toEqual([
      { orderId: '1', kind: 'refunded', amountMinor: 400, reason: 'cancellation-without-matching-goods' },
    ]);
  });

  it('a cancellation that nothing explains is counted and listed with its sum', async () => {
    const { facts, report } = await read(row('C1', '22111', -2, 0, '2.5'), row('2', '22111', 1, 5, '2.5'));
    expect(of(facts, 'OrderReversed')).toEqual([]);
    expect(report.unmapped).toEqual([
      expect.objectContaining({
        code: 'cancellationWithoutOrder',
        lines: 1,
        amount: -50_000,
        examples: [{ line: 2, text: 'C1 22111 -2 × 2.5' }],
      }),
    ]);
    expect(report.agrees).toBe(true);
  });

  it('an invoice without a customer is the order of a fresh anonymous party, never registered', async () => {
    const { facts } = await read(row('1', '22111', 2, 0, '2.5', ''), row('2', '22111', 1, 1, '2.5', ''));
    expect(facts.map(({ type, subject }) => [type, subject])).toEqual([
      ['OrderPlaced', 'anon-1'],
      ['OrderPlaced', 'anon-2'],
    ]);
  });

  it('lines that repeat each other exactly are kept and counted', async () => {
    const { facts, report } = await read(row('1', '22111', 2, 0, '2.5'), row('1', '22111', 2, 0, '2.5'));
    expect(of(facts, 'OrderPlaced')[0]?.data.lines).toHaveLength(2);
    expect(report.remarks[0]).toMatch(/^1 lines repeat/);
  });

  it('lines of two invoices may be interleaved', async () => {
    const { facts } = await read(
      row('1', '22111', 2, 0, '2.5'),
      row('2', '22111', 2, 0, '2.5'),
      row('1', '22112', 1, 1, '1'),
    );
    expect(of(facts, 'OrderPlaced').map(({ data }) => [data.orderId, data.totalNetMinor])).toEqual([
      ['1', 600],
      ['2', 500],
    ]);
  });

  it('amounts beyond pennies are rounded half up and the difference is shown', async () => {
    const { facts, report } = await read(row('1', 'PADS', 1, 0, '0.001'), row('1', 'PADS', 5, 0, '0.001'));
    expect(of(facts, 'OrderPlaced')[0]?.data.lines.map(({ netMinor }) => netMinor)).toEqual([0, 1]);
    expect(report.figures.find(({ name }) => name === 'net revenue')).toMatchObject({
      input: 60,
      facts: 100,
      rounding: -40,
      agrees: true,
    });
  });

  it('every class that cannot be mapped is listed, and all figures still agree', async () => {
    const { report } = await read(
      row('1', '22111', 2, 0, '2.5'),
      row('2', '22111', -5, 1, '0', ''),
      row('3', '22111', 9, 1, '0', ''),
      row('A4', 'B', 1, 2, '-11062.06', ''),
      row('5', '22111', 1, 3, '-1'),
      row('C6', 'M', -1, 4, '7', ''),
      row('7', '22111', 0, 5, '7'),
      row('C8', '22111', 2, 6, '7'),
      row('9', '22111', 1, 7, 'seven'),
    );
    expect(report.unmapped.map(({ code, lines, amount }) => [code, lines, amount])).toEqual([
      ['unreadable', 1, 0],
      ['anonymousCancellation', 1, -70_000],
      ['badDebt', 1, -110_620_600],
      ['negativePrice', 1, -10_000],
      ['stockCorrection', 1, 0],
      ['stockMovement', 1, 0],
      ['zeroQuantity', 1, 0],
      ['cancellationOfNothing', 1, 140_000],
    ]);
    expect(report.agrees).toBe(true);
    expect(formatReport(report)).toContain('Everything agrees.');
  });

  it('a file with another header maps nothing and says so', async () => {
    const { report } = await readAll(openOnlineRetail(inputOf('a,b\n1,2\n'), { reportingCurrency: 'GBP' }));
    expect(report.facts).toBe(0);
    expect(report.unmapped[0]).toMatchObject({ code: 'unreadable', lines: 1 });
    expect(report).toMatchObject({ agrees: false, missingColumns: HEADER.split(',') });
  });

  it('a header that lacks a column is named with it', async () => {
    const file = `${HEADER.replace('UnitPrice', 'Price')}\n${row('1', '22111', 2, 0, '2.5')}\n`;
    const { facts, report } = await readAll(openOnlineRetail(inputOf(file), { reportingCurrency: 'GBP' }));
    expect(facts).toEqual([]);
    expect(formatReport(report)).toContain('The header lacks UnitPrice (columns are separated by commas)');
  });

  it('another reporting currency needs an exchange rate, and then every amount carries both', async () => {
    const input = (): Parameters<typeof openOnlineRetail>[0] =>
      inputOf(`${HEADER}\n${row('1', '22111', 2, 0, '2.5')}\n`);
    expect(openOnlineRetail(input(), { reportingCurrency: 'USD' })).toMatchObject({
      left: { code: 'ExchangeRateMissing' },
    });
    const { facts } = await readAll(openOnlineRetail(input(), { reportingCurrency: 'USD', exchangeRate: 1.5 }));
    expect(of(facts, 'OrderPlaced')[0]?.data).toMatchObject({ totalNetMinor: 500, reportingAmountMinor: 750 });
  });

  it.each([
    ['85123A', 'family-85'],
    ['POST', 'service'],
    ['BANK CHARGES', 'service'],
    ['gift_0001_20', 'gift-voucher'],
    ['DCGS0076', 'dotcom-goods'],
  ])('article %s belongs to %s', (stockCode, productLine) => {
    expect(productLineOf(stockCode)).toBe(productLine);
  });

  it('a gift to a customer is a line of no price on the order', () => {
    const line = { line: 1, stockCode: '22111', quantity: 1, unitPrice: 0, amount: 0, at: '', text: '' };
    expect(kindOf({ ...line, invoiceNo: '1', customerId: '7' })).toBe('sale');
  });
});
