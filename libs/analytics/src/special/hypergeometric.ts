/** Terms below this share of the sum no longer change it (`domain.md §13.1`). */
const NEGLIGIBLE = 1e-15;
const MAX_TERMS = 100_000;

/**
 * Gauss's ₂F₁(a, b; c; z) by its series, for 0 ≤ z < 1 (`domain.md §13.1`). Null when 100 000 terms do
 * not settle it: z is then within about 1e−4 of 1, where nothing that a shop asks about lies.
 */
export const hypergeometric = (a: number, b: number, c: number, z: number): number | null => {
  let term = 1;
  let sum = 1;
  for (let j = 1; j <= MAX_TERMS; j++) {
    term *= ((a + j - 1) * (b + j - 1) * z) / ((c + j - 1) * j);
    sum += term;
    if (Math.abs(term) < NEGLIGIBLE * Math.abs(sum)) return sum;
  }
  return null;
};
