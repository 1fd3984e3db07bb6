import type { Exact } from './exact';

/** Lines of one kind that no fact says. */
export interface UnmappedClass {
  readonly code: string;
  readonly meaning: string;
  readonly lines: number;
  /** Lines of which another part was mapped; they are not among `lines`. */
  readonly parts: number;
  /** Σ of what was not mapped, exact ten-thousandths of the currency unit. */
  readonly amount: Exact;
  /** The first few, with the line number in the input (the header is line 1). */
  readonly examples: ReadonlyArray<{ readonly line: number; readonly text: string }>;
}

const KEPT_EXAMPLES = 3;

interface Row {
  lines: number;
  parts: number;
  amount: Exact;
  positive: Exact;
  negative: Exact;
  readonly examples: { readonly line: number; readonly text: string }[];
}

/** Counts and sums what could not be mapped, class by class; keeps the first examples only. */
export class Unmapped<Code extends string> {
  readonly #meanings: Readonly<Record<Code, string>>;
  readonly #rows = new Map<Code, Row>();

  constructor(meanings: Readonly<Record<Code, string>>) {
    this.#meanings = meanings;
  }

  add(code: Code, line: number, amount: Exact, text: string): void {
    const row = this.#note(code, line, amount, text);
    row.lines += 1;
  }

  /** Part of a line of which the rest is mapped. */
  addPart(code: Code, line: number, amount: Exact, text: string): void {
    const row = this.#note(code, line, amount, text);
    row.parts += 1;
  }

  get lines(): number {
    return this.#sum((row) => row.lines);
  }

  get amount(): Exact {
    return this.#sum((row) => row.amount);
  }

  /** Σ of the amounts above zero. */
  get positive(): Exact {
    return this.#sum((row) => row.positive);
  }

  /** Σ of the amounts below zero. */
  get negative(): Exact {
    return this.#sum((row) => row.negative);
  }

  /** Classes that have lines, in the order of their declaration. */
  classes(): ReadonlyArray<UnmappedClass> {
    const codes = Object.keys(this.#meanings) as Code[];
    return codes.flatMap((code) => {
      const row = this.#rows.get(code);
      if (!row) return [];
      const { lines, parts, amount, examples } = row;
      return [{ code, meaning: this.#meanings[code], lines, parts, amount, examples: [...examples] }];
    });
  }

  #note(code: Code, line: number, amount: Exact, text: string): Row {
    let row = this.#rows.get(code);
    if (!row) {
      row = { lines: 0, parts: 0, amount: 0, positive: 0, negative: 0, examples: [] };
      this.#rows.set(code, row);
    }
    row.amount += amount;
    if (amount > 0) row.positive += amount;
    else row.negative += amount;
    if (row.examples.length < KEPT_EXAMPLES) row.examples.push({ line, text });
    return row;
  }

  #sum(pick: (row: Row) => number): number {
    let total = 0;
    for (const row of this.#rows.values()) total += pick(row);
    return total;
  }
}
