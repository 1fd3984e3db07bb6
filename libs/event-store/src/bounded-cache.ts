interface Entry<K, V> {
  readonly key: K;
  value: V;
  weight: number;
  /** Used after and before this one; null at the ends. */
  newer: Entry<K, V> | null;
  older: Entry<K, V> | null;
}

export interface BoundedCacheOptions<K, V> {
  /** What an entry weighs when it is set; default 1. */
  readonly weigh?: (value: V) => number;
  /** Called with each entry that makes room for others, not with those that are deleted or replaced. */
  readonly onEvicted?: (key: K, value: V) => void;
}

const one = (): number => 1;

/**
 * A map that keeps the entries used last, up to `capacity` of weight together, and at least one. They hang
 * together in the order of their use, so that nothing ever asks a `Map` for its oldest key, which walks over
 * all that were deleted before it.
 */
export class BoundedCache<K, V> {
  readonly #entries = new Map<K, Entry<K, V>>();
  #newest: Entry<K, V> | null = null;
  #oldest: Entry<K, V> | null = null;
  #weight = 0;
  readonly #weigh: (value: V) => number;
  readonly #onEvicted: ((key: K, value: V) => void) | null;

  constructor(
    readonly capacity: number,
    { weigh = one, onEvicted }: BoundedCacheOptions<K, V> = {},
  ) {
    this.#weigh = weigh;
    this.#onEvicted = onEvicted ?? null;
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#use(entry);
    return entry.value;
  }

  set(key: K, value: V): void {
    const known = this.#entries.get(key);
    const weight = this.#weigh(value);
    if (known !== undefined) {
      this.#weight += weight - known.weight;
      known.value = value;
      known.weight = weight;
      this.#use(known);
    } else {
      const entry: Entry<K, V> = { key, value, weight, newer: null, older: null };
      this.#entries.set(key, entry);
      this.#weight += weight;
      this.#append(entry);
    }
    this.#makeRoom();
  }

  delete(key: K): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) this.#remove(entry);
  }

  clear(): void {
    this.#entries.clear();
    this.#newest = this.#oldest = null;
    this.#weight = 0;
  }

  #makeRoom(): void {
    for (;;) {
      const oldest = this.#oldest;
      if (oldest === null || this.#weight <= this.capacity || oldest === this.#newest) return;
      this.#remove(oldest);
      this.#onEvicted?.(oldest.key, oldest.value);
    }
  }

  #use(entry: Entry<K, V>): void {
    if (entry === this.#newest) return;
    this.#unhook(entry);
    this.#append(entry);
  }

  #remove(entry: Entry<K, V>): void {
    this.#unhook(entry);
    this.#entries.delete(entry.key);
    this.#weight -= entry.weight;
  }

  #append(entry: Entry<K, V>): void {
    entry.older = this.#newest;
    entry.newer = null;
    if (this.#newest === null) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #unhook({ newer, older }: Entry<K, V>): void {
    if (newer === null) this.#newest = older;
    else newer.older = older;
    if (older === null) this.#oldest = newer;
    else older.newer = newer;
  }
}
