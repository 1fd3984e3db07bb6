import { LinkedList } from './linked-list';
import type { Message } from './message';

const order = (left: Message, right: Message): number => left.received.value.sequence - right.received.value.sequence;
const comesBefore = (left: Message, right: Message): boolean => order(left, right) < 0;

/** Messages that wait for a consumer: retries in position order, then replayed parked ones, then new events. */
export class Waiting {
  private readonly retries = new LinkedList<Message>();
  private readonly replayed = new LinkedList<Message>();
  private readonly fresh = new LinkedList<Message>();

  get retryCount(): number {
    return this.retries.size + this.replayed.size;
  }

  /** Replayed messages that no consumer has had yet or that wait again. */
  get replayedCount(): number {
    return this.replayed.size;
  }

  get freshCount(): number {
    return this.fresh.size;
  }

  addFresh(message: Message): void {
    this.fresh.append(message);
  }

  addReplayed(message: Message): void {
    this.replayed.append(message);
  }

  addRetries(messages: ReadonlyArray<Message>): void {
    for (const message of messages) if (message.origin === 'parked') this.replayed.append(message);
    const again = messages.filter(({ origin }) => origin === 'source');
    this.retries.mergeSorted(again.toSorted(order), comesBefore);
  }

  /**
   * Offers each message in order. `taken`: it is gone; `passed`: it stays and the next is offered;
   * `stop`: nobody takes anything more.
   */
  offer(take: (message: Message) => 'taken' | 'passed' | 'stop'): void {
    for (const queue of [this.retries, this.replayed, this.fresh]) {
      for (let node = queue.head; node !== null;) {
        const { next } = node;
        const answer = take(node.value);
        if (answer === 'stop') return;
        if (answer === 'taken') queue.remove(node);
        node = next;
      }
    }
  }
}
