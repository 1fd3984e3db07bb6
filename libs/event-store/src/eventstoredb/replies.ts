import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ClientReadableStream } from '@grpc/grpc-js';
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb';

/** One to hear of the next bytes, one until they are messages. */
const TURNS = 2;

/**
 * Messages of one `Streams/Read` call, taken when they are wanted: what is not taken stays with the
 * server, because the call's buffer is bounded and HTTP/2 holds the sender back.
 */
export class Replies {
  #ended = false;
  #error: Error | null = null;
  #wake: (() => void) | null = null;

  constructor(readonly call: ClientReadableStream<ReadResp>) {
    call.on('readable', () => this.#wake?.());
    call.on('end', () => this.#end(null));
    call.on('error', (error: Error) => this.#end(error));
  }

  /** The next message that is here already. */
  take(): ReadResp | null {
    const message: unknown = this.call.read();
    // The stream's declarations know nothing of its messages; the stub decodes nothing else.
    return message === null ? null : (message as ReadResp);
  }

  /** Whether the next turns of the event loop bring more: the call's own buffer holds but a few messages. */
  async moreAtOnce(): Promise<boolean> {
    for (let turn = 0; turn < TURNS && this.call.readableLength === 0; turn++) await nextTurn();
    return this.call.readableLength > 0;
  }

  /**
   * Waits until it is worth while to `take` again (`more`; there may be nothing after all), for the end,
   * or for `milliseconds` of silence. Rejects with the error of the call. An abort is `more`.
   */
  async wait(milliseconds: number, signal?: AbortSignal): Promise<'more' | 'ended' | 'silent'> {
    let silent = false;
    if (this.call.readableLength === 0 && !this.#ended && this.#error === null)
      silent = await new Promise<boolean>((resolve) => {
        const settle = (timedOut: boolean): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', wake);
          this.#wake = null;
          resolve(timedOut);
        };
        const wake = (): void => settle(false);
        const timer = setTimeout(() => settle(true), milliseconds);
        this.#wake = wake;
        signal?.addEventListener('abort', wake);
        if (signal?.aborted === true) wake();
      });
    if (this.call.readableLength > 0) return 'more';
    if (this.#error !== null) throw this.#error;
    if (this.#ended) return 'ended';
    return silent ? 'silent' : 'more';
  }

  /** Ends the call; what is under way is dropped. */
  cancel(): void {
    this.call.cancel();
  }

  #end(error: Error | null): void {
    if (error === null) this.#ended = true;
    else this.#error ??= error;
    this.#wake?.();
  }
}
