import { setImmediate as nextTurn } from 'node:timers/promises';
import { partsAhead, type PartWork } from './parts-ahead';

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await nextTurn();
};

const taken = async (parts: AsyncIterable<readonly [number, string]>, into: (readonly [number, string])[]) => {
  for await (const part of parts) {
    into.push(part);
    await turns(2);
  }
};

type Work = (part: number) => Promise<string>;

/** Where work is done; threads take a few turns of the event loop to answer. */
const PLACES: ReadonlyArray<readonly [string, (work: Work) => PartWork<string>]> = [
  ['here', (work) => ({ here: work, away: null })],
  ['away and here', (work) => ({ here: work, away: { work, atOnce: 3 } })],
];

describe.each(PLACES)('parts that are worked on %s', (_, placed) => {
  it('come in order, each once, also when later ones are done first', async () => {
    const found: (readonly [number, string])[] = [];
    const begun: number[] = [];
    const work = placed(async (part) => {
      begun.push(part);
      await turns(20 - part);
      return `p${part}`;
    });
    await taken(partsAhead(3, 20, work), found);
    expect(found).toEqual(Array.from({ length: 17 }, (_turn, index) => [index + 3, `p${index + 3}`]));
    expect(begun.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 17 }, (_turn, index) => index + 3));
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
    const work = placed(async (part) => {
      if (part === 2) throw new Error('the spill ends too soon');
      return `p${part}`;
    });
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
    const work = placed(async (part) => {
      underWay += 1;
      await turns(5 * part);
      underWay -= 1;
      return `p${part}`;
    });
    for await (const [part] of partsAhead(0, 9, work)) if (part === 1) break;
    expect(underWay).toBe(0);
  });
});

describe('whoever would wait for other threads', () => {
  it('works meanwhile, and is not more than some parts ahead of them', async () => {
    const here: number[] = [];
    let mostAhead = 0;
    let taken = -1;
    const work: PartWork<number> = {
      here: async (part) => {
        here.push(part);
        mostAhead = Math.max(mostAhead, part - taken);
        return part;
      },
      away: {
        atOnce: 2,
        // The first parts keep their threads until as many as may be are done before them.
        work: async (part) => {
          while (part < 2 && here.length < 5) await nextTurn();
          return part;
        },
      },
    };
    const found: number[] = [];
    for await (const [part] of partsAhead(0, 40, work)) {
      taken = part;
      found.push(part);
    }
    expect(found).toEqual(Array.from({ length: 40 }, (_, part) => part));
    expect(here.length).toBeGreaterThanOrEqual(5);
    expect(mostAhead).toBeLessThanOrEqual(8);
  });

  it('does nothing itself while they are done in time', async () => {
    const here: number[] = [];
    const work: PartWork<number> = {
      here: async (part) => {
        here.push(part);
        return part;
      },
      away: { atOnce: 2, work: async (part) => part },
    };
    for await (const _ of partsAhead(0, 40, work)) await turns(3);
    // The very first has nobody before it.
    expect(here.length).toBeLessThanOrEqual(1);
  });
});
