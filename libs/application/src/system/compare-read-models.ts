import { createHash } from 'node:crypto';
import type { ReadModels } from '@afecto/read-models';

/** One place at which two read models differ; null where one has nothing there. */
export interface Difference {
  readonly live: string | null;
  readonly rebuilt: string | null;
}

export interface Comparison {
  readonly equal: boolean;
  /** Rows looked at. */
  readonly lines: number;
  /** SHA-256 over the lines that both have. */
  readonly hash: string;
  readonly differences: number;
  /** The first of them. */
  readonly first: ReadonlyArray<Difference>;
}

const SHOWN = 20;
/** How far ahead a line is looked for that only one of the two has. */
const LOOK = 200;

/** Lines with a look ahead. */
class Lines {
  readonly #lines: AsyncIterator<string>;
  readonly #ahead: string[] = [];

  /** `tables`: only rows of these; default all. */
  constructor(
    lines: AsyncIterable<string>,
    private readonly tables?: ReadonlyArray<string>,
  ) {
    this.#lines = lines[Symbol.asyncIterator]();
  }

  async peek(count: number): Promise<ReadonlyArray<string>> {
    while (this.#ahead.length < count) {
      const next = await this.#lines.next();
      if (next.done === true) break;
      const table = next.value.slice(0, next.value.indexOf(' '));
      if (this.tables === undefined || this.tables.includes(table)) this.#ahead.push(next.value);
    }
    return this.#ahead;
  }

  async next(): Promise<string | null> {
    await this.peek(1);
    return this.#ahead.shift() ?? null;
  }
}

/**
 * Compares two read models line by line in canonical order; memory stays flat. `everything` of the same
 * version at the same position and instant must be equal; `decisions` leaves out version and arrival.
 */
export const compareReadModels = async (
  live: ReadModels,
  rebuilt: ReadModels,
  what: 'everything' | 'decisions' = 'everything',
  tables?: ReadonlyArray<string>,
): Promise<Comparison> => {
  const [ours, theirs] = [new Lines(live.dump(what), tables), new Lines(rebuilt.dump(what), tables)];
  const hash = createHash('sha256');
  const first: Difference[] = [];
  let differences = 0;
  const differ = (difference: Difference): void => {
    differences += 1;
    if (first.length < SHOWN) first.push(difference);
  };
  for (let lines = 0; ; lines++) {
    const [a, b] = [await ours.next(), await theirs.next()];
    if (a === null && b === null)
      return { equal: differences === 0, lines, hash: hash.digest('hex'), differences, first };
    if (a === b) {
      hash.update(`${a ?? ''}\n`);
      continue;
    }
    // A line that only one of them has is passed over there; otherwise the two lines stand in each other's place.
    const inTheirs = a === null ? -1 : (await theirs.peek(LOOK)).indexOf(a);
    const inOurs = b === null ? -1 : (await ours.peek(LOOK)).indexOf(b);
    if (inTheirs >= 0 && (inOurs < 0 || inTheirs <= inOurs)) {
      differ({ live: null, rebuilt: b });
      for (let passed = 0; passed < inTheirs; passed++) differ({ live: null, rebuilt: await theirs.next() });
      await theirs.next();
      hash.update(`${a ?? ''}\n`);
    } else if (inOurs >= 0) {
      differ({ live: a, rebuilt: null });
      for (let passed = 0; passed < inOurs; passed++) differ({ live: await ours.next(), rebuilt: null });
      await ours.next();
      hash.update(`${b ?? ''}\n`);
    } else differ({ live: a, rebuilt: b });
  }
};
