import type { EncodedLog } from '@afecto/event-store';
import type { RecordSource } from '../record-source';
import { LinkIndex } from './link-index';
import { linkTo } from './link-rules';

/** How long the log must be quiet before the index follows when nobody asks: it must not slow appends down. */
const QUIET_MS = 250;
/** So many missing events are followed though appends go on: a reader adds the rest in some 20 ms. */
const MISSING_AT_MOST = 5_000;
/** A reader waits for the index as long as this many events are missing, about a tenth of a second. */
const EVENTS_AT_ONCE = 20_000;

/**
 * The computed `$ce-` and `$et-` streams (`eventstoredb-protocol` 3.7). The index follows the log in
 * the background; a reader brings it up to date first, unless it is far behind (a first start on a
 * large log): then it reads what is there, as with the server's own projections. Ends with the store.
 *
 * @param file the index, `:memory:` to keep none
 */
export const virtualStreams = (encoded: EncodedLog, file: string): ((virtualStream: string) => RecordSource) => {
  const index = new LinkIndex(encoded, file);

  const follow = (): void => {
    if (encoded.closed()) return index.close();
    try {
      index.follow();
    } catch {
      // Whoever reads a computed stream next tries again and meets the error; appends go on without.
      return rest();
    }
    if (index.lag() > 0) setImmediate(follow).unref();
    else rest();
  };
  const rest = (): void => {
    encoded.onNextCommit(() => {
      if (encoded.closed()) index.close();
      else followWhenQuiet(0);
    });
  };
  /** @param before events that were missing at the last look */
  const followWhenQuiet = (before: number): void => {
    const look = (): void => {
      if (encoded.closed()) return index.close();
      const lag = index.lag();
      if (lag === before || lag >= MISSING_AT_MOST) follow();
      else followWhenQuiet(lag);
    };
    setTimeout(look, QUIET_MS).unref();
  };
  setImmediate(follow).unref();

  const catchUp = (): void => {
    const lag = index.lag();
    if (lag > EVENTS_AT_ONCE) return;
    while (index.lag() > 0) index.follow();
  };

  return (virtualStream) => ({
    last: () => {
      catchUp();
      return index.last(virtualStream);
    },
    read: (direction, from, to, limit) => {
      const links = index.links(virtualStream, direction, from, to, limit);
      const sources = encoded.at(links.map(({ position }) => position));
      return sources.map((source, at) => linkTo(source, virtualStream, links[at]?.number ?? 0));
    },
    isSettled: () => index.lag() === 0,
  });
};
