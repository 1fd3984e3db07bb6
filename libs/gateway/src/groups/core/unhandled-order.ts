import { LinkedList, type ListNode } from './linked-list';

/** Where an event stands among those that a group has received and not yet finished with. */
export interface Received {
  /** 1 is the first event since the group started. */
  readonly sequence: number;
  /** Event number (a stream) or position (`$all`). */
  readonly place: bigint;
  /** Place of whatever was received just before; null: nothing was. */
  readonly before: bigint | null;
}

export type ReceivedNode = ListNode<Received>;

/** Everything up to here, and how many steps that is since the group started. */
export interface Frontier {
  readonly sequence: number;
  /** Null: nothing is behind the group yet. */
  readonly place: bigint | null;
}

/**
 * Knows the highest place below everything that is still to be handled. Its memory is that of the
 * unhandled events only, however far the others have run ahead of the oldest.
 */
export class UnhandledOrder {
  private readonly unhandled = new LinkedList<Received>();
  private sequence = 0;

  constructor(private last: bigint | null) {}

  /** Place of the last event received or passed over; null: none. */
  get lastPlace(): bigint | null {
    return this.last;
  }

  get size(): number {
    return this.unhandled.size;
  }

  received(place: bigint): ReceivedNode {
    this.sequence += 1;
    const node = this.unhandled.append({ sequence: this.sequence, place, before: this.last });
    this.last = place;
    return node;
  }

  /** Everything up to `place` was looked at and concerns nobody. */
  passed(place: bigint): void {
    if (this.last !== null && place <= this.last) return;
    this.sequence += 1;
    this.last = place;
  }

  handled(node: ReceivedNode): void {
    this.unhandled.remove(node);
  }

  frontier(): Frontier {
    const lowest = this.unhandled.head?.value;
    return lowest === undefined
      ? { sequence: this.sequence, place: this.last }
      : { sequence: lowest.sequence - 1, place: lowest.before };
  }
}
