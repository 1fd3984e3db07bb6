import type { EncodedLog } from '@afecto/event-store';
import type { RecordSource } from '../record-source';
import { LinkIndex } from './link-index';
import { linkTo } from './link-rules';

/** How long after a commit the index follows when nobody asks: appends in a row share the work. */
const FOLLOW_AFTER_MS = 250;
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
      else setTimeout(follow, FOLLOW_AFTER_MS).unref();
    });
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
