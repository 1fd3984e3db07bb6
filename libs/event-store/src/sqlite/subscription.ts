import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SubscribeOptions, SubscriptionMessage } from '../port';
import { StoreClosedError } from '../store-errors';
import type { CommitSignal } from './commit-signal';
import type { LogReader } from './log-reader';
import { DEFAULT_PAGE_SIZE, toInteger } from './read-pages';

/** How often a store that another process writes is asked for news, in milliseconds. */
const POLL_MS = 50;

/** Waits for a commit of this process, an abort, or (when another process writes) the next look. */
const nextCommit = (signal: CommitSignal, abort: AbortSignal | undefined, polls: boolean): Promise<void> =>
  new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const wake = (): void => {
      withdraw();
      abort?.removeEventListener('abort', wake);
      clearTimeout(timer);
      resolve();
    };
    const withdraw = signal.onNext(wake);
    abort?.addEventListener('abort', wake);
    if (polls) timer = setTimeout(wake, POLL_MS);
    if (abort?.aborted === true || signal.closed) wake();
  });

/**
 * Catch-up, then live. There is no seam: always the committed rows after the last position looked at
 * are read, and the commit signal only says when looking is worth while, so nothing is lost or
 * doubled. A slow consumer holds the reading back, because it is the consumer who asks for the next
 * page. Closing the store ends the subscription normally.
 *
 * @param polls another process writes: no signal comes, look every 50 ms
 */
export async function* subscription(
  reader: LogReader,
  commits: CommitSignal,
  polls: boolean,
  { after = 0n, pageSize = DEFAULT_PAGE_SIZE, signal, ...filter }: SubscribeOptions,
): AsyncGenerator<SubscriptionMessage, void, void> {
  if (commits.closed) throw new StoreClosedError(reader.file);
  let looked = Math.max(0, toInteger(after));
  let announced = -1;
  const ended = (): boolean => commits.closed || signal?.aborted === true;
  while (!ended()) {
    const head = reader.head();
    if (looked < head) {
      const page = reader.page({
        ...filter,
        direction: 'forwards',
        after: looked,
        to: head,
        limit: Math.max(1, pageSize),
      });
      looked = page.looked;
      // fault point: a subscription has read a page
      if (page.events.length > 0) yield { kind: 'events', events: page.events };
    }
    if (ended()) return;
    if (looked < head) {
      await nextTurn();
      continue;
    }
    if (looked !== announced) {
      announced = looked;
      yield { kind: 'caughtUp', position: BigInt(looked) };
    }
    // fault point: a subscription is about to wait
    // The consumer may have kept the last page for long: look again before waiting.
    if (!ended() && reader.head() <= looked) await nextCommit(commits, signal, polls);
  }
}
