import fc from 'fast-check';
import { leafHash } from '../merkle/hash';
import { LeafEncoder, type LeafRecord } from './leaf-bytes';

const ID = '6fa459ea-ee8a-3ca4-894e-db77e160355e';
const given = (more: Partial<LeafRecord> = {}): LeafRecord => ({
  id: ID,
  type: 'Noted',
  streamId: 'notes',
  revision: 258,
  recordedAt: Date.UTC(2025, 2, 10, 12),
  isJson: true,
  data: Buffer.from('{"a":1}'),
  metadata: Buffer.from('{}'),
  ...more,
});
const bytesOf = (record: LeafRecord): Buffer => Buffer.from(new LeafEncoder().bytes(record));

const records: fc.Arbitrary<LeafRecord> = fc.record({
  id: fc.constantFrom(ID, ID.replace('6', '7')),
  type: fc.string({ minLength: 1, maxLength: 4 }),
  streamId: fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }),
  revision: fc.nat(),
  recordedAt: fc.nat({ max: Date.UTC(2100, 0) }),
  isJson: fc.boolean(),
  data: fc.uint8Array({ maxLength: 6 }),
  metadata: fc.uint8Array({ maxLength: 6 }),
});

describe('the bytes of a leaf', () => {
  it('are as the document says, byte for byte', () => {
    expect(bytesOf(given()).toString('hex')).toBe(
      [
        '01',
        Buffer.from(ID).toString('hex'),
        '000001957fed1a00',
        '0000000000000102',
        '01',
        `00000005${Buffer.from('notes').toString('hex')}`,
        `00000005${Buffer.from('Noted').toString('hex')}`,
        `00000007${Buffer.from('{"a":1}').toString('hex')}`,
        `00000002${Buffer.from('{}').toString('hex')}`,
      ].join(''),
    );
  });

  it('are those of one event only, and their hash is that of a leaf', () => {
    const encoder = new LeafEncoder();
    fc.assert(
      fc.property(records, records, (a, b) => {
        const same = JSON.stringify(Object.entries(a).toSorted()) === JSON.stringify(Object.entries(b).toSorted());
        expect(bytesOf(a).equals(bytesOf(b))).toBe(same);
        expect(encoder.hash(a)).toBe(leafHash(encoder.bytes(a)));
      }),
      { numRuns: 200 },
    );
  });

  it('hold content that is larger than any buffer before', () => {
    const data = Buffer.alloc(200_000, 'x');
    expect(
      bytesOf(given({ data }))
        .subarray(-6 - data.length, -6)
        .equals(data),
    ).toBe(true);
  });

  it.each([
    ['the last member of some metadata', '{"a":1,"recordedAt":"2025-03-01T00:00:00.000Z"}', '{"a":1}'],
    ['all of the metadata', '{"recordedAt":"2025-03-01T00:00:00.000Z"}', '{}'],
  ])('of a copied event are those of the first one: the mark is %s', (_, metadata, original) => {
    const first = given({ recordedAt: Date.UTC(2025, 2, 1), metadata: Buffer.from(original) });
    expect(bytesOf(given({ metadata: Buffer.from(metadata) })).equals(bytesOf(first))).toBe(true);
  });

  it.each([
    ['is later than the event came', '{"recordedAt":"2025-03-11T00:00:00.000Z"}'],
    ['is not the last member', '{"recordedAt":"2025-03-01T00:00:00.000Z","a":1}'],
    ['lies deeper', '{"a":{"recordedAt":"2025-03-01T00:00:00.000Z"}}'],
    ['has no such day', '{"recordedAt":"2025-02-30T00:00:00.000Z"}'],
    ['is of another name', '{"a":1,"recordedOn":"2025-03-01T00:00:00.000Z"}'],
  ])('keep a mark that %s', (_, metadata) => {
    expect(bytesOf(given({ metadata: Buffer.from(metadata) })).toString('utf8')).toContain(metadata);
  });
});
