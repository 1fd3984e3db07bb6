const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const twoPlaces = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** A whole number in groups of three: 39,357. */
export const count = (value: number): string => grouped.format(value);

/** Minor units of a currency with two places: 572340 → 5,723.40. */
export const money = (minor: number): string => twoPlaces.format(minor / 100).replace('-', '−');

/** Items a second, for a note beside a bar. */
export const rate = (done: number, sinceMs: number): string =>
  `${count((done * 1_000) / Math.max(1, performance.now() - sinceMs))}/s`;

/** `n` things: 1 fact, 2 facts. */
export const counted = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;
