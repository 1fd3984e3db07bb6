interface Entry<V> {
  readonly value: V;
  readonly weight: number;
}

const one = (): number => 1;

/**
 * A map that keeps the entries used last: at least those that weigh up to `capacity` together, at most twice
 * as much and one entry. Two generations: a hit in the young one costs a plain look-up, and nothing ever asks a
 * `Map` for its oldest key, which walks over all that were deleted before it.
 */
export class BoundedCache<K, V> {
  #young = new Map<K, Entry<V>>();
  #old = new Map<K, Entry<V>>();
  #weight = 0;

  /** @param weigh as an entry weighs when it is set; default 1 */
  constructor(
    readonly capacity: number,
    private readonly weigh: (value: V) => number = one,
  ) {}

  get(key: K): V | undefined {
    const recent = this.#young.get(key);
    if (recent !== undefined) return recent.value;
    const older = this.#old.get(key);
    if (older === undefined) return undefined;
    this.#take(key, older);
    return older.value;
  }

  set(key: K, value: V): void {
    this.delete(key);
    this.#take(key, { value, weight: this.weigh(value) });
  }

  delete(key: K): void {
    const recent = this.#young.get(key);
    if (recent !== undefined) {
      this.#weight -= recent.weight;
      this.#young.delete(key);
    }
    this.#old.delete(key);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
    this.#weight = 0;
  }

  #take(key: K, entry: Entry<V>): void {
    if (this.#weight + entry.weight > this.capacity && this.#young.size > 0) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#weight = 0;
    }
    this.#young.set(key, entry);
    this.#weight += entry.weight;
  }
}
