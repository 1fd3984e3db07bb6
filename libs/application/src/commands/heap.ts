/** What stands first of many, by an order that does not change while they are in it. */
export class Heap<T> {
  #entries: T[] = [];

  constructor(private readonly isBefore: (one: T, other: T) => boolean) {}

  get size(): number {
    return this.#entries.length;
  }

  first(): T | undefined {
    return this.#entries[0];
  }

  push(entry: T): void {
    const entries = this.#entries;
    let at = entries.push(entry) - 1;
    while (at > 0) {
      const above = (at - 1) >>> 1;
      const other = entries[above];
      if (other === undefined || !this.isBefore(entry, other)) break;
      entries[at] = other;
      at = above;
    }
    entries[at] = entry;
  }

  pop(): T | undefined {
    const [first] = this.#entries;
    const last = this.#entries.pop();
    if (last !== undefined && this.#entries.length > 0) this.#sink(last, 0);
    return first;
  }

  /** Leaves those that hold, in time proportional to all. */
  retain(holds: (entry: T) => boolean): void {
    this.#entries = this.#entries.filter(holds);
    for (let at = (this.#entries.length >>> 1) - 1; at >= 0; at--) {
      const entry = this.#entries[at];
      if (entry !== undefined) this.#sink(entry, at);
    }
  }

  #sink(entry: T, from: number): void {
    const entries = this.#entries;
    let at = from;
    for (;;) {
      let below = 2 * at + 1;
      let next = entries[below];
      if (next === undefined) break;
      const right = entries[below + 1];
      if (right !== undefined && this.isBefore(right, next)) {
        below += 1;
        next = right;
      }
      if (!this.isBefore(next, entry)) break;
      entries[at] = next;
      at = below;
    }
    entries[at] = entry;
  }
}
