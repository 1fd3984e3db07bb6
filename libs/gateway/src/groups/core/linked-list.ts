/** A place in a `LinkedList`; kept by whoever may have to take the value out again. */
export interface ListNode<T> {
  readonly value: T;
  previous: ListNode<T> | null;
  next: ListNode<T> | null;
}

/** A queue in which a value goes in anywhere and comes out anywhere in constant time. */
export class LinkedList<T> {
  private first: ListNode<T> | null = null;
  private last: ListNode<T> | null = null;
  private count = 0;

  get size(): number {
    return this.count;
  }

  get head(): ListNode<T> | null {
    return this.first;
  }

  append(value: T): ListNode<T> {
    return this.insertAfter(this.last, value);
  }

  /** Merges values that are in the order of `isBefore`, as the list is: one way through both, from the tail. */
  mergeSorted(values: ReadonlyArray<T>, isBefore: (left: T, right: T) => boolean): void {
    let left = this.last;
    for (const value of values.toReversed()) {
      while (left !== null && isBefore(value, left.value)) left = left.previous;
      this.insertAfter(left, value);
    }
  }

  /** The node must be in this list. */
  remove(node: ListNode<T>): void {
    if (node.previous === null) this.first = node.next;
    else node.previous.next = node.next;
    if (node.next === null) this.last = node.previous;
    else node.next.previous = node.previous;
    node.previous = null;
    node.next = null;
    this.count -= 1;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let node = this.first; node !== null; node = node.next) yield node.value;
  }

  private insertAfter(left: ListNode<T> | null, value: T): ListNode<T> {
    const node: ListNode<T> = { value, previous: left, next: left === null ? this.first : left.next };
    if (node.previous === null) this.first = node;
    else node.previous.next = node;
    if (node.next === null) this.last = node;
    else node.next.previous = node;
    this.count += 1;
    return node;
  }
}
