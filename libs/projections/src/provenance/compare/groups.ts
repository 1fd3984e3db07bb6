import type { Fact } from '@afecto/domain';

/**
 * Parties that any merge or separation has ever named together, whenever it is in force: whatever is one
 * customer on one side lies in one group. A party that none names is a group of its own.
 */
export class PartyGroups {
  readonly #heads = new Map<string, string>();
  readonly #members = new Map<string, string[]>();

  constructor(links: ReadonlyArray<Fact>) {
    for (const { subjects } of links) {
      const [first, ...others] = subjects;
      if (first !== undefined) for (const other of others) this.#join(first, other);
    }
  }

  /** Names the group. */
  headOf(partyId: string): string {
    return this.#heads.get(partyId) ?? partyId;
  }

  membersOf(head: string): ReadonlyArray<string> {
    return this.#members.get(head) ?? [head];
  }

  #join(one: string, other: string): void {
    const [head, second] = [this.headOf(one), this.headOf(other)];
    if (head === second) return;
    const [mine, theirs] = [this.membersOf(head), this.membersOf(second)];
    const [larger, smaller] = mine.length >= theirs.length ? [head, second] : [second, head];
    const members = this.#members.get(larger) ?? [larger];
    for (const member of this.membersOf(smaller)) {
      members.push(member);
      this.#heads.set(member, larger);
    }
    this.#members.delete(smaller);
    this.#members.set(larger, members);
    this.#heads.set(larger, larger);
  }
}
