import { LinkedList } from './linked-list';
import type { Message } from './message';

const comesBefore = (left: Message, right: Message): boolean =>
  left.received.value.sequence < right.received.value.sequence;

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

  addRetry(message: Message): void {
    if (message.origin === 'parked') this.replayed.append(message);
    else this.retries.insertSorted(message, comesBefore);
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
