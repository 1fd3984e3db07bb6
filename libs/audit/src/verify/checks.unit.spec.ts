import { randomUUID } from 'node:crypto';
import { CausationCheck } from './causation-check';
import { type CheckedRecord, OrderCheck } from './order-check';

const AT = Date.UTC(2025, 2, 1);
const record = (more: Partial<CheckedRecord> = {}): CheckedRecord => ({
  id: randomUUID(),
  type: 'Noted',
  streamId: 'notes',
  revision: 0,
  position: 1n,
  recordedAt: AT,
  isJson: true,
  data: Buffer.from('{}'),
  metadata: Buffer.from('{}'),
  ...more,
});

describe('the order of a log', () => {
  const first = record();
  const second = record({ position: 2n, revision: 1, recordedAt: AT + 1 });

  it('is right when positions, revisions and instants follow each other', () => {
    const check = new OrderCheck({ isDense: true });
    expect(
      [first, second, record({ position: 3n, streamId: 'other', recordedAt: AT + 1 })].map((r) => check.next(r)),
    ).toEqual([null, null, null]);
    expect(check.streams).toBe(2);
  });

  it.each([
    ['a position again', record({ position: 2n, revision: 2, recordedAt: AT + 1 }), 'does not follow position 2'],
    ['a position left out', record({ position: 4n, revision: 2, recordedAt: AT + 1 }), 'position 3 is missing'],
    [
      'a revision left out',
      record({ position: 3n, revision: 3, recordedAt: AT + 1 }),
      'has revision 3 of notes, expected 2',
    ],
    [
      'a stream that begins in its middle',
      record({ position: 3n, revision: 1, streamId: 'x', recordedAt: AT + 1 }),
      'expected 0',
    ],
    [
      'a back-dated event',
      record({ position: 3n, revision: 2, recordedAt: AT }),
      'was recorded at 2025-03-01T00:00:00.000Z',
    ],
    ['a broken checksum', record({ position: 3n, revision: 2, recordedAt: AT + 1, isSound: false }), 'its checksum'],
  ])('is broken by %s', (_, third, why) => {
    const check = new OrderCheck({ isDense: true });
    for (const each of [first, second]) check.next(each);
    expect(check.next(third)).toContain(why);
  });

  it('has gaps between positions where a server gives them so', () => {
    const check = new OrderCheck({ isDense: false });
    expect([first, { ...second, position: 400n }].map((each) => check.next(each))).toEqual([null, null]);
  });
});

describe('causes', () => {
  const cause = randomUUID();
  const effect = (position: bigint, causationId: string): CheckedRecord =>
    record({ position, metadata: Buffer.from(JSON.stringify({ causationId })) });

  it('lie before their effects, near or far, or in no place of this log', async () => {
    const check = new CausationCheck(async (id) => (id === cause ? 2n : null));
    const near = record();
    expect(await check.next(near)).toBeNull();
    expect(await check.next(effect(9n, near.id))).toBeNull();
    expect(await check.next(effect(10n, cause))).toBeNull();
    expect(await check.next(effect(11n, randomUUID()))).toBeNull();
    expect(await check.next(effect(12n, 'somebody else’s id'))).toBeNull();
    expect(check.found).toBe(2);
  });

  it('behind their effect, or in it, are found', async () => {
    const check = new CausationCheck(async () => 20n);
    expect(await check.next(effect(10n, cause))).toBe(
      `names event ${cause} as its cause, which lies behind it at position 20`,
    );
    expect(await check.next(effect(20n, cause))).toContain('behind it');
  });
});
