import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fact, toNewEvent } from '@afecto/domain';
import type { EventText } from '@afecto/event-store';
import fc from 'fast-check';
import { arbitraryFactOf } from '../../../domain/src/facts/arbitrary';
import { partOf, partsFor, Spill, spilledFacts } from './spill';

const folder = mkdtempSync(join(tmpdir(), 'afecto-spill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'build');

const RECORDED_AT = 1_700_000_000_000;

const textOf = (fact: Fact, index: number): EventText => {
  const { id, type, data, metadata } = toNewEvent(fact);
  return {
    id,
    type,
    streamId: fact.streamId,
    revision: 0,
    position: BigInt(index + 1),
    recordedAt: RECORDED_AT,
    data: JSON.stringify(data),
    metadata: JSON.stringify(metadata),
  };
};

const factsIn = (spill: Spill, part: number): ReadonlyArray<Fact> =>
  [...spilledFacts(file, spill.part(part))].flat().flatMap(({ fact }) => fact ?? []);

const idsIn = (spill: Spill, part: number): ReadonlyArray<string> => factsIn(spill, part).map(({ eventId }) => eventId);

describe('a spilled log', () => {
  it('gives back each fact as it was, in the order of the log', () => {
    fc.assert(
      fc.property(fc.array(arbitraryFactOf(), { maxLength: 30 }), (facts) => {
        const spill = new Spill(file, 1);
        facts.map(textOf).forEach((text) => spill.add(0, text));
        const read = [...spilledFacts(file, spill.part(0))].flat();
        expect(read).toEqual(
          facts.map((fact, index) => ({
            position: index + 1,
            occurredAt: fact.occurredAt,
            subjects: fact.subjects,
            fact: { ...fact, recordedAt: RECORDED_AT },
          })),
        );
        spill.close();
      }),
      { numRuns: 30 },
    );
  });

  it('keeps parts apart, those in memory and those that went to the file, and leaves no file behind', () => {
    const facts = fc.sample(arbitraryFactOf(), { numRuns: 1_500, seed: 3 });
    const texts = facts.map(textOf);
    const spill = new Spill(file, 3);
    const expected: string[][] = [[], [], []];
    texts.forEach((text, index) => {
      const part = index % 50 === 0 ? 2 : index % 2;
      spill.add(part, text);
      expected[part]?.push(text.id);
    });
    expect(existsSync(file)).toBe(true);
    expect(spill.part(2).pieces).toEqual([]);
    expect([0, 1, 2].map((part) => idsIn(spill, part))).toEqual(expected);
    spill.close();
    expect(existsSync(file)).toBe(false);
  });

  it('takes an event larger than a piece, of characters that take three bytes each', () => {
    const [fact] = fc.sample(arbitraryFactOf(), { numRuns: 1, seed: 3 });
    if (fact === undefined) throw new Error('no fact');
    const large = { ...textOf(fact, 0), data: JSON.stringify({ text: '\u20ac'.repeat(100_000) }) };
    const spill = new Spill(file, 1);
    for (const text of [textOf(fact, 0), large, textOf(fact, 2)]) spill.add(0, text);
    const read = factsIn(spill, 0);
    expect(read.map(({ data }) => JSON.stringify(data).length)).toEqual(
      [textOf(fact, 0), large, textOf(fact, 2)].map(({ data }) => data.length),
    );
    spill.close();
  });
});

describe('parts', () => {
  it.each([
    [0, 1],
    [2_000, 1],
    [2_001, 2],
    [1_000_000_000, 4_096],
  ])('of a log of %d events are %d', (events, parts) => {
    expect(partsFor(events)).toBe(parts);
  });

  it('share parties out evenly', () => {
    const counts = new Array<number>(8).fill(0);
    for (let party = 0; party < 8_000; party++) {
      const part = partOf(`c-${party}`, 8);
      counts[part] = (counts[part] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
