import { setImmediate as nextTurn } from 'node:timers/promises';
import { partsAhead } from './parts-ahead';

const taken = async (parts: AsyncIterable<readonly [number, string]>, into: (readonly [number, string])[]) => {
  for await (const part of parts) {
    into.push(part);
    await nextTurn();
    await nextTurn();
  }
};

describe('parts that are worked on ahead', () => {
  it('come in order, also when later ones are done first', async () => {
    const found: (readonly [number, string])[] = [];
    const work = async (part: number): Promise<string> => {
      for (let turn = part; turn < 20; turn++) await nextTurn();
      return `p${part}`;
    };
    await taken(partsAhead(3, 20, work), found);
    expect(found).toEqual(Array.from({ length: 17 }, (_, index) => [index + 3, `p${index + 3}`]));
  });

  /**
   * A part failed in its thread while rows of an earlier one were written: nobody waited for its answer just then,
   * and Node ended the process for a rejection that nobody had heard of, instead of the build telling what was wrong.
   */
  it('that fail before their turn are heard of in their turn, and by nobody else', async () => {
    const unheard: unknown[] = [];
    const hear = (reason: unknown): void => void unheard.push(reason);
    process.on('unhandledRejection', hear);
    const found: (readonly [number, string])[] = [];
    const work = async (part: number): Promise<string> => {
      if (part === 2) throw new Error('the spill ends too soon');
      return `p${part}`;
    };
    await expect(taken(partsAhead(0, 9, work), found)).rejects.toThrow('the spill ends too soon');
    process.off('unhandledRejection', hear);
    expect(found).toEqual([
      [0, 'p0'],
      [1, 'p1'],
    ]);
    expect(unheard).toEqual([]);
  });

  it('are waited for when nobody wants the rest', async () => {
    let underWay = 0;
    const work = async (part: number): Promise<number> => {
      underWay += 1;
      for (let turn = 0; turn < 5 * part; turn++) await nextTurn();
      underWay -= 1;
      return part;
    };
    for await (const [part] of partsAhead(0, 9, work)) if (part === 1) break;
    expect(underWay).toBe(0);
  });
});
