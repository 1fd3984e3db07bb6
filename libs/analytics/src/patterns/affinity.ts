/** Two products bought together, with the counts that the lift rests on. */
export interface Affinity {
  readonly products: readonly [string, string];
  /** Orders with both. */
  readonly support: number;
  readonly orders: readonly [number, number];
  /** P(A∧B) / (P(A)·P(B)): above 1 they go together, below 1 they replace each other. */
  readonly lift: number;
}

/** Orders with both below which a lift is chance (`domain.md §13.5`). */
export const MIN_SUPPORT = 20;

/**
 * Collects which products are ordered together (`domain.md §13.5`). Memory: one count a product and a
 * pair that occurs, so products are product lines where articles are many.
 */
export const affinityTable = () => {
  const indices = new Map<string, number>();
  const alone: number[] = [];
  const together = new Map<number, number>();
  let orders = 0;
  /** Pairs of indices below 2²⁶ keep apart. */
  const PAIRS = 2 ** 26;
  const indexOf = (product: string): number => {
    const known = indices.get(product);
    if (known !== undefined) return known;
    const index = indices.size;
    indices.set(product, index);
    return index;
  };
  return {
    /** Takes the products of one order, in any order and however often. */
    add: (products: Iterable<string>): void => {
      orders += 1;
      const basket = [...new Set(products)].map(indexOf).sort((one, other) => one - other);
      for (const [place, first] of basket.entries()) {
        alone[first] = (alone[first] ?? 0) + 1;
        for (let next = place + 1; next < basket.length; next++) {
          const pair = first * PAIRS + (basket[next] ?? 0);
          together.set(pair, (together.get(pair) ?? 0) + 1);
        }
      }
    },
    orders: (): number => orders,
    /** Pairs with enough support, the highest lift first. */
    rows: (minSupport = MIN_SUPPORT): ReadonlyArray<Affinity> => {
      const names = [...indices.keys()];
      const rows: Affinity[] = [];
      for (const [pair, support] of together) {
        if (support < minSupport) continue;
        const [a, b] = [Math.floor(pair / PAIRS), pair % PAIRS];
        const counts = [alone[a] ?? 0, alone[b] ?? 0] as const;
        const products = [names[a] ?? '', names[b] ?? ''].sort();
        const [first = '', second = ''] = products;
        const isTurned = first !== names[a];
        rows.push({
          products: [first, second],
          support,
          orders: isTurned ? [counts[1], counts[0]] : counts,
          lift: (support * orders) / (counts[0] * counts[1]),
        });
      }
      return rows.sort(
        (one, other) =>
          other.lift - one.lift || (JSON.stringify(one.products) < JSON.stringify(other.products) ? -1 : 1),
      );
    },
  };
};
