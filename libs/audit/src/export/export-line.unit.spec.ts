import type { EncodedRecord } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import fc from 'fast-check';
import { LeafEncoder } from '../leaf/leaf-bytes';
import { exportLine, readExportLine } from './export-line';

const encoder = new LeafEncoder();

const given = (more: Partial<EncodedRecord> = {}): EncodedRecord => ({
  id: '6fa459ea-ee8a-3ca4-894e-db77e160355e',
  type: 'OrderPlaced',
  streamId: 'order-1',
  revision: 0,
  position: 7n,
  recordedAt: Date.UTC(2025, 2, 10, 12),
  isJson: true,
  data: Buffer.from('{"orderId":"1"}'),
  metadata: Buffer.from('{"occurredAt":"2025-03-01T10:00:00.000Z","subjects":["ana"],"source":"shop"}'),
  ...more,
});
const lineOf = (record: EncodedRecord): string =>
  exportLine({ record, leaf: { index: 6, hash: encoder.hash(record) } });

/** JSON as other programs write it: blanks, doubled members, numbers in another form, keys that are numbers. */
const oddJson = fc.constantFrom(
  '{ "a": 1 }',
  '{"a":1,\n"a":2}',
  '1.0',
  '-0',
  '1e3',
  '{"2":1,"1":2}',
  '{"__proto__":1}',
  '"\\ud800"',
  '"\\u0041"',
  '"\u2028"',
  '12345678901234567890',
);
const contents = fc.oneof(
  fc.json().map((text) => Buffer.from(text)),
  oddJson.map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
);
const records = fc.record({
  id: fc.uuid(),
  type: fc.string({ minLength: 1, unit: 'binary' }),
  streamId: fc.string({ minLength: 1, unit: 'binary' }),
  revision: fc.nat(),
  position: fc.bigInt({ min: 1n, max: 2n ** 50n }),
  recordedAt: fc.nat({ max: Date.UTC(2200, 0) }),
  isJson: fc.boolean(),
  data: contents,
  metadata: fc.oneof(
    contents,
    fc
      .record({ occurredAt: fc.string(), subjects: fc.array(fc.string()), source: fc.string() })
      .map((value) => Buffer.from(JSON.stringify(value))),
  ),
});

describe('a line of an export', () => {
  it('is a CloudEvent whose names are legal', () => {
    const event: Record<string, unknown> = JSON.parse(lineOf(given()));
    expect(event).toMatchObject({
      specversion: '1.0',
      id: given().id,
      source: 'shop',
      type: 'OrderPlaced',
      subject: 'ana',
      time: '2025-03-01T10:00:00.000Z',
      datacontenttype: 'application/json',
      afectostream: 'order-1',
      afectorevision: '0',
      afectoposition: '7',
      afectorecorded: '2025-03-10T12:00:00.000Z',
      afectoindex: '6',
      data: { orderId: '1' },
    });
    const { data: _, ...attributes } = event;
    for (const [name, value] of Object.entries(attributes)) {
      expect(name).toMatch(/^[a-z0-9]{1,20}$/);
      expect(typeof value).toBe('string');
    }
  });

  it('gives back every byte of any event, so that its leaf is the same', () => {
    let asBytes = 0;
    fc.assert(
      fc.property(records, (record) => {
        const line = lineOf(record);
        expect(line).not.toContain('\n');
        const read = readExportLine(line);
        if (E.isLeft(read)) throw new Error(JSON.stringify(read.left));
        expect(read.right.record).toEqual(record);
        expect(encoder.hash(read.right.record)).toBe(read.right.leaf?.hash);
        asBytes += line.includes('"data_base64"') ? 1 : 0;
      }),
      { numRuns: 300 },
    );
    expect(asBytes).toBeGreaterThan(20);
  });

  const line = lineOf(given());
  const changed: ReadonlyArray<readonly [string, string, string]> = [
    ['no JSON', line.slice(1), ''],
    ['another version of CloudEvents', line.replace('"1.0"', '"0.3"'), 'specversion'],
    ['an id that is none', line.replace(given().id, 'x'), 'id'],
    ['a subject that its metadata do not name', line.replace('"subject":"ana"', '"subject":"bea"'), 'subject'],
    ['a time that its metadata do not name', line.replace('"time":"2025', '"time":"2024'), 'time'],
    ['a position that is a number', line.replace('"afectoposition":"7"', '"afectoposition":7'), 'afectoposition'],
    ['a hash that is none', line.replace(/"afectoleaf":"../, '"afectoleaf":"'), 'afectoleaf'],
    ['an attribute more', line.replace('{', '{"more":"1",'), 'more'],
    ['a blank more', line.replace(',', ', '), ''],
    [
      'its data as bytes without need',
      line.replace('"data":{"orderId":"1"}', `"data_base64":"${Buffer.from('{"orderId":"1"}').toString('base64')}"`),
      'data',
    ],
  ];
  it.each(changed)('with %s is refused, and the attribute named', (_, text, field) => {
    expect(readExportLine(text)).toMatchObject({ left: { field } });
  });
});
