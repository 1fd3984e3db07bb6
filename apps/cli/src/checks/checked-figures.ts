/** One line of a table. */
export type Row = Readonly<Record<string, string | number | null>>;

/** Tables by what they say, the same from the system and from SQL. */
export type CheckedFigures = Readonly<Record<string, ReadonlyArray<Row>>>;

/** A value that the two sides give differently; `null` also where one has none. */
export interface Difference {
  readonly figure: string;
  readonly row: number;
  readonly field: string;
  readonly system: string | number | null;
  readonly sql: string | number | null;
}

export interface Agreement {
  readonly figure: string;
  /** How many values there are to compare: the more of the two sides. */
  readonly values: number;
  readonly differences: ReadonlyArray<Difference>;
}

/** Quotients may differ in their last bits; counts and money are whole and may not differ at all. */
const LAST_BITS = 1e-12;

const same = (one: string | number | null, other: string | number | null): boolean =>
  one === other ||
  (typeof one === 'number' &&
    typeof other === 'number' &&
    !(Number.isInteger(one) && Number.isInteger(other)) &&
    Math.abs(one - other) <= LAST_BITS * Math.max(Math.abs(one), Math.abs(other)));

const fieldsOf = (...rows: ReadonlyArray<Row | undefined>): ReadonlyArray<string> => [
  ...new Set(rows.flatMap((row) => Object.keys(row ?? {}))),
];

/** Compares both sides value by value, row by row in their order. */
export const agreementsOf = (system: CheckedFigures, sql: CheckedFigures): ReadonlyArray<Agreement> =>
  [...new Set([...Object.keys(system), ...Object.keys(sql)])].map((figure) => {
    const [ours, theirs] = [system[figure] ?? [], sql[figure] ?? []];
    const differences: Difference[] = [];
    let values = 0;
    for (let row = 0; row < Math.max(ours.length, theirs.length); row += 1)
      for (const field of fieldsOf(ours[row], theirs[row])) {
        const [one, other] = [ours[row]?.[field] ?? null, theirs[row]?.[field] ?? null];
        values += 1;
        if (!same(one, other)) differences.push({ figure, row, field, system: one, sql: other });
      }
    return { figure, values, differences };
  });
