/** Counts what is handed out, by type, and keeps the latest instant. */
export class FactTally {
  readonly #byType = new Map<string, number>();
  #facts = 0;
  #endsAt: string | null = null;

  add({ type, time }: { readonly type: string; readonly time: string }): void {
    this.#facts += 1;
    this.#byType.set(type, (this.#byType.get(type) ?? 0) + 1);
    if (this.#endsAt === null || time > this.#endsAt) this.#endsAt = time;
  }

  count(type: string): number {
    return this.#byType.get(type) ?? 0;
  }

  get facts(): number {
    return this.#facts;
  }

  get endsAt(): string | null {
    return this.#endsAt;
  }

  byType(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#byType].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
