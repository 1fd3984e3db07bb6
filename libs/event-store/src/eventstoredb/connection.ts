import { StoreClosedError } from '../store-errors';
import { type ClientDoor, openClientDoor } from './client-door';
import { messageOf, spoilsConnection } from './server-failure';

/** One client at a time; a client that has failed is thrown away whole and another one made. */
export class Connection {
  #door: ClientDoor | null = null;
  #closed = false;
  readonly #onClose = new Set<() => void>();

  /** @param name the server as messages name it, without credentials */
  constructor(
    readonly url: string,
    readonly name: string,
  ) {}

  get closed(): boolean {
    return this.#closed;
  }

  /** The client in use. Throws `StoreClosedError` after `close`. */
  door(): ClientDoor {
    if (this.#closed) throw new StoreClosedError(this.name);
    return (this.#door ??= openClientDoor(this.url));
  }

  /** Throws the client away, unless that has been done already; calls under way on it end. */
  discard(door: ClientDoor): void {
    if (this.#door === door) this.#door = null;
    door.dispose();
  }

  /** After a failed call: throws the client away when it may be the cause. */
  failed(door: ClientDoor, error: unknown): void {
    if (spoilsConnection(error)) this.discard(door);
  }

  /** Calls back once, when the connection closes; returns how to withdraw. */
  onClose(listener: () => void): () => void {
    this.#onClose.add(listener);
    return () => this.#onClose.delete(listener);
  }

  close(): void {
    this.#closed = true;
    for (const listener of [...this.#onClose]) listener();
    this.#door?.dispose();
    this.#door = null;
  }

  /** An error as the store's own, when the reason is that it was closed. */
  explained(error: unknown): Error {
    if (this.#closed) return new StoreClosedError(this.name);
    return error instanceof Error ? error : new Error(messageOf(error));
  }
}
